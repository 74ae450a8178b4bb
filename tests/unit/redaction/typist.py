"""A person who types: makes scoped events, runs them through redaction, reads the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from recorder.core.events import EventRow, Kind, Mods, Redaction
from recorder.core.levels import KeyboardLevel
from recorder.core.scenes import Field
from recorder.core.scoped import ScopedEvent
from recorder.redaction.entities import EntityBook
from recorder.redaction.text import TextRedactor
from recorder.redaction.typed import TypedRedactor

MS = 1_000_000
S = 1_000_000_000
REDACTOR = TextRedactor()


@dataclass
class Typist:
    """Types on a clock of its own; `rows` are those released so far."""

    t_ns: int = 100 * S
    level: KeyboardLevel = KeyboardLevel.TEXT
    field_kind: Field = Field.PLAIN
    field_id: int = 1
    redactor: TypedRedactor = field(
        default_factory=lambda: TypedRedactor(REDACTOR, EntityBook(b"k" * 32))
    )
    rows: list[EventRow] = field(default_factory=list)
    fed: list[ScopedEvent] = field(default_factory=list)
    _codes: dict[str, int] = field(default_factory=dict)

    def type(self, text: str, step_ms: int = 80) -> None:
        """Press and release a key for each character; `\\n` is enter, `\\t` is tab."""
        for char in text:
            if char == "\n":
                self.key("enter")
            elif char == "\t":
                self.key("tab")
            else:
                self.press(char=char, step_ms=step_ms)

    def key(self, name: str, times: int = 1, mods: Mods = Mods.NONE) -> None:
        """Press and release a named key."""
        for _ in range(times):
            self.press(key=name, mods=mods)

    def press(
        self, *, char: str = "", key: str = "", mods: Mods = Mods.NONE, step_ms: int = 80
    ) -> None:
        """Press and release one key, then ask for rows."""
        shift = bool(char) and (char.isupper() or char in '!@#$%^&*()_+{}|:"<>?')
        if shift:
            mods |= Mods.SHIFT
            self._feed(Kind.KEY_DOWN, "", "shift", Mods.NONE)
            self.t_ns += 7 * MS
        self._feed(Kind.KEY_DOWN, char, key, mods)
        self.t_ns += step_ms * MS // 2
        self._feed(Kind.KEY_UP, char, key, mods)
        if shift:
            self._feed(Kind.KEY_UP, "", "shift", mods)
        self.wait(step_ms / 2000)

    def click(self) -> None:
        """Press a mouse button where the field is."""
        self._feed_row(EventRow(self.t_ns, Kind.BUTTON_DOWN, x=5, y=6, button="left"))
        self.wait(0.05)

    def row(self, kind: Kind) -> None:
        """Feed a row that is neither key nor button."""
        self._feed_row(EventRow(self.t_ns, kind))
        self.wait(0.01)

    def wait(self, seconds: float) -> None:
        """Let time pass, asking for rows every 100 ms as the agent does."""
        end_ns = self.t_ns + int(seconds * S)
        while self.t_ns < end_ns:
            self.t_ns = min(end_ns, self.t_ns + 100 * MS)
            self.rows += [row.value for row in self.redactor.release(self.t_ns)]

    def finish(self) -> "Typist":
        """Close everything and take the rest."""
        self.rows += [row.value for row in self.redactor.flush(self.t_ns)]
        return self

    @property
    def shown(self) -> str:
        """What a reader of the rows sees: text, `·` for a class row, `<EMAIL_1>`, {name}."""
        return "".join(map(_shown, (r for r in self.rows if r.kind is Kind.KEY_DOWN)))

    def _feed(self, kind: Kind, char: str, key: str, mods: Mods) -> None:
        row = EventRow(self.t_ns, kind, mods=int(mods), is_repeat=False, window_seq=1)
        code = self._codes.setdefault(char.lower() or key, len(self._codes) + 10)
        self._feed_row(row, char=char, key=key, keycode=code)

    def _feed_row(self, row: EventRow, **said: str | int) -> None:
        event = ScopedEvent(row, level=self.level, field=self.field_kind, field_id=self.field_id)
        event = replace(event, **said)  # type: ignore[arg-type]  # only named fields are given
        self.fed.append(event)
        self.redactor.feed([event])


def _shown(row: EventRow) -> str:
    if row.redaction is Redaction.MASKED:
        return f"<{row.entity}>"
    if row.redaction is Redaction.CLASS:
        return "·"
    if row.key == "space":
        return " "
    if row.key and row.key.startswith("shift"):
        return ""
    return (
        row.key
        if row.key and len(row.key) == 1 and not row.mods
        else f"{{{row.key}}}"
        if len(row.key or "") > 1
        else row.key or ""
    )


def characters(rows: Iterable[EventRow]) -> str:
    """Give every character that stands in a row of a press."""
    return "".join(r.key for r in rows if r.kind is Kind.KEY_DOWN and r.key and len(r.key) == 1)
