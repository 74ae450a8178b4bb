"""A dataset's folder that a stranger made: nothing of it reaches beyond it, and it is told."""

import io
import json
import resource
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.exporting import CopyUnwritable
from recorder.research.building.shards import PICTURES_KEY
from recorder.research.building.work import shard_file
from recorder.research.exports import pictures
from recorder.research.exports.exporting import Form, export_dataset
from recorder.research.looking import folder
from recorder.research.looking.checking import Asked, check
from recorder.research.looking.consent_faults import Basis, row_consent_faults
from recorder.research.looking.folder import DatasetFolder, ShardForeign
from recorder.research.looking.stats import stats
from recorder.research.looking.steps_file import ShardDamaged
from recorder.research.looking.trajectories import write_pages
from tests.unit.research.bundles import Lab
from tests.unit.research.made_dataset import FIRST, put, small, step, write_shard

_NO_TEXT = (pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe"))
"""Offsets and bytes of one text."""


def _export(made: Path, form: Form, to: Path) -> Any:  # noqa: ANN401 - what was done
    return export_dataset(DatasetFolder.open(made), to, form, lambda: None)


def test_a_link_to_another_file_is_not_opened(tmp_path: Path) -> None:
    made = small(tmp_path / "made")
    (mine,) = put(tmp_path / "mine", [step("mine")])
    (made / "data/train/other.parquet").symlink_to(mine)
    with pytest.raises(ShardForeign, match="is a link"):
        DatasetFolder.open(made)


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    put(tmp_path / "mine", [step("mine")])
    made = small(tmp_path / "made")
    (made / "data/extra").symlink_to(tmp_path / "mine/data/train", target_is_directory=True)
    with pytest.raises(ShardForeign, match="is a link"):
        DatasetFolder.open(made)


def test_a_linked_card_brings_no_secret_into_a_copy(tmp_path: Path) -> None:
    made = small(tmp_path / "made")
    secret = tmp_path / "id_ed25519"
    secret.write_text("PRIVATE KEY")
    for page in ("README.md", "datasheet.md"):
        (made / page).symlink_to(secret)
    _export(made, "hf", tmp_path / "copy")
    assert "PRIVATE KEY" not in (tmp_path / "copy/README.md").read_text()
    assert "PRIVATE KEY" not in (tmp_path / "copy/datasheet.md").read_text()


@pytest.mark.parametrize("name", ["*.parquet", "a b.parquet", "[p].parquet"])
def test_a_file_whose_name_is_a_pattern_is_refused(tmp_path: Path, name: str) -> None:
    made = small(tmp_path / "made")
    write_shard(made / "data/train" / name, [step()], [])
    with pytest.raises(ShardForeign, match="has a name"):
        DatasetFolder.open(made)


def test_a_split_that_could_not_stand_in_a_card_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "made", [step(split="a: b")])
    with pytest.raises(ShardForeign, match="has a name"):
        DatasetFolder.open(tmp_path / "made")


def test_a_folder_above_that_looks_like_a_column_is_none(tmp_path: Path) -> None:
    found = stats(DatasetFolder.open(small(tmp_path / "split=mine" / "redacted=1" / "[1]*")))
    assert {one.split for one in found.splits} == {"train", "test"}
    assert found.steps == 8


@pytest.mark.parametrize(
    "changed",
    [
        {"image_height": 0}, {"image_width": -5}, {"image_width": None}, {"image_height": None},
    ],
)  # fmt: skip
def test_a_picture_without_a_size_is_told_and_drawn_nowhere(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    put(tmp_path / "made", [step(**changed)])
    with pytest.raises(ShardDamaged, match="image_"):
        write_pages(DatasetFolder.open(tmp_path / "made"), tmp_path / "pages", lambda: None, most=9)
    assert not (tmp_path / "pages").exists()


def test_values_that_are_missing_or_huge_draw_what_can_be_drawn(tmp_path: Path) -> None:
    path = [{"dt_ms": 0, "x": 2**31 - 1, "y": -(2**31)}]
    put(tmp_path / "made", [
        step(index=0, action_type="drag", path=path, x_px=None),
        step(index=1, clicks=32_767, x_norm=float("nan"), frame_lag_ms=float("inf")),
        step(index=2, target_x=1, target_y=None, target_w=3, target_h=None),
        step(index=3, action_type="scroll", scroll_dy=float("inf"), scroll_dx=float("nan")),
    ])  # fmt: skip
    dataset = DatasetFolder.open(tmp_path / "made")
    (page,) = write_pages(dataset, tmp_path / "pages", lambda: None, most=9)
    assert page.steps == 4
    assert (tmp_path / "pages" / page.file).read_text().count("<circle") < 20


def test_an_action_that_is_no_json_is_left_out_and_counted(tmp_path: Path) -> None:
    put(tmp_path / "made", [step(index=0, action_openai_json="[" * 100_000), step(index=1)])
    done = _export(tmp_path / "made", "openai", tmp_path / "copy")
    assert (done.steps, done.left_out) == (1, {"action cannot be read": 1})


def test_a_picture_of_a_kind_that_starts_programs_or_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 99)
    wide = io.BytesIO()
    Image.new("1", (10, 10)).save(wide, "PNG")
    script = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    images = [{"bytes": one, "path": None} for one in (script, wide.getvalue())]
    put(tmp_path / "made", [step(index=n, frame_id=n, image=one) for n, one in enumerate(images)])
    done = _export(tmp_path / "made", "agentnet", tmp_path / "copy")
    assert (done.steps, done.left_out) == (0, {"picture cannot be read": 2})


