"""Copies in four forms: read back by the library, or the schema, that their readers use."""

import ast
import base64
import io
import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from recorder.core.errors import RecorderError
from recorder.episodes.exporting import CopyExists
from recorder.research.exports.exporting import Form, export_dataset
from recorder.research.exports.tasks import Exported
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.steps_file import ShardDamaged
from tests.unit.research.loaders import datasets
from tests.unit.research.made_dataset import FIRST, HEIGHT, WIDTH, put, small, step, typed


def export(folder: Path, form: Form, to: Path, **more: bool) -> Exported:
    return export_dataset(DatasetFolder.open(folder), to, form, lambda: None, **more)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return small(tmp_path / "made")


def test_hugging_face_opens_the_copy_with_its_splits_and_decodes_the_pictures(
    made: Path, tmp_path: Path
) -> None:
    done = export(made, "hf", tmp_path / "copy")
    found = datasets.load_dataset(str(tmp_path / "copy"), cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in found.items()} == {"train": 6, "test": 2}
    first = found["train"][0]
    assert first["image"].size == (WIDTH, HEIGHT)
    assert first["image"].convert("RGB").getpixel((80, 75)) == (30, 30, 30)
    assert found["train"][2]["text"] is None
    assert found["train"][3]["path"][2] == {"dt_ms": 200, "x": 200, "y": 150}
    assert (done.steps, done.left_out) == (8, {})


def test_hugging_face_streams_the_copy(made: Path, tmp_path: Path) -> None:
    export(made, "hf", tmp_path / "copy")
    found = datasets.load_dataset(str(tmp_path / "copy"), streaming=True, split="test")
    rows = list(found)
    assert [row["episode_id"] for row in rows] == [rows[0]["episode_id"]] * 2
    assert rows[0]["image"].size == (WIDTH, HEIGHT)
    assert rows[1]["image"] is None


def test_hugging_faces_loader_reads_agentnets_lines(made: Path, tmp_path: Path) -> None:
    done = export(made, "agentnet", tmp_path / "copy")
    found = datasets.load_dataset(
        "json", data_files=str(tmp_path / "copy/agentnet.jsonl"), split="train",
        cache_dir=str(tmp_path / "cache"),
    )  # fmt: skip
    assert sorted(row["instruction"] for row in found) == ["", "write a letter", "write a letter"]
    assert done.steps == sum(len(row["traj"]) for row in found) == 5


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str
    observation: None
    thought: None
    action: None
    last_step_correct: None
    last_step_redundant: None
    reflection: None


class _Entry(BaseModel):
    index: int
    image: Annotated[str, Field(pattern=r"^[\w-]+\.png$")]
    value: _Value


class _AgentNetTask(BaseModel):
    """Written from the card of xlangai/AgentNet and OpenCUA's raw_example.jsonl."""

    task_id: str
    instruction: str
    task_completed: None
    alignment_score: None
    efficiency_score: None
    task_difficulty: None
    natural_language_task: None
    actual_task: None
    traj: Annotated[list[_Entry], Field(min_length=1)]


def test_agentnets_form_holds_tasks_of_code_and_pictures(made: Path, tmp_path: Path) -> None:
    done = export(made, "agentnet", tmp_path / "copy")
    found = [_AgentNetTask.model_validate(row) for row in lines(tmp_path / "copy/agentnet.jsonl")]
    assert len({task.task_id for task in found}) == len(found) == done.tasks == 3
    for task in found:
        assert [one.index for one in task.traj] == list(range(len(task.traj)))
        for one in task.traj:
            ast.parse(one.value.code)
            with Image.open(tmp_path / "copy/images" / one.image) as picture:
                assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert done.left_out == Counter({"no picture": 2, "text not consented": 1})
    told = (tmp_path / "copy/README.md").read_text()
    assert "thought" in told
    assert "1 step: text not consented" in told


def test_what_was_taken_out_stays_a_placeholder(made: Path, tmp_path: Path) -> None:
    export(made, "agentnet", tmp_path / "copy")
    entries = [one for row in lines(tmp_path / "copy/agentnet.jsonl") for one in row["traj"]]
    typing = [one for one in entries if "write" in one["value"]["code"]]
    assert [one["value"]["code"] for one in typing] == ["pyautogui.write(message='Dear <EMAIL_1>')"]
    assert typing[0]["redacted"] is True


def test_a_new_instruction_begins_a_new_task_and_a_frame_is_written_once(tmp_path: Path) -> None:
    put(tmp_path / "made", [
        step(index=0), step(index=1, instruction="send it", frame_id=0),
        step(index=2, frame_id=0), step(index=3),
    ])  # fmt: skip
    done = export(tmp_path / "made", "agentnet", tmp_path / "copy")
    found = lines(tmp_path / "copy/agentnet.jsonl")
    assert [(row["task_id"], row["instruction"]) for row in found] == [
        (f"{FIRST}-0", "write a letter"), (f"{FIRST}-1", "send it"), (f"{FIRST}-2", "write a letter"),
    ]  # fmt: skip
    assert (done.pictures, len(list((tmp_path / "copy/images").iterdir()))) == (2, 2)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Point(_Strict):
    x: int
    y: int


