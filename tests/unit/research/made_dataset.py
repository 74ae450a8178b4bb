"""A small dataset folder as a build leaves it, made of steps that a test names."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.ids import ulid
from recorder.pictures import coded, decoded, difference_hash
from recorder.research.building.near import packed
from recorder.research.building.shards import PICTURES_KEY
from recorder.research.looking.recorded import RECORDED_KEY, Recorded
from recorder.research.reduction.schema import REDUCER_VERSION, STEP_ROW_GROUP_ROWS, STEPS

WIDTH, HEIGHT = 320, 200
MS = 1_000_000
ANNA, BERT = "p" + "a" * 32, "p" + "b" * 32
FIRST, SECOND, THIRD = (ulid(1_795_000_000 * 10**9 + n * 10**9, b"d" * 10) for n in range(3))
Step = dict[str, Any]


@cache
def screen(shade: int = 200, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Give a screen with a dark button from (40, 60) to (120, 90) on fields of shades.

    Shades of the same ten look alike.
    """
    fields = np.random.default_rng(shade // 10).integers(150, 250, (10, 16, 4), np.uint8)
    pixels = np.kron(fields, np.ones((height // 10, width // 16, 1), np.uint8))
    pixels[:4, :4] = shade
    pixels[60:90, 40:120, :3] = 30
    return coded(pixels, "redacted")


def step(episode_id: str = FIRST, index: int = 0, **changed: Any) -> Step:  # noqa: ANN401 - columns
    """Give a click on the button of `screen`, half a second after the picture."""
    start = (index + 1) * 2_000 * MS
    found: Step = dict.fromkeys(STEPS.names)
    found |= {
        "episode_id": episode_id, "participant_id": ANNA, "split": "train", "step_index": index,
        "action_type": "click", "button": "left", "clicks": 1, "duration_ms": 80,
        "x_px": 80, "y_px": 75, "x_norm": 0.25, "y_norm": 0.375,
        "t_start_ns": start, "t_end_ns": start + 80 * MS, "first_seq": index * 10,
        "last_seq": index * 10 + 1, "n_events": 2, "reducer_version": REDUCER_VERSION,
        "frame_id": index, "frame_lag_ms": 500.0, "app_id": "writer", "window_title": "Letter",
        "image": {"bytes": screen(), "path": None}, "image_width": WIDTH, "image_height": HEIGHT,
        "instruction": "write a letter", "redacted": False,
        "code_pyautogui": "pyautogui.click(x=0.25, y=0.375)",
        "action_openai_json": '{"type": "click", "button": "left", "x": 80, "y": 75}',
        "action_anthropic_json": '{"action": "left_click", "coordinate": [80, 75]}',
    }  # fmt: skip
    return {**found, **changed}


def typed(text: str | None, **changed: Any) -> Step:  # noqa: ANN401 - columns
    """Give a step that types; None at level class."""
    code = None if text is None else f"pyautogui.write(message={text!r})"
    openai = None if text is None else json.dumps({"type": "type", "text": text})
    anthropic = None if text is None else json.dumps({"action": "type", "text": text})
    nothing = dict.fromkeys(("button", "clicks", "x_px", "y_px", "x_norm", "y_norm"))
    return step(**{
        **nothing, "action_type": "type", "text": text, "redacted": text is None or "<" in text,
        "code_pyautogui": code, "action_openai_json": openai, "action_anthropic_json": anthropic,
        **changed,
    })  # fmt: skip


def unpictured(found: Step) -> Step:
    """Give a step for which no frame was known."""
    none = ("image", "image_width", "image_height", "frame_id", "frame_lag_ms")
    return {**found, **dict.fromkeys(none)}


def put(
    folder: Path, steps: Sequence[Step], recorded: Sequence[Recorded] = (), number: int = 0
) -> list[Path]:
    """Write steps as shards, one for each split and participant; gives their paths."""
    shards: dict[tuple[str, str], list[Step]] = {}
    for one in steps:
        shards.setdefault((one["split"], one["participant_id"]), []).append(one)
    written = []
    for (split, person), rows in shards.items():
        path = folder / "data" / split / f"{person}-{number:05}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = [one for one in recorded if one.episode_id in {row["episode_id"] for row in rows}]
        write_shard(path, rows, mine)
        written.append(path)
    return written


def write_shard(
    path: Path, rows: Sequence[Mapping[str, Any]], recorded: Sequence[Recorded]
) -> None:
    with pq.ParquetWriter(path, STEPS, compression="zstd") as out:
        table = pa.Table.from_pylist(list(rows), STEPS)
        out.write_table(table, row_group_size=STEP_ROW_GROUP_ROWS)
        noted = [one.model_dump(mode="json") for one in recorded]
        hashes = packed(hashes_of(row["image"]["bytes"]) for row in rows if row["image"])
        out.add_key_value_metadata({RECORDED_KEY: json.dumps(noted).encode(), PICTURES_KEY: hashes})


@cache
def hashes_of(image: bytes) -> tuple[int, str]:
    try:
        phash = difference_hash(decoded(image))
    except (OSError, ValueError):
        phash = 0
    return phash, hashlib.sha256(image).hexdigest()


def small(folder: Path) -> Path:
    """Make a dataset of two participants in two splits: eight steps, two without a picture."""
    bert: Step = {"participant_id": BERT, "split": "test", "app_id": "chromium"}
    drag = {
        "action_type": "drag", "end_x_px": 200, "end_y_px": 150, "end_x_norm": 0.625,
        "end_y_norm": 0.75, "clicks": None, "path": [
            {"dt_ms": 0, "x": 80, "y": 75}, {"dt_ms": 90, "x": 150, "y": 90},
            {"dt_ms": 200, "x": 200, "y": 150},
        ],
        "code_pyautogui": "pyautogui.moveTo(x=0.25, y=0.375)\npyautogui.dragTo(x=0.625, y=0.75, button='left')",
        "action_openai_json": json.dumps(
            {"type": "drag", "path": [{"x": 80, "y": 75}, {"x": 200, "y": 150}]}
        ),
        "action_anthropic_json": json.dumps(
            {"action": "left_click_drag", "start_coordinate": [80, 75], "coordinate": [200, 150]}
        ),
    }  # fmt: skip
    scroll = {
        "action_type": "scroll", "button": None, "clicks": None, "scroll_dx": 0.0,
        "scroll_dy": -3.0, "code_pyautogui": "pyautogui.moveTo(x=0.25, y=0.375)\npyautogui.scroll(-3)",
        "action_openai_json": json.dumps(
            {"type": "scroll", "x": 80, "y": 75, "scroll_x": 0, "scroll_y": 300}
        ),
        "action_anthropic_json": json.dumps(
            {"action": "scroll", "coordinate": [80, 75], "scroll_direction": "down",
             "scroll_amount": 3}
        ),
    }  # fmt: skip
    put(
        folder,
        [
            step(FIRST, 0),
            typed("Dear <EMAIL_1>", episode_id=FIRST, index=1),
            typed(None, episode_id=FIRST, index=2),
            step(FIRST, 3, **drag),
            unpictured(step(FIRST, 4)),
            step(SECOND, 0, **scroll, instruction=None, frame_lag_ms=20.0),
            step(THIRD, 0, **bert, image={"bytes": screen(90), "path": None}),
            unpictured(step(THIRD, 1, **bert)),
        ],
    )
    return folder
