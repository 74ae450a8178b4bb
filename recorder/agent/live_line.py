"""The live line: one line that says that it records, what, and what became of it. Pure."""

import unicodedata

Facts = dict[str, object]


def live_line(said: Facts, width: int) -> str:
    """Give the line for a status, at most `width` columns and without control characters.

    Args:
        said: A `status` or `progress` message of the agent.
        width: Columns of the terminal.
    """
    state = str(said.get("state", "unknown"))
    if state == "stopping":
        return _cut(f"◌ stopping, {said.get('frames_left', 0)} frames left", width)
    parts = [_head(said, state), _clock(said.get("elapsed_s"))]
    if state == "recording":
        parts.append(_where(said))
    parts += [f"{said.get(name, 0)} {name}" for name in ("events", "frames", "redactions")]
    parts.append(f"{_total(said.get('losses'))} lost")
    degraded = said.get("degraded")
    if isinstance(degraded, dict) and degraded:
        parts.append("! " + ", ".join(str(word) for word in degraded))
    return _cut("  ".join(part for part in parts if part), width)


def _head(said: Facts, state: str) -> str:
    if state != "paused":
        return "● recording" if state == "recording" else f"○ {state}"
    reasons = said.get("reasons")
    words = ", ".join(str(r) for r in reasons) if isinstance(reasons, list) else ""
    left_s = said.get("resumes_in_s")
    if left_s is not None:
        return f"‖ paused ({words}); goes on in {_clock(left_s)}, or recorder resume"
    return f"‖ paused ({words}); recorder resume goes on"


def _where(said: Facts) -> str:
    app = said.get("app")
    return f"in {app}" if app else "nothing in scope: not stored"


def _total(losses: object) -> int:
    if not isinstance(losses, dict):
        return 0
    return sum(
        count
        for found in losses.values()
        if isinstance(found, dict)
        for count in found.values()
        if isinstance(count, int)
    )


def _clock(seconds: object) -> str:
    whole = int(seconds) if isinstance(seconds, int | float) else 0
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _cut(text: str, width: int) -> str:
    shown = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    return shown if len(shown) <= width else shown[: max(width - 1, 0)] + "…"