class _Click(_Point):
    type: Literal["click"]
    button: Literal["left", "right", "wheel", "back", "forward"]


class _DoubleClick(_Point):
    type: Literal["double_click"]


class _Drag(_Strict):
    type: Literal["drag"]
    path: Annotated[list[_Point], Field(min_length=2)]


class _Keys(_Strict):
    type: Literal["keypress"]
    keys: Annotated[list[str], Field(min_length=1)]


class _Scroll(_Point):
    type: Literal["scroll"]
    scroll_x: int
    scroll_y: int


class _Text(_Strict):
    type: Literal["type"]
    text: str


class _Wait(_Strict):
    type: Literal["wait"]


OPENAI: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        _Click | _DoubleClick | _Drag | _Keys | _Scroll | _Text | _Wait, Field(discriminator="type")
    ]
)
"""`ComputerAction` of OpenAI's Responses API, 2026."""


class _Input(_Strict):
    """Input of Anthropic's tool `computer_20250124`."""

    action: Literal[
        "key", "hold_key", "type", "left_click", "left_click_drag", "right_click", "middle_click",
        "double_click", "triple_click", "scroll", "wait",
    ]  # fmt: skip
    coordinate: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    start_coordinate: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    text: str | None = None
    scroll_direction: Literal["up", "down", "left", "right"] | None = None
    scroll_amount: int | None = None
    duration: float | None = None


def test_openais_lines_hold_actions_of_its_schema(made: Path, tmp_path: Path) -> None:
    done = export(made, "openai", tmp_path / "copy")
    found = lines(tmp_path / "copy/steps.jsonl")
    kinds = [OPENAI.validate_python(row["action"]).type for row in found]
    assert kinds == ["click", "click", "type", "drag", "scroll"]
    assert done.steps == len(found) == 5
    for row in found:
        assert row["screenshot"]["type"] == "computer_screenshot"
        with Image.open(tmp_path / "copy" / row["screenshot"]["image_url"]) as picture:
            assert picture.size == (row["width"], row["height"])


def test_anthropics_lines_hold_inputs_of_its_tool(made: Path, tmp_path: Path) -> None:
    done = export(made, "anthropic", tmp_path / "copy", embed=True)
    found = lines(tmp_path / "copy/steps.jsonl")
    assert len([_Input.model_validate(row["action"]) for row in found]) == done.steps == 5
    for row in found:
        source = row["screenshot"]["source"]
        assert (source["type"], source["media_type"]) == ("base64", "image/png")
        with Image.open(io.BytesIO(base64.b64decode(source["data"]))) as picture:
            assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert not (tmp_path / "copy/images").exists()


def test_an_action_that_the_format_has_no_word_for_is_left_out_and_counted(tmp_path: Path) -> None:
    put(tmp_path / "made", [step(index=0, action_openai_json=None), typed("x", index=1)])
    done = export(tmp_path / "made", "openai", tmp_path / "copy")
    assert (done.steps, done.left_out) == (1, {"the format has no such action": 1})


def test_a_picture_that_cannot_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    broken = {"bytes": b"RIFF nonsense", "path": None}
    put(tmp_path / "made", [step(index=0, image=broken), step(index=1)])
    done = export(tmp_path / "made", "agentnet", tmp_path / "copy")
    assert (done.steps, done.left_out) == (1, {"picture cannot be read": 1})


@pytest.mark.parametrize("form", ["hf", "agentnet", "openai", "anthropic"])
def test_a_copy_that_fails_leaves_nothing(tmp_path: Path, form: Form) -> None:
    last = put(tmp_path / "made", [step(), step("z", participant_id="p" + "c" * 32)])[-1]
    last.write_bytes(last.read_bytes()[:-100])
    with pytest.raises(ShardDamaged):
        export(tmp_path / "made", form, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_what_is_there_is_never_written_over(made: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with pytest.raises(CopyExists):
        export(made, "hf", tmp_path / "copy")


def test_a_file_with_other_columns_is_refused(made: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), made / "data/train/p-00001.parquet")
    with pytest.raises(RecorderError, match="columns"):
        export(made, "hf", tmp_path / "copy")


def test_a_name_from_elsewhere_stays_within_the_copy(tmp_path: Path) -> None:
    put(tmp_path / "made", [step("../../../evil")])
    export(tmp_path / "made", "agentnet", tmp_path / "copy")
    assert [path.name for path in (tmp_path / "copy/images").iterdir()] == [
        "_________evil-000000.png"
    ]
