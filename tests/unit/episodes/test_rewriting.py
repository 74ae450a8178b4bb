"""Deleting parts of an episode: exact, whole or not at all, with nothing left behind."""

import errno
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image

from recorder.core.context import ContextKind, ContextRow
from recorder.core.errors import ExitCode
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.frames import FrameRow
from recorder.core.losses import Losses
from recorder.episodes.holding import EpisodeBusy, held
from recorder.episodes.names import TABLES, PartName
from recorder.episodes.reader import Episode
from recorder.episodes.rewriting import Removed, plan_removal, remove
from recorder.episodes.selection import Selection, TimeRange, TypedSegment
from recorder.episodes.table_files import DamagedFile, FolderUnwritable, TableFiles
from recorder.episodes.verify import verify
from tests.unit.episodes.studio import SECOND, T0, Studio, add, check, frame, moves, opening

HOST = "news.example"


def picture(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 255 - shade, shade // 2)).save(file, "WEBP", lossless=True)
    return file.getvalue()


def shown(frame_id: int, at_s: float, shade: int, dup_of: int | None = None) -> FrameRow:
    """Give a frame with a real picture, or a duplicate."""
    image = picture(shade)
    return replace(
        frame(frame_id, at_s, image if dup_of is None else None),
        sha256=hashlib.sha256(image).hexdigest(), dup_of_frame_id=dup_of,
        width=64, height=48, origin_x=0, origin_y=0,
    )  # fmt: skip


def window(at_s: float, app: str, title: str, host: str | None = None) -> ContextRow:
    return ContextRow(
        T0 + int(at_s * SECOND), ContextKind.FOCUS, app_id=app, app_name=app, window_title=title,
        url_host=host, x=0, y=0, w=64, h=48,
    )  # fmt: skip


def keys(at_s: float, text: str, frame_id: int, window_seq: int) -> list[EventRow]:
    return [
        EventRow(
            T0 + int((at_s + i * 0.1) * SECOND), Kind.KEY_DOWN, key=letter,
            key_class=KeyClass.CHAR, frame_id=frame_id, window_seq=window_seq,
        )
        for i, letter in enumerate(text)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Write five minutes: an app for each of the first three, a site, a duplicate at the end.

    Every 10 s a frame and ten moves; frame n at 10 n + 1 seconds; frame 29 shows what 7 showed.
    """
    studio = Studio(tmp_path_factory.mktemp("original"))
    writer = studio.begin()
    add(writer, context=opening())
    add(writer, context=[window(0, "xterm", "Shell"), window(60, "mail", "ZANZIBAR letter")])
    add(writer, context=[window(120, "chromium", "News", HOST), window(180, "xterm", "Shell")])
    for step in range(30):
        at_s = step * 10
        seen = shown(step, at_s + 1, 7 if step == 29 else step, 7 if step == 29 else None)
        add(writer, frames=[seen], events=moves(at_s + 2, 10))
    add(writer, events=keys(70, "ZANZIBAR", 7, 4))
    add(writer, events=[replace(moves(200, 1)[0], frame_id=8, window_seq=4)])
    writer.close(Losses())
    return studio


@pytest.fixture
def studio(original: Studio, tmp_path: Path) -> Studio:
    return original.copy(tmp_path / "Recorder")


@pytest.fixture
def episode(studio: Studio) -> Episode:
    home = next((studio.folder / "episodes").glob("*/*"))
    return studio.open(home)


def delete(studio: Studio, episode: Episode, selection: Selection) -> Removed:
    return remove(episode, selection, studio.owner)


def everything(episode: Episode) -> str:
    """Give every row and the summary as text, as they are on disk."""
    return repr([episode.read(table).to_pylist() for table in TABLES]) + repr(episode.summary)


MINUTE = Selection((TimeRange(60 * SECOND, 120 * SECOND),))


def test_a_range_goes_and_a_row_says_that_something_went(studio: Studio, episode: Episode) -> None:
    before = episode.events.num_rows
    removed = delete(studio, episode, MINUTE)
    assert (removed.events, removed.frames, removed.context) == (68, 6, 1)
    rows = episode.events.to_pylist()
    assert len(rows) == before - 68 + 1
    gone = [row for row in rows if row["kind"] == "removed"]
    assert [(row["reason"], row["count"], row["key"]) for row in gone] == [("deleted", None, None)]
    assert not [row for row in rows if 60 * SECOND <= row["t_ns"] < 120 * SECOND]
    seqs = [row["seq"] for row in rows]
    assert seqs == sorted(set(seqs))


def test_what_is_signed_holds_and_tells_the_seconds(studio: Studio, episode: Episode) -> None:
    delete(studio, episode, MINUTE)
    found = verify(episode.path, check)
    assert found.ok
    (note,) = found.manifest.removed
    assert (note.start_s, note.end_s) == (59, 120)
    assert any(name.startswith("frames-") for name in note.files)
    assert not [path for path in episode.path.iterdir() if path.name.startswith(".")]


def test_nothing_of_it_is_left_in_any_file(studio: Studio, episode: Episode) -> None:
    assert "ZANZIBAR" in everything(episode)
    delete(studio, episode, MINUTE)
    left = everything(studio.open(episode.path))
    assert "ZANZIBAR" not in left
    assert repr(picture(6)) not in left
    assert repr(picture(5)) in left


def test_the_summary_counts_what_is_left(studio: Studio, episode: Episode) -> None:
    delete(studio, episode, MINUTE)
    told = studio.open(episode.path).summary
    assert told is not None
    assert {app.app_id for app in told.apps} == {"xterm", "chromium"}
    assert told.counts["events"] == episode.events.num_rows
    assert told.counts["events.removed"] == 1
    assert "events.key_down" not in told.counts
    assert told.counts["frames"] == 24


def test_a_picture_passes_to_the_duplicate_that_stays(studio: Studio, episode: Episode) -> None:
    removed = delete(studio, episode, MINUTE)
    assert removed.alike == (29,)
    last = episode.frames.to_pylist()[-1]
    assert (last["frame_id"], last["dup_of_frame_id"]) == (29, None)
    assert last["image"]["bytes"] == picture(7)


def test_the_very_picture_goes_elsewhere_too_when_asked(studio: Studio, episode: Episode) -> None:
    removed = delete(studio, episode, replace(MINUTE, alike=True))
    assert (removed.frames, removed.alike) == (7, ())
    assert repr(picture(7)) not in everything(episode)


def test_references_to_what_went_become_null(studio: Studio, episode: Episode) -> None:
    delete(studio, episode, MINUTE)
    row = next(row for row in episode.events.to_pylist() if row["t_ns"] == 200 * SECOND)
    assert (row["frame_id"], row["window_seq"]) == (None, None)


def test_an_app_goes_wherever_it_had_the_focus(studio: Studio, episode: Episode) -> None:
    delete(studio, episode, Selection(app_id="XTERM"))
    assert {row["app_id"] for row in episode.context.to_pylist()} == {None, "mail", "chromium"}
    times = {row["t_ns"] // SECOND for row in episode.events.to_pylist()}
    assert not {t for t in times if 0 < t < 59 or t > 181}
    assert [row["kind"] for row in episode.events.to_pylist()].count("removed") == 2


@pytest.mark.parametrize(("site", "rows"), [("example", 1), (HOST, 1), ("ample", 0), ("x", 0)])
def test_a_site_goes_with_those_below_it_and_no_other(
    studio: Studio, episode: Episode, site: str, rows: int
) -> None:
    assert delete(studio, episode, Selection(url_host=site)).context == rows


def test_the_window_in_force_behind_a_range_stays_known_without_its_title(
    studio: Studio, episode: Episode
) -> None:
    delete(studio, episode, Selection((TimeRange(50 * SECOND, 90 * SECOND),)))
    row = next(row for row in episode.context.to_pylist() if row["app_id"] == "mail")
    assert (row["t_ns"], row["window_title"]) == (90 * SECOND, None)
    assert studio.open(episode.path).context.to_pylist() == episode.context.to_pylist()


def test_a_typed_segment_goes_alone(studio: Studio, episode: Episode) -> None:
    rows = episode.events.to_pylist()
    typed = [row["seq"] for row in rows if row["kind"] == "key_down"]
    removed = delete(studio, episode, Selection(typed=TypedSegment(typed[2], typed[5])))
    assert (removed.events, removed.frames, removed.context) == (4, 0, 0)
    left = [row for row in episode.events.to_pylist() if row["kind"] == "key_down"]
    assert "".join(row["key"] for row in left) == "ZAAR"
    assert len(episode.events) == len(rows) - 3


def test_planning_changes_nothing(episode: Episode) -> None:
    before = {path.name: path.read_bytes() for path in episode.path.iterdir()}
    assert plan_removal(episode, MINUTE).frames == 6
    assert {path.name: path.read_bytes() for path in episode.path.iterdir()} == before


def test_where_nothing_is_nothing_changes(studio: Studio, episode: Episode) -> None:
    before = {path.name: path.read_bytes() for path in episode.path.iterdir()}
    far = Selection((TimeRange(900 * SECOND, 999 * SECOND),))
    assert delete(studio, episode, far).is_empty
    assert delete(studio, episode, Selection(app_id="nothing")).is_empty
    assert {path.name: path.read_bytes() for path in episode.path.iterdir()} == before


def test_frames_alone_leave_a_row_under_a_number_of_its_own(
    studio: Studio, episode: Episode
) -> None:
    seqs = set(episode.events.column("seq").to_pylist())
    delete(studio, episode, Selection((TimeRange(211 * SECOND, 211 * SECOND + 1),)))
    added = set(episode.events.column("seq").to_pylist()) - seqs
    assert len(added) == 1
    assert min(added) > max(seqs)


def test_everything_goes_but_the_rows_that_open_the_episode(
    studio: Studio, episode: Episode
) -> None:
    delete(studio, episode, Selection((TimeRange(0, 10_000 * SECOND),)))
    assert [row["kind"] for row in episode.events.to_pylist()] == ["removed"]
    assert episode.frames.num_rows == 0
    assert {row["kind"] for row in episode.context.to_pylist()} == {"consent", "geometry", "clock"}
    assert verify(episode.path, check).ok


def test_a_damaged_file_within_the_range_goes_whole_and_one_outside_stays(
    studio: Studio, episode: Episode
) -> None:
    first, second = sorted(episode.path.glob("events-*"))[:2]
    for path in (first, second):
        path.write_bytes(b"damaged")
    wide = Selection((TimeRange(50 * SECOND, 120 * SECOND),))
    removed = delete(studio, studio.open(episode.path), wide)
    assert removed.damaged == (first.name, second.name)
    third = min(episode.path.glob("events-*"))
    third.write_bytes(b"damaged")
    delete(studio, studio.open(episode.path), Selection((TimeRange(0, 2 * SECOND),)))
    assert third.exists()


def test_a_full_disk_changes_nothing_and_leaves_nothing(
    studio: Studio, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in episode.path.iterdir()}
    real, left = TableFiles.write, [2]

    def write(files: TableFiles, part: PartName, rows: list[pa.Table], ready: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise OSError(errno.ENOSPC, "full")
        real(files, part, rows, ready)

    monkeypatch.setattr(TableFiles, "write", write)
    with pytest.raises(FolderUnwritable) as caught:
        delete(studio, episode, MINUTE)
    assert caught.value.code is ExitCode.UNWRITABLE
    assert {path.name: path.read_bytes() for path in episode.path.iterdir()} == before


def test_who_holds_an_episode_keeps_others_out(studio: Studio, episode: Episode) -> None:
    with held(episode.path):
        assert studio.open(episode.path).events.num_rows
        with pytest.raises(EpisodeBusy), held(episode.path, wait_s=0.0):
            pass
    assert not delete(studio, episode, MINUTE).is_empty


@pytest.mark.parametrize(
    "planted",
    [
        b"no json",
        b'{"schema":"recorder.change/1","replace":{},"remove":["../../keys/device.key"]}',
        b'{"schema":"recorder.change/1","replace":{"../x":"manifest.json"},"remove":[]}',
    ],
)
def test_a_planted_change_is_damage_and_touches_nothing(
    studio: Studio, episode: Episode, planted: bytes
) -> None:
    (episode.path / "change.json").write_bytes(planted)
    before = {path.name: path.read_bytes() for path in episode.path.iterdir()}
    with pytest.raises(DamagedFile):
        studio.open(episode.path)
    assert {path.name: path.read_bytes() for path in episode.path.iterdir()} == before


def test_what_an_older_program_left_half_written_is_taken_away(
    studio: Studio, episode: Episode
) -> None:
    left = episode.path / ".0123456789abcdef.tmp"
    left.write_bytes(b"rows")
    studio.open(episode.path)
    assert not left.exists()
