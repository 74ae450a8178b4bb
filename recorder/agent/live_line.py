"""The live line: one line that says that it records, what, and what became of it. Pure."""

import unicodedata

from recorder.core.losses import lost_count

Facts = dict[str, object]
_GOES_ON = {
    "disk": "make room or plug the folder's disk in; it then goes on by itself",
    "user": "recorder resume goes on",
    "hotkey": "recorder resume goes on",
    "display_lost": "goes on by itself when the display is back",
    "source_dead": "goes on by itself when mouse, keyboard and screen can be read again",
    "indicator": "goes on by itself when the sign that it records can be seen",
    "lock": "goes on by itself when the screen is unlocked",
    "idle": "goes on by itself when you are back",
    "suspend": "the computer slept; goes on by itself",
}
"""How each pause ends, the one that must end first above."""

_SLOW_S = 1.0
"""A disk that answers writes what is left of a recording in a fraction of it."""


def live_line(said: Facts, width: int) -> str:
    """Give the line for a status, at most `width` columns and without control characters.

    Args:
        said: A `status` or `progress` message of the agent.
        width: Columns of the terminal.
    """
    state = str(said.get("state", "unknown"))
    if state == "stopping":
        waits = ", waiting for the disk" if disk_waits(said) else ""
        return _cut(f"◌ stopping, {said.get('frames_left', 0)} frames left{waits}", width)
    parts = [_head(said, state), _clock(said.get("elapsed_s"))]
    if state == "recording":
        parts.append(_where(said))
        parts += ["outside your hours"] if said.get("is_outside_hours") else []
    parts += [f"{said.get(name, 0)} {name}" for name in ("events", "frames", "redactions")]
    losses = said.get("losses")
    parts.append(f"{lost_count(losses) if isinstance(losses, dict) else 0} lost")
    degraded = said.get("degraded")
    if isinstance(degraded, dict) and degraded:
        parts.append("! " + ", ".join(str(word) for word in degraded))
    return _cut("  ".join(part for part in parts if part), width)


def disk_waits(said: Facts, longer_than_s: float = _SLOW_S) -> bool:
    """Tell whether the disk keeps a stop waiting for so long."""
    waits_s = said.get("disk_wait_s")
    return isinstance(waits_s, int | float) and waits_s >= longer_than_s


def _head(said: Facts, state: str) -> str:
    if state != "paused":
        return "● recording" if state == "recording" else f"○ {state}"
    reasons = said.get("reasons")
    words = ", ".join(str(r) for r in reasons) if isinstance(reasons, list) else ""
    return f"‖ paused ({words}); {how_it_goes_on(said)}"


def how_it_goes_on(said: Facts) -> str:
    """Say how a pause ends: by the person's word, or by itself, and when."""
    reasons = said.get("reasons")
    found = [str(reason) for reason in reasons] if isinstance(reasons, list) else []
    left_s = said.get("resumes_in_s")
    if left_s is not None and "disk" not in found:
        return f"goes on in {_clock(left_s)}, or recorder resume"
    told = next((words for reason, words in _GOES_ON.items() if reason in found), "")
    if not told and "schedule" in found:
        return f"goes on by itself in your hours ({said.get('hours')}); recorder resume goes on now"
    return told or "recorder resume goes on"


def outside_hours(said: Facts) -> str:
    """Say that it records although the clock is outside the person's hours."""
    return f"It is outside your hours ({said.get('hours')}) and records, because you asked for it"


def _where(said: Facts) -> str:
    app = said.get("app")
    return f"in {app}" if app else "nothing in scope: not stored"


def _clock(seconds: object) -> str:
    whole = int(seconds) if isinstance(seconds, int | float) else 0
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _cut(text: str, width: int) -> str:
    shown = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    return shown if len(shown) <= width else shown[: max(width - 1, 0)] + "…"
