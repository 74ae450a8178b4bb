"""What consent and scope let through on its way to redaction. In memory only."""

from dataclasses import dataclass, field

from recorder.core.events import EventRow
from recorder.core.levels import KeyboardLevel
from recorder.core.scenes import Field


@dataclass(frozen=True, slots=True)
class ScopedEvent:
    """An event in scope, not yet redacted.

    Attributes:
        row: The row as it will be stored, exact time, without `key`, `key_class`,
            `redaction` and `entity` for keys: redaction fills those. Pointer and state
            rows (secure_begin, gap …) are complete.
        char: Character of a printing key, "" otherwise.
        key: pynput's name of a non-text key, "" otherwise.
        keycode: Pairs press and release.
        level: Keyboard level in force here: the consent's, lowered to `class` in an
            unknown field.
        field: What is known about the field.
        field_id: Changes whenever another field takes the focus.
    """

    row: EventRow
    char: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    keycode: int = field(default=0, repr=False)
    level: KeyboardLevel = KeyboardLevel.CLASS
    field: Field = Field.UNKNOWN
    field_id: int = 0
