"""How much of labelled lines redaction of text finds, what else it touches, how fast."""

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from benchmarks.cases.labelled import Case, Value, code_cases, labelled_cases
from benchmarks.cases.words import Part
from benchmarks.redaction_growth import largest_growth
from benchmarks.shares import share
from recorder.redaction.text import Span, TextRedactor

Figures = dict[str, object]

_FOUND: Final = 0.9
"""Share of a value's letters and digits that must be covered."""
_ROUNDS: Final = 50
_CODE_LINES: Final = 2000
_BLOCKS: Final = 200
_BLOCK_CHARS: Final = 1024


def measure_text(part: Part, seed: int, *, quick: bool) -> Figures:
    """Give recall by kind and language, precision, what is touched, and times.

    Shares are lists of share, n and the ends of the 95 % interval.
    """
    redactor = TextRedactor()
    rounds = _ROUNDS // 10 if quick else _ROUNDS
    cases = labelled_cases(part, seed, rounds) + code_cases(part, seed, _CODE_LINES)
    for case in cases[:200]:
        redactor.find(case.text)
    began_s = time.process_time()
    found = [redactor.find(case.text) for case in cases]
    spent_s = time.process_time() - began_s
    size_kb = sum(len(case.text.encode()) for case in cases) / 1024
    growth, unit = largest_growth(redactor)
    return {**score(cases, found), "ms_per_kb": round(spent_s * 1000 / size_kb, 2),
            "block_ms": _block_times(redactor, cases),
            "largest_growth": {"times": round(growth, 2), "repeated": unit}}  # fmt: skip


def score(cases: Sequence[Case], found: Sequence[Sequence[Span]]) -> Figures:
    """Compare what was found with the labels."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    languages: dict[str, list[bool]] = defaultdict(list)
    touched: dict[str, list[bool]] = defaultdict(list)
    clean, precise = [], []
    for case, spans in zip(cases, found, strict=True):
        if not case.values:
            touched[case.group].append(bool(spans))
            continue
        hits = [is_found(case.text, value, spans) for value in case.values]
        for value, hit in zip(case.values, hits, strict=True):
            kinds[kind_name(case, value)].append(hit)
            languages[f"{case.language} {_sort(value.kind)}"].append(hit)
        clean.append(all(hits))
        precise += [_is_meant(span, case.values) for span in spans]
    return {
        "lines": len(cases), "clean_lines": share(clean).as_json(),
        "precision": share(precise).as_json(), "recall": _table(kinds),
        "by_language": _table(languages), "touched": _table(touched),
    }  # fmt: skip


def is_found(text: str, value: Value, spans: Sequence[Span]) -> bool:
    """Tell whether nine tenths of a value's letters and digits are covered."""
    places = [at for at in range(value.start, value.end) if text[at].isalnum()]
    covered = sum(any(span.start <= at < span.end for span in spans) for at in places)
    return covered >= _FOUND * len(places)


def missed(part: Part, seed: int) -> Iterator[str]:
    """Give one line for each value of the part that is not found whole, for rule writers."""
    redactor = TextRedactor()
    for case in labelled_cases(part, seed, 1):
        spans = redactor.find(case.text)
        for value in case.values:
            if not is_found(case.text, value, spans):
                yield f"{kind_name(case, value):20} {case.language}  {case.text!r}"
        if not case.values and spans:
            marked = [case.text[span.start : span.end] for span in spans]
            yield f"{'touched':20} {case.language}  {case.text!r} {marked}"


def kind_name(case: Case, value: Value) -> str:
    """Give a value's kind; names count apart in running text."""
    in_text = value.kind == "PERSON" and case.group == "sentence"
    return f"{value.kind} in a sentence" if in_text else value.kind


def _sort(kind: str) -> str:
    return {"PERSON": "names", "ADDRESS": "addresses", "PASSWORD": "passwords"}.get(kind, "numbers")


def _is_meant(span: Span, values: Iterable[Value]) -> bool:
    covered = sum(max(0, min(span.end, v.end) - max(span.start, v.start)) for v in values)
    return covered * 2 >= span.end - span.start


def _table(found: dict[str, list[bool]]) -> dict[str, list[float]]:
    return {name: share(hits).as_json() for name, hits in sorted(found.items())}


def _block_times(redactor: TextRedactor, cases: Sequence[Case]) -> dict[str, float]:
    """Give the median and the 95th percentile of blocks of 1 KB, milliseconds of CPU."""
    text = "\n".join(case.text for case in cases)
    step = max(_BLOCK_CHARS, len(text) // _BLOCKS)
    times = []
    for start in range(0, len(text) - _BLOCK_CHARS, step):
        began_s = time.process_time()
        redactor.find(text[start : start + _BLOCK_CHARS])
        times.append((time.process_time() - began_s) * 1000)
    times.sort()
    return {
        "p50": round(times[len(times) // 2], 2),
        "p95": round(times[math.ceil(len(times) * 0.95) - 1], 2),
    }
