"""The table of steps as an Arrow schema: one row per action."""

import json
from typing import Final, Literal, get_args

import pyarrow as pa

from recorder.episodes.schemas import IMAGE, features

REDUCER_VERSION: Final = "1.0.2"
"""Changes whenever the same events may give other steps."""
STEP_ROW_GROUP_ROWS: Final = 64

ActionType = Literal[
    "click", "double_click", "triple_click", "drag", "scroll", "type", "key", "wait", "terminate"
]
ACTION_TYPES: Final[tuple[ActionType, ...]] = get_args(ActionType)


def _needed(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


PATH: Final = pa.list_(pa.struct([(name, pa.int32()) for name in ("dt_ms", "x", "y")]))
"""Where a drag went: milliseconds since its press, pixels of the virtual desktop."""

_FIELDS: Final = [
    _needed("episode_id", pa.string()),
    _needed("participant_id", pa.string()),
    _needed("split", pa.string()),
    _needed("step_index", pa.int32()),
    _needed("action_type", pa.string()),
    ("button", pa.string()),
    ("clicks", pa.int16()),
    ("text", pa.string()),
    ("keys", pa.list_(pa.string())),
    ("scroll_dx", pa.float32()),
    ("scroll_dy", pa.float32()),
    _needed("duration_ms", pa.int32()),
    *[(name, pa.int32()) for name in ("x_px", "y_px", "end_x_px", "end_y_px")],
    *[(name, pa.float64()) for name in ("x_norm", "y_norm", "end_x_norm", "end_y_norm")],
    ("path", PATH),
    ("target_role", pa.string()),
    ("target_name", pa.string()),
    *[(f"target_{side}", pa.int32()) for side in "xywh"],
    _needed("t_start_ns", pa.int64()),
    _needed("t_end_ns", pa.int64()),
    _needed("first_seq", pa.int64()),
    _needed("last_seq", pa.int64()),
    _needed("n_events", pa.int32()),
    _needed("reducer_version", pa.string()),
    ("frame_id", pa.int64()),
    ("frame_lag_ms", pa.float32()),
    ("image", IMAGE),
    ("image_width", pa.int32()),
    ("image_height", pa.int32()),
    ("app_id", pa.string()),
    ("window_title", pa.string()),
    ("instruction", pa.string()),
    ("code_pyautogui", pa.string()),
    ("action_openai_json", pa.string()),
    ("action_anthropic_json", pa.string()),
    _needed("redacted", pa.bool_()),
]

STEPS: Final = pa.schema(_FIELDS).with_metadata(
    {"huggingface": json.dumps({"info": {"features": features(pa.schema(_FIELDS))}})}
)
"""Sorted by participant, episode and step. The metadata lets Hugging Face decode `image`."""
