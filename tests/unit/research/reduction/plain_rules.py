"""AgentNet's rules once more, as a plain loop over rows, to compare the product with.

Shares nothing with the product: one row after the other, dictionaries, no arrays.
"""

import math
from typing import Any

_ENDS = {
    "pause", "resume", "gap", "removed", "secure_begin", "secure_end", "excluded_begin",
    "excluded_end",
}  # fmt: skip
_HELD = ((2, "ctrl"), (4, "alt"), (1, "shift"), (8, "super"), (16, "altgr"))
Step = dict[str, Any]


def plain_steps(rows: list[dict[str, Any]]) -> list[Step]:
    """Give what was done, in order."""
    steps: list[Step] = []
    part: list[dict[str, Any]] = []
    for row in [*rows, {"kind": "pause"}]:
        if row["kind"] in _ENDS:
            steps += _part(part)
            part = []
        elif row["kind"] != "move":
            part.append(row)
    return steps


def _part(rows: list[dict[str, Any]]) -> list[Step]:
    steps: list[Step] = []
    for at, row in enumerate(rows):
        last = steps[-1] if steps else {"type": "none"}
        if row["kind"] == "button_down":
            _press(steps, last, row, _release(rows, at))
        elif row["kind"] == "scroll" and (row["dx"] or row["dy"]):
            if last["type"] == "scroll" and last["mods"] == row["mods"]:
                last["dx"] += row["dx"]
                last["dy"] += row["dy"]
            else:
                steps.append(_step(row, "scroll", dx=row["dx"], dy=row["dy"]))
        elif row["kind"] == "key_down" and row["key_class"] == "modifier":
            if _acts_alone(rows, at):
                steps.append(_step(row, "key", keys=[row["key"]], clicks=1))
        elif row["kind"] == "key_down":
            _key(steps, last, row)
    done = [step for step in steps if step["type"] != "lost" and step.get("pieces") != []]
    for step in done:
        if step["type"] == "type":
            shown = [piece["shown"] for piece in step["pieces"]]
            step["text"] = None if None in shown else "".join(shown)
    return done


def _step(row: dict[str, Any], what: str, **told: object) -> Step:
    return {"type": what, "seq": row["seq"], "t": row["t_ns"], "mods": row["mods"]} | told


def _release(rows: list[dict[str, Any]], at: int) -> dict[str, Any] | None:
    for row in rows[at + 1 :]:
        if row["kind"] in {"button_down", "button_up"} and row["button"] == rows[at]["button"]:
            return row if row["kind"] == "button_up" else None
    return None


def _press(
    steps: list[Step], last: Step, row: dict[str, Any], release: dict[str, Any] | None
) -> None:
    if release is None:
        steps.append(_step(row, "lost"))
        return
    at = (row["x"], row["y"])
    if math.dist(at, (release["x"], release["y"])) > 6:
        steps.append(_step(row, "drag", button=row["button"], at=at))
        return
    goes_on = (
        last["type"] == "click"
        and (last["button"], last["mods"]) == (row["button"], row["mods"])
        and row["t_ns"] - last["t"] < 500_000_000
        and math.dist(last["at"], at) < 4
        and last["clicks"] < 3
    )
    if goes_on:
        last["clicks"] += 1
    else:
        steps.append(_step(row, "click", button=row["button"], at=at, clicks=1))


def _acts_alone(rows: list[dict[str, Any]], at: int) -> bool:
    """Tell whether alt is pressed and released with nothing done and nothing else held."""
    press = rows[at]
    if press["key"] != "alt_l" or press["mods"] or _is_held(rows, press):
        return False
    for row in rows[at + 1 :]:
        if row["kind"] == "key_up" and row["key"] == press["key"]:
            return True
        if _does_something(row) and not _is_held(rows, row):
            return False
    return False


def _does_something(row: dict[str, Any]) -> bool:
    if row["kind"] == "scroll":
        return bool(row["dx"] or row["dy"])
    return row["kind"] in {"button_down", "key_down"}


def _is_held(rows: list[dict[str, Any]], press: dict[str, Any]) -> bool:
    """Tell whether a modifier's press only repeats one that goes on."""
    held = False
    if press.get("key_class") != "modifier":
        return False
    for row in rows:
        if row is press:
            return held
        if row["kind"].startswith("key") and row["key"] == press["key"]:
            held = row["kind"] == "key_down"
    return held


def _key(steps: list[Step], last: Step, row: dict[str, Any]) -> None:
    key, held = row["key"], [name for bit, name in _HELD if row["mods"] & bit]
    is_command = row["mods"] & 14 and not row["mods"] & 16 and key is not None
    if row["key_class"] in {"char", "space"} and not is_command:
        shown = f"<{row['entity']}>" if row["redaction"] == "masked" else key
        shown = " " if shown == "space" else shown
        level = None if shown == " " else shown is None
        if last["type"] == "type" and (level is None or last["level"] in {None, level}):
            last["level"] = last["level"] if level is None else level
        else:
            last = _step(row, "type", pieces=[], level=level)
            steps.append(last)
        last["pieces"].append({"shown": shown, "masked": row["redaction"] == "masked"})
    elif row["key_class"] == "backspace" and not is_command:
        if last["type"] == "type" and last["pieces"] and not last["pieces"][-1]["masked"]:
            last["pieces"].pop()
        else:
            _named(steps, last, row, [*held, key])
    else:
        _named(steps, last, row, [*held, key])


def _named(steps: list[Step], last: Step, row: dict[str, Any], keys: list[str]) -> None:
    repeats = last["type"] == "key" and last["keys"] == keys and last["mods"] == row["mods"]
    if row["is_repeat"] and repeats:
        last["clicks"] += 1
    else:
        steps.append(_step(row, "key", keys=keys, clicks=1))
