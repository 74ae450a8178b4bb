"""What an approval holds, in words for its page and for the list of what was done."""

from recorder.core.amounts import count_text, size_text
from recorder.review.clocks import SECOND_NS, clock_text, length_text
from recorder.review.reasons import thing
from recorder.sharing.approval import Approval
from recorder.sharing.approved_content import Content
from recorder.sharing.left_out import left_out_lines

_QUIET = frozenset({"scope", "layout"})
"""Painted for what may be recorded, not for what was found."""


def facts_of(approval: Approval, content: Content) -> list[tuple[str, str]]:
    """Give name and words of each fact, counted in the sealed bytes."""
    told = approval.statement
    found = [
        ("Length", length_text(content.duration_ns / SECOND_NS)),
        ("Stored", ", ".join(rows_in(content))),
        ("Pictures", _pictures(content)),
        ("Apps", ", ".join(apps_in(content)) or "none"),
        ("Tasks", "; ".join(task.instruction or "" for task in content.told.tasks) or "none"),
        ("Taken out", _taken(content)),
    ]
    if told is not None and told.left_out:
        found.append(("Not in it", "; ".join(left_out_lines(told.left_out))))
    if told is not None:
        size = size_text(told.payload_bytes)
        found.append(("Bytes", f"{size}, SHA-256 {told.payload_sha256}, as you signed them"))
    return found


def rows_in(content: Content) -> list[str]:
    """Give the number of rows of each table."""
    counts = content.told.counts
    return [
        count_text(counts.get("events", 0), "event"),
        count_text(counts.get("frames", 0), "frame"),
        count_text(counts.get("context", 0), "row of context", "rows of context"),
    ]


def apps_in(content: Content) -> list[str]:
    """Give the names of the apps, the most used first."""
    return list(dict.fromkeys(app.app_name or app.app_id for app in content.told.apps))


def _pictures(content: Content) -> str:
    first, last = content.first_picture_wall_ns, content.last_picture_wall_ns
    if first is None or last is None:
        return "none"
    count = count_text(content.told.counts.get("frames.with_image", 0), "picture")
    return f"{count}, the first of {clock_text(first)}, the last of {clock_text(last)}"


def _taken(content: Content) -> str:
    """Give what was taken out, by kind."""
    counts: dict[str, int] = {}
    for kinds in content.told.redactions.values():
        for kind, count in kinds.items():
            if kind not in _QUIET:
                word = "keys by kind alone" if kind == "class" else thing(kind)
                counts[word] = counts.get(word, 0) + count
    return ", ".join(f"{word} ({count:,})" for word, count in counts.items()) or "nothing"
