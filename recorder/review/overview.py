"""A day and an episode at a glance: lanes, a table in words, search over a day's episodes."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from recorder.core.errors import RecorderError
from recorder.core.ids import ulid_wall_ns
from recorder.review.clocks import SECOND_NS, clock_text, length_text
from recorder.review.days import homes_of_day
from recorder.review.drawing import Lane, Placed, Span, lanes
from recorder.review.outline import NOBODY, Outline, outline
from recorder.review.reasons import thing
from recorder.review.vault import Opened, Vault

_MOST_FOUND: Final = 300
_TICKS: Final = 5
_MINUTE_NS: Final = 60 * SECOND_NS


@dataclass(frozen=True, slots=True)
class AppLine:
    """An app in words: how long, when first, and where to look."""

    app_id: str
    name: str
    length: str
    first: str
    link: str


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in words, as an app."""

    host: str
    length: str
    first: str
    link: str


@dataclass(frozen=True, slots=True)
class View:
    """What a time line and its table show.

    Attributes:
        ticks: Times of day at even distances along the line.
        jumps: [start of an episode on the line, its end, its id], thousandths.
        taken: What was taken out, in words, with counts and where it first shows.
        problems: Files and episodes that cannot be read.
    """

    span: Span
    ticks: tuple[str, ...]
    lanes: list[Lane]
    apps: list[AppLine]
    sites: list[SiteLine]
    taken: list[tuple[str, int, str]]
    jumps: list[tuple[float, float, str, int]]
    problems: list[str]
    recorded: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a search found."""

    clock: str
    where: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class _One:
    """What lies on the line, and the page that shows it."""

    episode_id: str
    placed: Placed
    page: str


def overview(vault: Vault, homes: list[Path]) -> View:
    """Give a day: its episodes one after the other on one line."""
    found: list[_One] = []
    problems = []
    for home in homes:
        try:
            placed = Placed(vault.outline(home.name), ulid_wall_ns(home.name))
            found.append(_One(home.name, placed, f"episode/{home.name}"))
        except RecorderError as error:
            problems.append(f"{home.name}: {error.message}")
    return _view(found, problems)


def one_episode(vault: Vault, home: Path) -> View:
    """Give one episode."""
    return overview(vault, [home])


def of_approval(opened: Opened, page: str) -> View:
    """Give what an approval holds. `page`: what shows it, under the base."""
    name = opened.reel.episode.episode_id
    placed = Placed(outline(opened.reel.episode), ulid_wall_ns(name))
    return _view([_One(name, placed, page)], [])


def found_on(vault: Vault, day: date, question: str) -> list[Hit]:
    """Give what a day's episodes hold of a question, by time."""
    hits: list[Hit] = []
    for home in homes_of_day(vault.folder, day):
        try:
            opened = vault.opened(home.name)
            found = opened.index.find(question)
        except RecorderError:
            continue
        hits += [
            Hit(
                clock_text(opened.reel.episode.wall_ns(one.t_ns)),
                one.where,
                f"{one.text}: {thing(one.text)}" if one.where == "screen" else one.text,
                f"episode/{home.name}?at={one.t_ns}",
            )
            for one in found
        ]
    return hits[:_MOST_FOUND]


def _view(found: list[_One], problems: list[str]) -> View:
    placed = [one.placed for one in found]
    start = min((one.start_ns for one in placed), default=0)
    end = max((one.start_ns + one.outline.end_ns for one in placed), default=1)
    span = Span(start, max(end, start + SECOND_NS))
    step = (span.end_ns - span.start_ns) / (_TICKS - 1)
    digits = len("14:05") if step > _MINUTE_NS else len("14:05:09")
    total = sum(one.outline.end_ns for one in placed) / SECOND_NS
    return View(
        span=span,
        ticks=tuple(clock_text(int(span.start_ns + step * n))[:digits] for n in range(_TICKS)),
        lanes=lanes(placed, span),
        apps=_apps(found),
        sites=_sites(found),
        taken=_taken(found),
        jumps=[
            (
                round(span.x(one.placed.start_ns), 2),
                round(span.x(one.placed.start_ns + one.placed.outline.end_ns), 2),
                one.episode_id,
                one.placed.outline.end_ns,
            )
            for one in found
        ],
        problems=problems
        + [f"{file} is {why}" for one in placed for file, why in one.outline.problems],
        recorded=length_text(total),
    )


def _apps(found: list[_One]) -> list[AppLine]:
    lengths: Counter[str] = Counter()
    first: dict[str, tuple[str, str, str]] = {}
    for one in found:
        told: Outline = one.placed.outline
        for stretch in told.focus:
            if stretch.what == NOBODY:
                continue
            lengths[stretch.what] += stretch.end_ns - stretch.start_ns
            at = clock_text(one.placed.start_ns + stretch.start_ns)[:5]
            link = f"{one.page}?at={stretch.start_ns}"
            first.setdefault(stretch.what, (told.names[stretch.what], at, link))
    return [
        AppLine(app, first[app][0], length_text(length / SECOND_NS), first[app][1], first[app][2])
        for app, length in lengths.most_common()
    ]


def _sites(found: list[_One]) -> list[SiteLine]:
    """Give the sites, the longest in front first."""
    lengths: Counter[str] = Counter()
    first: dict[str, tuple[str, str]] = {}
    for one in found:
        for stretch in one.placed.outline.sites:
            lengths[stretch.what] += stretch.end_ns - stretch.start_ns
            at = clock_text(one.placed.start_ns + stretch.start_ns)[:5]
            link = f"{one.page}?at={stretch.start_ns}"
            first.setdefault(stretch.what, (at, link))
    return [
        SiteLine(host, length_text(length / SECOND_NS), *first[host])
        for host, length in lengths.most_common()
    ]


def _taken(found: list[_One]) -> list[tuple[str, int, str]]:
    """Give what was taken out, the most frequent first, with a link to the first place."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for one in found:
        for taken in one.placed.outline.taken:
            word = (
                "keys of which only the kind is stored"
                if taken.kind == "class"
                else thing(taken.kind)
            )
            counts[word] += 1
            first.setdefault(word, f"{one.page}?at={taken.t_ns}")
    return [(word, count, first[word]) for word, count in counts.most_common()]
