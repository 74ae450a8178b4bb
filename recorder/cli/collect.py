"""`recorder collect`: fetches what participants shared, and keeps what their consent covers."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import ClockOption, JsonOption, PassphraseOption
from recorder.cli.progress import progress
from recorder.cli.study_opening import name_failures, unlock_study
from recorder.cli.system_clock import SystemClock
from recorder.core.amounts import count_text, size_in
from recorder.research.collect_run import Report, Sources
from recorder.research.collect_run import collect as run
from recorder.research.collecting import Order
from recorder.research.collection import Collection, CollectionUnknown
from recorder.research.erasure_runs import RefusedNotice
from recorder.research.sources import open_sources
from recorder.research.studies import Study
from recorder.sharing.bundle_gate import Expect

_NS_PER_S = 1_000_000_000
SourcesArgument = Annotated[
    list[str], typer.Argument(help="Drops (a folder, s3://bucket/folder) or bundle files.")
]
IntoOption = Annotated[
    Path, typer.Option("--into", help="The collection; made when it is not there.")
]
StudyOption = Annotated[Path, typer.Option("--study", help="The study's folder.")]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", min=1, max=256, help="Contents checked side by side; one a core."),
]
KeepOption = Annotated[
    bool, typer.Option("--keep-refused", help="Keep the bytes of what is refused.")
]
AgainOption = Annotated[bool, typer.Option("--again", help="Judge anew what was refused before.")]
MostOption = Annotated[
    str, typer.Option("--max-bundle", help="Leave larger bundles where they are.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Check seals and consent; open and change nothing.")
]


def collect(  # noqa: PLR0913 - one parameter an option
    sources: SourcesArgument,
    *,
    into: IntoOption,
    study: StudyOption,
    jobs: JobsOption = None,
    keep_refused: KeepOption = False,
    again: AgainOption = False,
    max_bundle: MostOption = "2GB",
    dry_run: DryRunOption = False,
    clock_is_right: ClockOption = False,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Fetch what participants shared; keep what their consent covers, sealed as it came.

    What is refused is noted with its reason and does not stop the rest; the same file is not
    fetched again, unless time may mend it. What was kept for as long as the notice allows is
    deleted. Every participant gets a signed answer. Stopped at any moment, the same command goes
    on. Ends with 8 when something was refused or is larger than --max-bundle, with 9 when a file
    of the collection is damaged or the clock is in doubt, and with 13 when a source could not be
    read or there is no room.
    """
    opened = Study.open(study)
    drops, files = open_sources(sources)
    now_ns = SystemClock().wall_ns()
    order = Order(
        expect=Expect(opened.id, opened.audience, opened.notices(), now_ns),
        secrets=None if dry_run else unlock_study(opened, passphrase_file),
        now=datetime.fromtimestamp(now_ns // _NS_PER_S, UTC),
        jobs=jobs or os.cpu_count() or 1,
        keep_refused=keep_refused,
        again=again,
        most_bytes=_size(max_bundle),
        is_clock_right=clock_is_right,
    )
    with ExitStack() as stack:
        mine, incoming = stack.enter_context(_opened(into, order, opened.id))
        bars = stack.enter_context(ExitStack())

        def begin(doing: str, count: int) -> Callable[[], None]:
            bars.close()
            return bars.enter_context(progress(doing, count))

        report = run(mine, order, Sources(drops, files), incoming, begin)
    return _tell(report, dry_run=dry_run, as_json=as_json)


def _size(text: str) -> int:
    size_bytes = size_in(text)
    if not size_bytes:
        raise output.UsageError(f"{text!r} is no size", "write it as 500MB or 2GB")
    return size_bytes


@contextmanager
def _opened(into: Path, order: Order, study: str) -> Iterator[tuple[Collection, Path]]:
    """Give the collection and where copies go; of a dry run, nothing in it is touched."""
    if order.secrets is not None:
        mine = Collection.create(into, study, order.now)
        with mine.held():
            yield mine, mine.incoming
        return
    with tempfile.TemporaryDirectory(prefix="recorder-collect-") as place:
        try:
            mine = Collection.open(into)
        except CollectionUnknown:
            mine = Collection.create(Path(place) / "none", study, order.now)
        yield mine, Path(place) / "incoming"


def _tell(report: Report, *, dry_run: bool, as_json: bool) -> int:
    code = report.code
    name_failures(report.told())
    payload = {**_payload(report), "dry_run": dry_run, "exit_code": int(code)}
    output.emit("collect", payload, as_json, lambda: _text(report, dry_run=dry_run))
    return code


def _payload(report: Report) -> output.Payload:
    tally, erased = report.tally, report.erased
    return {
        "found": report.found,
        "new": tally.states["new"],
        "already_there": tally.states["known"] + tally.states["replaced"],
        "refused": _rows(tally.refused),
        "refused_before": _rows(tally.refused_before),
        "left": _rows(tally.left),
        "not_fetched": tally.states["failed"],
        "erased": sum(len(done.bundles) for done in erased.done),
        "erasure_notices": len(erased.done),
        "erasure_notices_refused": [
            {"code": int(one.code), "reason": one.reason, "name": one.name}
            for one in erased.refused
        ],
        "withdrew": report.withdrew.new,
        "leaving_notices_refused": [
            {"code": int(one.code), "reason": one.reason, "name": one.name}
            for one in report.withdrew.refused
        ],
        "expired": report.expired,
        "answers_sent": report.delivery.sent,
        "answers_waiting": report.delivery.waiting,
        "bytes": tally.size_bytes,
        "failed": report.told(),
    }


def _rows(counted: Counter[tuple[int, str]]) -> list[dict[str, object]]:
    return [
        {"code": code, "reason": reason, "count": count}
        for (code, reason), count in sorted(counted.items())
    ]


def _text(report: Report, *, dry_run: bool) -> str:
    lines = [*_of_bundles(report, dry_run=dry_run), *_of_notices(report)]
    if report.expired:
        done = "are due to go" if dry_run else "were deleted: their time was over"
        lines.append(f"  {report.expired} {done}.")
    if report.delivery.waiting:
        lines.append(f"  {report.delivery.waiting} answers wait for their drop to be reached.")
    return output.printable("\n".join(lines))


def _of_bundles(report: Report, *, dry_run: bool) -> Iterator[str]:
    tally, states = report.tally, report.tally.states
    new = "would be opened and checked" if dry_run else "new"
    known = states["known"] + states["replaced"]
    counts = f"{states['new']} {new}, {known} were there already, {states['refused']} refused"
    yield f"{counts}, of {report.found}."
    for (number, reason), count in sorted(tally.refused.items()):
        yield f"  refused {count} x, code {number}: {reason}"
    if tally.refused_before:
        before = f"  {states['refused before']} were refused before and not fetched again"
        yield f"{before}: recorder collection list, or --again."
    for (_, reason), count in sorted(tally.left.items()):
        yield f"  {count} x left where they are. {reason}."
    if states["failed"]:
        yield f"  {states['failed']} could not be fetched; run the same command again."


def _of_notices(report: Report) -> Iterator[str]:
    if report.erased.done:
        gone = sum(len(done.bundles) for done in report.erased.done)
        yield f"  {gone} were erased, as {len(report.erased.done)} notices asked."
    yield from _refused("erasure notice", report.erased.refused)
    if report.withdrew.new:
        yield f"  {count_text(len(report.withdrew.new), 'participant')} left the study."
    yield from _refused("word of leaving", report.withdrew.refused)


def _refused(what: str, some: Sequence[RefusedNotice]) -> Iterator[str]:
    """Give a line for each reason: who writes into a drop may put thousands there."""
    counted = Counter((int(one.code), one.reason) for one in some)
    for (code, reason), count in sorted(counted.items()):
        yield f"  {what} refused {count} x, code {code}: {reason}"
