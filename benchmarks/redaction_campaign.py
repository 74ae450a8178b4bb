"""Made-up values typed into real programs and looked for in what the product stored."""

import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.campaign_places import APPS, LABELS, PLACES, Planned, Typed, manner_of
from benchmarks.cases.typing import Manner
from benchmarks.cases.values import Values
from benchmarks.cases.words import Part
from benchmarks.measures import episode_start_ns
from benchmarks.readable import bare, can_be_read, readings
from benchmarks.shares import share
from recorder.agent.order import DemoOrder
from recorder.cli.demo_agent import DemoAgent, make_demo_home
from recorder.cli.demo_check import read_pictures
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.levels import KeyboardLevel, TitlesLevel
from recorder.episodes.homes import episode_homes
from recorder.episodes.reader import Episode, open_episode

Figures = dict[str, object]
ORDER: Final = DemoOrder(keyboard=KeyboardLevel.TEXT, titles=TitlesLevel.TITLE, apps=APPS)

_SCREEN: Final = (1280, 800)
_BEFORE_NS: Final = 100_000_000
"""Times of masked values stand on a grid of 50 ms."""
_AFTER_NS: Final = 4_000_000_000
"""A settled frame comes 3 s after its action at the latest."""
_TRIES: Final = 60
_LEAST_WORD: Final = 5


@dataclass(frozen=True, slots=True)
class Result:
    """One value and where it can be read."""

    planned: Planned
    in_tables: bool
    in_pictures: bool

    @property
    def place(self) -> str:
        """Where it was typed, and whether with its label."""
        return f"{self.planned.place}, {'labelled' if self.planned.is_labelled else 'bare'}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found of a campaign.

    Attributes:
        results: One for each value.
        pictures: How many different ones were stored.
        pictures_read: How many show a word at all; with none the search proves nothing.
        characters_kept: Of typed ones stored as text; with none nothing was recorded.
    """

    results: tuple[Result, ...]
    pictures: int
    pictures_read: int
    characters_kept: int


def measure_campaign(part: Part, seed: int, count: int) -> Figures:
    """Type `count` values on a desktop of its own and give shares that can be read."""
    root = Path(tempfile.mkdtemp(prefix="rec-campaign-"))
    try:
        with VirtualDesktop(*_SCREEN) as desktop:
            agent = DemoAgent(make_demo_home(root, desktop.environment), ORDER)
            typed = type_all(desktop, agent, plan(part, seed, count))
            episode = open_episode(
                episode_homes(agent.home.folder)[-1],
                folder=agent.home.folder, passphrase=agent.home.passphrase.text,
            )  # fmt: skip
            evidence = look_for(typed, episode)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return as_figures(evidence)


def plan(part: Part, seed: int, count: int) -> list[Planned]:
    """Give the values to type: every kind in turn, in every place, labelled and bare."""
    values = Values(part, seed)
    used: set[str] = set()
    corners = [(place, is_labelled) for place in PLACES for is_labelled in (True, False)]
    found = []
    for number in range(count):
        turn, at = divmod(number, len(LABELS))
        kind = list(LABELS)[at]
        place, is_labelled = corners[(turn + at) % len(corners)]
        text = _fresh(values, kind, used)
        manner = manner_of(values.random) if place != "page" else Manner.PLAIN
        found.append(Planned(kind, text, place, is_labelled, manner))
    return found


def type_all(desktop: VirtualDesktop, agent: DemoAgent, todo: Sequence[Planned]) -> list[Typed]:
    """Record while everything is typed, place by place, labelled ones first."""
    typed = []
    with agent:
        for place, type_in in PLACES.items():
            for is_labelled in (True, False):
                part = [p for p in todo if p.place == place and p.is_labelled is is_labelled]
                print(f"typing {len(part)} values: {place}", file=sys.stderr)
                typed += type_in(desktop, part) if part else []
        agent.stop()
    return typed


def look_for(typed: Sequence[Typed], episode: Episode) -> Evidence:
    """Look for every value in the tables and in the pictures of its time."""
    start_ns = episode_start_ns(episode.context, time.monotonic_ns() - time.time_ns())
    rows = [row for row in episode.events.to_pylist() if row["kind"] == "key_down"]
    titles = [text for row in episode.context.to_pylist() for text in _texts(row)]
    frames = [row for row in episode.frames.to_pylist() if row["image"]]
    read = read_pictures([row["image"]["bytes"] for row in frames])
    shown = [
        (int(row["t_grab_end_ns"]) + start_ns, text) for row, text in zip(frames, read, strict=True)
    ]
    results = tuple(
        Result(
            one.planned,
            _is_in(one, [*readings(_between(rows, one, start_ns)), *titles]),
            _is_in(one, _pictures(shown, one)),
        )
        for one in typed
    )
    kept = sum(len(str(row["key"])) == 1 for row in rows if row["key"])
    return Evidence(results, len(read), sum(len(bare(text)) > _LEAST_WORD for text in read), kept)


def as_figures(evidence: Evidence) -> Figures:
    """Give the shares of values that can be read, by kind and place."""
    found: dict[str, list[bool]] = defaultdict(list)
    for result in sorted(evidence.results, key=lambda result: result.place):
        leaks = result.in_tables or result.in_pictures
        found[f"{result.planned.kind}/{result.place}"].append(leaks)
    return {
        "values": len(evidence.results), "pictures": evidence.pictures,
        "pictures_read": evidence.pictures_read, "characters_kept": evidence.characters_kept,
        "in_tables": share(r.in_tables for r in evidence.results).as_json(),
        "in_pictures": share(r.in_pictures for r in evidence.results).as_json(),
        "by_kind_and_place": {name: share(hits).as_json() for name, hits in found.items()},
    }  # fmt: skip


def _fresh(values: Values, kind: str, used: set[str]) -> str:
    """Draw a value that shares no long word with earlier ones; the last one if all do."""
    text = ""
    for _ in range(_TRIES):
        text = values.draw(kind)
        words = {word.lower() for word in text.split() if len(word) >= _LEAST_WORD}
        if not words & used:
            break
    used.update(word.lower() for word in text.split())
    return text


def _is_in(one: Typed, texts: Sequence[str]) -> bool:
    return can_be_read(one.planned.text, one.planned.kind, texts)


def _texts(row: Mapping[str, object]) -> Iterator[str]:
    yield from (value for value in row.values() if isinstance(value, str))


def _between(
    rows: Sequence[Mapping[str, object]], one: Typed, start_ns: int
) -> list[Mapping[str, object]]:
    begin, end = one.began_ns - start_ns - _BEFORE_NS, one.ended_ns - start_ns
    return [row for row in rows if begin <= int(str(row["t_ns"])) <= end]


def _pictures(shown: Sequence[tuple[int, str]], one: Typed) -> list[str]:
    return [text for t_ns, text in shown if one.began_ns <= t_ns <= one.ended_ns + _AFTER_NS]
