"""How much of typed values can be read in the released rows, however they were typed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.cases.labelled import Case, labelled_cases
from benchmarks.cases.typing import Do, Manner, Step, script
from benchmarks.cases.values import Values
from benchmarks.cases.words import Part
from benchmarks.readable import can_be_read, readings
from benchmarks.shares import share
from recorder.core.events import EventRow, Mods
from recorder.core.levels import KeyboardLevel
from tests.unit.redaction.typist import Typist

Figures = dict[str, object]

BARE: Final = ("EMAIL", "CARD", "IBAN", "PHONE", "SECRET", "IP", "MAC", "SSN", "TAX_ID", "CRYPTO",
               "PASSWORD", "PERSON", "ADDRESS", "BIRTH_DATE", "ACCOUNT")  # fmt: skip
"""Kinds that are also typed alone, as into a field whose label is on the screen only."""
_STEP_MS: Final = 30
_BARE_ROUNDS: Final = 4
_FIELDS: Final = 2


@dataclass(frozen=True, slots=True)
class _Outcome:
    kind: str
    manner: Manner
    level: KeyboardLevel
    is_bare: bool
    is_readable: bool
    text: str
    shown: str


def measure_typed(part: Part, seed: int, *, quick: bool) -> Figures:
    """Give the share of values readable at level text, by kind and manner, and at class."""
    done = list(_outcomes(part, seed, quick=quick))
    text = [o for o in done if o.level is KeyboardLevel.TEXT]
    told, bare = ([o for o in text if o.is_bare is is_bare] for is_bare in (False, True))
    return {
        "values": len(text),
        "readable_at_text": share(o.is_readable for o in text).as_json(),
        "in_a_line": share(o.is_readable for o in told).as_json(),
        "alone": share(o.is_readable for o in bare).as_json(),
        "readable_at_class": share(o.is_readable for o in done if o not in text).as_json(),
        "by_kind": _table(told, lambda o: o.kind),
        "by_kind_alone": _table(bare, lambda o: o.kind),
        "by_manner": _table(text, lambda o: o.manner.value),
    }


def read_when_typed(part: Part, seed: int) -> Iterator[str]:
    """Give one line for each value that can be read, for whoever improves it."""
    for outcome in _outcomes(part, seed, quick=False):
        if outcome.is_readable:
            where = "alone" if outcome.is_bare else "in a line"
            yield f"{outcome.kind:15} {where:10} {outcome.manner:38} {outcome.text!r} -> {outcome.shown!r}"


def _outcomes(part: Part, seed: int, *, quick: bool) -> Iterator[_Outcome]:
    values = Values(part, seed)
    lines = [case for case in labelled_cases(part, seed, 1) if _is_typed(case)]
    lines += [_alone(kind, values) for _ in range(_BARE_ROUNDS) for kind in BARE]
    for number, case in enumerate(lines):
        manners = [m for m in Manner if m is not Manner.FIELDS or not case.values]
        picked = manners if not quick else [manners[number % len(manners)]]
        for manner in picked:
            steps = script(case.text, manner, values.random)
            yield from _read(case, manner, KeyboardLevel.TEXT, steps)
        yield from _read(case, Manner.PLAIN, KeyboardLevel.CLASS, [Step(Do.TYPE, case.text)])


def _is_typed(case: Case) -> bool:
    return bool(case.values) and "\n" not in case.text and "\t" not in case.text


def _alone(kind: str, values: Values) -> Case:
    made = values.draw(kind)
    return Case(made, (), kind, "en")


def _read(
    case: Case, manner: Manner, level: KeyboardLevel, steps: Sequence[Step]
) -> Iterator[_Outcome]:
    typist = Typist(level=level)
    typed = "".join(step.text for step in steps if step.do is Do.TYPE)
    for step in steps:
        _do(typist, step)
    typist.key("enter")
    typist.finish()
    texts = readings([_as_row(row) for row in typist.rows])
    parts = [(v.kind, case.text[v.start : v.end]) for v in case.values]
    for kind, value in parts or [(case.group, case.text)]:
        if kind == "CVV":
            continue
        is_readable = can_be_read(value, kind, texts)
        yield _Outcome(kind, manner, level, not parts, is_readable, typed, typist.shown)


def _do(typist: Typist, step: Step) -> None:
    match step.do:
        case Do.TYPE:
            typist.type(step.text, step_ms=_STEP_MS)
        case Do.KEY:
            typist.key(step.text, step.times)
        case Do.SELECT:
            typist.key(step.text, step.times, Mods.SHIFT)
        case Do.ERASE_WORD:
            typist.key("backspace", 1, Mods.CTRL)
        case Do.WAIT:
            typist.wait(step.times)
        case Do.CLICK:
            typist.click()
        case Do.PASTE:
            typist.press(char="v", mods=Mods.CTRL)
        case Do.NEXT_FIELD:
            typist.key("tab")
            typist.field_id = typist.field_id % _FIELDS + 1


def _as_row(row: EventRow) -> Mapping[str, object]:
    return {"kind": row.kind.value, "key": row.key}


def _table(done: Sequence[_Outcome], key: Callable[[_Outcome], str]) -> dict[str, list[float]]:
    found: dict[str, list[bool]] = defaultdict(list)
    for outcome in done:
        found[key(outcome)].append(outcome.is_readable)
    return {name: share(hits).as_json() for name, hits in sorted(found.items())}
