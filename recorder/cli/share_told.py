"""How sharing is told: what leaves, to whom, what it is, and what left."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from recorder.cli import output
from recorder.cli.contact_sheet import write_sheet
from recorder.cli.spans import clock_text
from recorder.consent.studies import Joined
from recorder.core.amounts import count_text, size_text
from recorder.sharing.left_out import left_out_lines
from recorder.sharing.planning import Plan, Planned
from recorder.sharing.shared import Shared

_NS_PER_MINUTE: Final = 60 * 10**9
_ROWS: Final = {"events": ("event", "events"), "frames": ("frame", "frames")}


def plan_payload(joined: Joined, drop: str, plan: Plan) -> output.Payload:
    """Give the plan as JSON."""
    return {
        "study": joined.study,
        "pseudonym": joined.pseudonym,
        "drop": drop,
        "recipients": list(recipients(joined)),
        "retention_days": joined.notice.terms.retention_days,
        "episodes": [_payload(one) for one in plan.planned],
        "left_out": [{"episode_id": one.episode_id, "why": one.why} for one in plan.left_out],
    }


def plan_text(joined: Joined, drop: str, plan: Plan) -> str:
    """Give the plan for a person: exactly what leaves, and who can read it."""
    if not plan.planned:
        return f"Nothing to share with {joined.study}: recorder approvals tells what is approved."
    total = sum(one.contents.size_bytes for one in plan.planned)
    lines = [
        f"This leaves for the study {joined.study}, to {drop}:",
        *(_line(one) for one in plan.planned),
        f"Together {total:,} bytes, under the name {joined.pseudonym}.",
        f"Only these can read it: {', '.join(recipients(joined))}",
        f"They keep it for {joined.notice.terms.retention_days} days.",
    ]
    return output.printable("\n".join(lines))


def recipients(joined: Joined) -> tuple[str, ...]:
    """Give those who can read what is shared, as the notice names them, with their keys."""
    return tuple(line for line in joined.notice.terms.recipients if "<" in line)


def shared_payload(one: Shared) -> output.Payload:
    """Give what is remembered of a bundle as JSON, without its manifest's keys."""
    told = one.model_dump(mode="json", exclude={"manifest", "schema_name"})
    return {**told, "created": one.manifest.created}


def replaced_text(earlier: Sequence[Shared], collected: Mapping[str, str]) -> str:
    """Say what becomes of what was shared of the same episodes before; begins a line."""
    lines = [""]
    for one in earlier:
        then = "is taken back"
        if one.bundle_id in collected:
            then += f"; it was collected, so {one.study} is asked to erase it"
        lines.append(f"What you shared of {one.episode_id} on {(one.sent or '')[:10]} {then}.")
    return output.printable("\n".join(lines))


def replaced_payload(earlier: Sequence[Shared]) -> list[str]:
    """Give the bundles that are taken back, as JSON."""
    return [one.bundle_id for one in earlier]


def list_line(one: Shared, owed: Collection[str] = ()) -> str:
    """Give what is remembered of a bundle on a line; `owed`: those still in their drop."""
    when = {
        "sending": "not sent yet",
        "sent": f"sent {one.sent}",
        "revoked": f"taken back {one.revoked}",
    }
    if one.bundle_id in owed:
        when["revoked"] = "to be taken back: recorder trace tries again"
    size = size_text(one.bundle_bytes)
    return output.printable(
        f"{one.study}  {one.bundle_id}  of {one.episode_id}  {one.minutes:.1f} min  {size}  "
        f"{when[one.state]}  {one.drop}"
    )


def write_samples(plan: Plan, path: Path) -> str:
    """Write some of the frames that would leave as one picture; gives its path.

    Raises:
        UsageError: There is no picture among them, or the file is there already.
        Unwritable: The file cannot be written.
    """
    pictures = [
        (f"{one.approval.episode_id[-6:]}  {clock_text(t_ns)}", data)
        for one in plan.planned
        for t_ns, data in one.contents.pictures
    ]
    write_sheet(pictures, path)
    return str(path)


def _payload(one: Planned) -> output.Payload:
    found = one.contents
    return {
        "episode_id": one.approval.episode_id,
        "minutes": round(found.duration_ns / _NS_PER_MINUTE, 1),
        "apps": list(found.windows),
        "rows": found.rows,
        "tasks": found.tasks,
        "size_bytes": found.size_bytes,
        "sha256": found.sha256,
        "files": len(found.files),
        "pictures_left_out": one.left_out,
    }


def _line(one: Planned) -> str:
    found = one.contents
    counts = ", ".join(
        count_text(count, *_ROWS.get(table, (f"row of {table}", f"rows of {table}")))
        for table, count in found.rows.items()
    )
    apps = ", ".join(found.windows) or "no app named"
    minutes = found.duration_ns / _NS_PER_MINUTE
    return (
        f"  {one.approval.episode_id}  {minutes:.1f} min  {size_text(found.size_bytes)}  {counts}, "
        f"{count_text(found.tasks, 'label of a task', 'labels of tasks')}\n    {apps}"
        + "".join(f"\n    {line}" for line in left_out_lines(one.left_out))
    )