def test_foreign_notes_of_a_file_are_told_and_break_no_check(tmp_path: Path) -> None:
    (path,) = put(tmp_path / "made", [step()])
    _note(path, PICTURES_KEY, b"no base64")
    asked = Asked("participant", None, None, lambda: None)
    found = [one.told for one in check(DatasetFolder.open(tmp_path / "made"), asked)]
    assert [one for one in found if "does not tell its pictures" in one]
    _note(path, b"recorder.episodes", b"[" * 100_000)
    assert DatasetFolder.open(tmp_path / "made").recorded() == []


def _change(path: Path, column: str, values: pa.Array) -> None:
    told = pq.read_metadata(path).metadata
    rows = pq.read_table(path)
    at = rows.schema.get_field_index(column)
    rows = rows.set_column(at, rows.schema.field(at), values)
    told = {key: value for key, value in told.items() if key != b"ARROW:schema"}
    pq.write_table(rows.replace_schema_metadata(told), path)


def _note(path: Path, key: bytes, value: bytes) -> None:
    rows = pq.read_table(path)
    told = {**(rows.schema.metadata or {}), key: value}
    pq.write_table(rows.replace_schema_metadata(told), path)


def test_a_text_that_is_no_text_is_told_whoever_reads_it(tmp_path: Path) -> None:
    (path,) = put(tmp_path / "made", [step()])
    _change(path, "episode_id", pa.StringArray.from_buffers(1, *_NO_TEXT))
    found = DatasetFolder.open(tmp_path / "made")
    readers = (
        lambda: stats(found),
        lambda: list(found.steps()),
        lambda: list(found.steps(FIRST)),
        lambda: _export(tmp_path / "made", "agentnet", tmp_path / "copy"),
    )
    for read in readers:
        with pytest.raises(ShardDamaged, match=path.name):
            read()
    asked = Asked("participant", None, None, lambda: None)
    told = [one for one in check(found, asked) if one.code is ExitCode.FORMAT]
    assert [one.told.endswith("cannot be read as Parquet") for one in told] == [True]
    assert told[0].fix.startswith("delete it")


@pytest.mark.parametrize("changed", ["renamed", "doubled", "retyped"])
def test_a_file_with_other_columns_is_told_by_the_first(tmp_path: Path, changed: str) -> None:
    (path,) = put(tmp_path / "made", [step()])
    rows = pq.read_table(path)
    at = rows.schema.get_field_index("app_id")
    if changed == "renamed":
        rows = rows.rename_columns(["app" if n == "app_id" else n for n in rows.column_names])
    elif changed == "doubled":
        rows = rows.append_column("app_id", rows["app_id"])
    else:
        rows = rows.set_column(at, "app_id", pa.array([[1]]))
    pq.write_table(rows, path)
    for read in (stats, lambda found: list(found.steps())):
        with pytest.raises(ShardDamaged, match="has not the column app_id"):
            read(DatasetFolder.open(tmp_path / "made"))


def test_pages_that_are_links_too_deep_or_too_long_tell_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = small(tmp_path / "made")
    (made / "stats.json").write_text("[" * 100_000)
    (made / "left_out.jsonl").write_text("[" * 100_000 + '\n{"reason": "damaged"}\n')
    found = DatasetFolder.open(made)
    assert (found.drawn(), found.left_out()) == (None, {"damaged": 1})
    monkeypatch.setattr(folder, "_PAGE_BYTES", 1_000)
    assert found.left_out() == {}
    (tmp_path / "mine.jsonl").write_text('{"reason": "mine"}\n')
    (made / "left_out.jsonl").unlink()
    (made / "left_out.jsonl").symlink_to(tmp_path / "mine.jsonl")
    assert found.left_out() == {}


def test_a_full_disk_is_not_taken_for_the_datasets_place(tmp_path: Path) -> None:
    made = small(tmp_path / "made")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(CopyUnwritable, match="too large"):
            _export(made, "hf", tmp_path / "copy")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not (tmp_path / "copy").exists()


def test_a_participant_that_is_a_path_is_told_and_not_followed(lab: Lab) -> None:
    basis = Basis(lab.collection, lab.study.expect(), lab.order.now)
    some = [("../../../etc", FIRST), ("p\x00", FIRST), ("", FIRST)]
    found = list(row_consent_faults(basis, some, {}))
    assert [one.told.endswith("no participant's pseudonym") for one in found] == [True] * 3


def test_parts_of_a_shard_are_read_in_order(tmp_path: Path) -> None:
    person = "p" + "a" * 32
    for part in (0, 1, 2):
        path = tmp_path / shard_file("train", person, 0, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_shard(path, [step(index=part)], [])
    found = DatasetFolder.open(tmp_path)
    assert [one["step_index"] for one in found.steps()] == [0, 1, 2]
    assert sorted(one.name for one in found.shards) == [one.name for one in found.shards]


def test_figures_of_a_foreign_folder_are_json(tmp_path: Path) -> None:
    with pytest.raises(RecorderError):
        DatasetFolder.open(tmp_path)
    put(tmp_path, [step(app_id="\x00" * 9, frame_lag_ms=3.0)])
    assert json.loads(json.dumps(stats(DatasetFolder.open(tmp_path)).payload()))["steps"] == 1
