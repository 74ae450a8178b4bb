"""`recorder dataset`: from a collection to steps that train agents, and looking after them."""

import os
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.dataset_check import check_dataset
from recorder.cli.dataset_export import export
from recorder.cli.dataset_list import list_datasets
from recorder.cli.dataset_stats import show_stats
from recorder.cli.dataset_view import view
from recorder.cli.opening import DryRunOption, JsonOption, PassphraseOption
from recorder.cli.progress import progress
from recorder.cli.study_opening import unlock_study
from recorder.cli.system_clock import SystemClock
from recorder.core.amounts import count_text, size_text
from recorder.core.errors import ExitCode
from recorder.research.building.admission import role_of
from recorder.research.building.engines import Engine
from recorder.research.building.run import Gated, Order, Report, Workshop, build, gate
from recorder.research.building.splits import parse_shares
from recorder.research.collection import Collection, CollectionOfAnother
from recorder.research.datasets import LeftOut
from recorder.research.reduction.profiles import Profile
from recorder.research.studies import Study
from recorder.sharing.bundle_gate import Expect

_NS_PER_S: Final = 1_000_000_000
app = typer.Typer(no_args_is_help=True)


class SplitBy(StrEnum):
    """What is kept whole in one split."""

    PARTICIPANT = "participant"
    APP = "app"
    TIME = "time"


class EngineName(StrEnum):
    """Where a dataset is built."""

    LOCAL = "local"
    RAY = "ray"


@app.callback()
def dataset() -> None:
    """Build datasets of steps, and look after them."""


StudyOption = Annotated[Path, typer.Option("--study", help="The study's folder.")]
OutOption = Annotated[str, typer.Option("--out", help="An empty folder, or s3://bucket/folder.")]
NameOption = Annotated[
    str | None, typer.Option("--name", help="The dataset's name; that of --out.")
]
RoleOption = Annotated[
    str | None, typer.Option("--for", help="Who gets it: a recipient that the notice names.")
]
ProfileOption = Annotated[
    Profile, typer.Option("--profile", help="Whose rules make actions of events.")
]
SharesOption = Annotated[
    str, typer.Option("--split", help="Percent of train, validation and test.")
]
SplitByOption = Annotated[
    SplitBy, typer.Option("--split-by", help="What is kept whole in one split.")
]
DedupOption = Annotated[
    bool, typer.Option("--dedup", help="Leave out of train what test nearly shows.")
]
EngineOption = Annotated[
    EngineName, typer.Option("--engine", help="Processes here, or a Ray cluster.")
]
AddressOption = Annotated[
    str | None, typer.Option("--address", help="Of the Ray cluster; else one is started here.")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", min=1, max=256, help="Side by side; one a core.")
]


@app.command(
    "build", epilog="Example: recorder dataset build data --study typing-1 --out steps --jobs 2"
)
def build_dataset(  # noqa: PLR0913 - one parameter an option
    collection: Annotated[Path, typer.Argument(help="The collection.")],
    *,
    study: StudyOption,
    out: OutOption,
    name: NameOption = None,
    role: RoleOption = None,
    profile: ProfileOption = Profile.RECORDER,
    split: SharesOption = "80,10,10",
    split_by: SplitByOption = SplitBy.PARTICIPANT,
    dedup: DedupOption = False,
    engine: EngineOption = EngineName.LOCAL,
    address: AddressOption = None,
    jobs: JobsOption = None,
    dry_run: DryRunOption = False,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Turn what was collected into steps: one row an action, with the screen just before it.

    Each bundle's consent is checked again today; what is left out is listed with its reason in
    left_out.jsonl, and every participant gets a signed row that says what was built. Stopped at
    any moment, the same command goes on; what is complete is not built again. Ends with 8 when
    a bundle was left out.
    """
    opened, mine = Study.open(study), Collection.open(collection)
    if mine.study != opened.id:
        raise CollectionOfAnother(collection, mine.study)
    chosen = _engine(engine, address, jobs or os.cpu_count() or 1)
    now_ns = SystemClock().wall_ns()
    order = Order(
        collection=mine,
        name=name or _name(out),
        out=out,
        role=role_of(opened.notice, role),
        profile=profile.value,
        split_by=split_by.value,
        shares=parse_shares(split),
        dedup=dedup,
        expect=Expect(opened.id, opened.audience, opened.notices(), now_ns),
        now=datetime.fromtimestamp(now_ns // _NS_PER_S, UTC),
    )
    if dry_run:
        return _dry_run(order, as_json=as_json)
    report = _built(order, Workshop(chosen, unlock_study(opened, passphrase_file)))
    return _tell(order, report, as_json=as_json)


def _built(order: Order, workshop: Workshop) -> Report:
    with ExitStack() as stack:
        stack.enter_context(order.collection.held())

        def begin(count: int) -> Callable[[], None]:
            return stack.enter_context(progress("Building", count))

        return build(order, _gated(order), workshop, begin)


def _engine(name: EngineName, address: str | None, jobs: int) -> Engine:
    """Give the engine; what it needs is imported only now.

    Raises:
        UsageError: An address without Ray.
        RayMissing: It is not installed.
    """
    if name is EngineName.RAY:
        from recorder.research.building.on_ray import RayEngine  # noqa: PLC0415 - an extra

        return RayEngine(jobs, address)
    if address is not None:
        raise output.UsageError("--address is for --engine ray", "add --engine ray")
    from recorder.research.building.local import LocalEngine  # noqa: PLC0415 - as above

    return LocalEngine(jobs)


def _name(out: str) -> str:
    """Give a dataset's name from the last part of its place."""
    last = PurePosixPath(out.rstrip("/")).name or "dataset"
    return re.sub(r"[^A-Za-z0-9._-]", "-", last).lstrip(".-_") or "dataset"


def _gated(order: Order) -> Gated:
    with progress("Checking", sum(1 for _ in order.collection.paths())) as step:
        return gate(order, step)


def _dry_run(order: Order, *, as_json: bool) -> int:
    gated = _gated(order)
    kept, refused = gated.admitted, gated.refused
    people = len({one.pseudonym for one in kept})
    size_bytes = sum(one.manifest.payload_bytes for one in kept)
    payload: output.Payload = {
        "dry_run": True, "name": order.name, "episodes": len(kept), "participants": people,
        "bytes": size_bytes, "left_out": [_row(one) for one in refused],
    }  # fmt: skip
    human = (
        f"{count_text(len(kept), 'episode')} of {count_text(people, 'participant')}, "
        f"{size_text(size_bytes)} sealed, would be built into {order.out}."
    )
    output.emit("dataset-build", payload, as_json, lambda: "\n".join([human, *_left_out(refused)]))
    return ExitCode.WARNINGS if refused else ExitCode.OK


def _tell(order: Order, report: Report, *, as_json: bool) -> int:
    left_out = report.left_out
    shards = report.dataset.shards
    is_complete = not any(one.code for one in left_out)
    code = ExitCode.OK if is_complete else ExitCode.WARNINGS
    payload: output.Payload = {
        "dry_run": False, "name": order.name, "place": order.out, "steps": report.rows,
        "shards": len(shards), "bytes": sum(shard.size_bytes for shard in shards),
        "participants": len({shard.pseudonym for shard in shards}),
        "parts_built": report.built, "parts_complete_before": report.known,
        "participants_told": report.told, "counts": dict(report.counts),
        "left_out": [_row(one) for one in left_out],
        "pictures_of_train": report.leaks.pictures,
        "same_picture_elsewhere": report.leaks.same,
        "near_picture_elsewhere": report.leaks.near, "exit_code": int(code),
    }  # fmt: skip
    output.emit("dataset-build", payload, as_json, lambda: _text(order, report))
    return code


def _row(one: LeftOut) -> dict[str, object]:
    return one.model_dump(mode="json", exclude={"schema_name"})


def _text(order: Order, report: Report) -> str:
    shards = report.dataset.shards
    size = size_text(sum(shard.size_bytes for shard in shards))
    splits = ", ".join(f"{split} {rows:,}" for split, rows in report.rows.items())
    steps, files = sum(report.rows.values()), count_text(len(shards), "shard")
    lines = [f"{order.name}: {steps:,} steps ({splits}), {files}, {size}, in {order.out}."]
    if report.known:
        parts = count_text(report.known, "part")
        lines.append(f"  {parts} complete before, {report.built} built now.")
    lines += _left_out(report.left_out)
    if report.leaks.near:
        lines.append(
            f"  {report.leaks.near} of {report.leaks.pictures} pictures of train are nearly those "
            f"of validation or test ({report.leaks.same} exactly); --dedup leaves them out."
        )
    if report.told:
        people = count_text(report.told, "participant")
        lines.append(f"  {people} will be told with the next recorder collect or erase.")
    return output.printable("\n".join(lines))


def _left_out(rows: Sequence[LeftOut]) -> list[str]:
    counts: dict[str, int] = {}
    for one in rows:
        counts[one.reason] = counts.get(one.reason, 0) + 1
    return [f"  left out {count} x: {reason}" for reason, count in sorted(counts.items())]


app.command("list", epilog="Example: recorder dataset list data")(list_datasets)
app.command("export", epilog="Example: recorder dataset export steps --to copy --format agentnet")(
    export
)
app.command("stats", epilog="Example: recorder dataset stats s3://lab/steps --plots charts")(
    show_stats
)
app.command(
    "check", epilog="Example: recorder dataset check steps --collection data --study typing-1"
)(check_dataset)
app.command("view", epilog="Example: recorder dataset view steps --to pages")(view)
