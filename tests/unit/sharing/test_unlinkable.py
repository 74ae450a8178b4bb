"""Two studies that compare what one person gave them: nothing but the pictures is the same."""

import base64
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from recorder.consent.keys import load_user_key
from recorder.core.ids import ulid_wall_ns
from recorder.core.losses import Losses
from recorder.episodes.reader import Episode
from recorder.episodes.selection import TimeRange
from recorder.sharing import approval as approving
from recorder.sharing.approval import Approval, Wish, approve
from recorder.sharing.approved_content import content_of, open_approved
from recorder.sharing.bundle import LEDGER, MANIFEST, NotBundled
from recorder.sharing.bundle_gate import check_outer
from recorder.sharing.consented import bounds_for
from recorder.sharing.drops import open_drop
from recorder.sharing.sending import Sharing, contents_of, share
from recorder.sharing.study_ids import id_for_study
from tests.unit.episodes.studio import (
    SECOND,
    T0,
    WALL,
    add,
    focus,
    frame,
    moves,
    opening,
    owned_studio,
)
from tests.unit.sharing import joining
from tests.unit.sharing.desk import TEXT, Desk
from tests.unit.sharing.joining import NOW, Clock, Study, make_study
from tests.unit.sharing.plain import opened, plain_payload

DAY_NS = 86_400 * SECOND
SAME = {"ab" * 32, "0" * 64}
"""Digest of the studio's pictures, which are the same; what stands before a first entry."""
_IDENTIFIES = re.compile(r"[0-9a-f]{16,}|[0-7][0-9A-HJKMNP-TV-Z]{25}|\d{13,}|age1\w+")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Make one who joins each study at another moment, none of them that of the recording."""
    moments = count(NOW - 12_345_678_901, -7_654_321_987)
    monkeypatch.setattr(joining, "Clock", lambda: Clock(next(moments)))
    return Desk(tmp_path, monkeypatch)


def given(desk: Desk, study: Study, episode: Episode, drop: Path) -> list[str]:
    """Join a study, share the episode with it, and give every value that left, as text."""
    joined = desk.person.join(study, TEXT)
    folder, name = desk.person.folder, joined.study
    sign = load_user_key(folder, desk.person.identity).sign
    approval = approve(episode, Wish(name, None, bounds_for(folder, desk.person.state, name)), sign)
    sharing = Sharing(folder, joined, desk.person.identity, desk.clock)
    sharing.memory.make()
    share(sharing, approval, contents_of(sharing, approval), open_drop(drop))
    (path,) = drop.rglob(f"{name}/**/*.tar")
    outer = check_outer(path, study.expect())
    told, plain = opened(outer, study.identity)
    return [path.name, *_texts(told.model_dump(mode="json")), *_outer(path), *content_values(plain)]


def content_values(plain: bytes) -> Iterator[str]:
    """Give the values of an approved tar: names, index, every column but pictures, metadata."""
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            data = file.read()
            yield member.name
            if member.name.endswith(".json"):
                yield from _texts(json.loads(data))
                continue
            table = pq.read_table(io.BytesIO(data))
            yield from _texts({k.decode(): v.decode() for k, v in table.schema.metadata.items()})
            yield from _texts(table.to_pylist())


def _outer(path: Path) -> Iterator[str]:
    """Give what anyone at the drop reads: the manifest, and each line of the ledger."""
    with tarfile.open(path) as tar:
        for name in (MANIFEST, LEDGER):
            file = tar.extractfile(name)
            assert file is not None
            for line in file.read().splitlines():
                envelope = json.loads(line)
                yield from _texts(json.loads(base64.b64decode(envelope["payload"])))
                yield from _texts(envelope["signatures"])


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif not isinstance(value, bytes):
        yield str(value)


def identifying(values: list[str]) -> set[str]:
    return {found for value in values for found in _IDENTIFIES.findall(value)} - SAME


def test_two_studies_have_no_identifying_value_in_common(desk: Desk) -> None:
    episode = desk.record()
    drop = desk.person.folder.parent / "drop"
    both = [given(desk, study, episode, drop) for study in (desk.study, make_study("sleep-2"))]
    one, other = map(identifying, both)
    assert one
    assert one & other == set()


def test_nothing_that_leaves_is_known_from_the_own_recording(desk: Desk) -> None:
    episode = desk.record()
    values = given(desk, desk.study, episode, desk.person.folder.parent / "drop")
    manifest = episode.manifest
    assert manifest is not None
    own = {episode.episode_id, manifest.consent_id, str(WALL), str(T0)}
    own |= {manifest.ledger_head, manifest.started, str(desk.person.folder), manifest.clock}
    assert not [value for value in values if any(word in value for word in own)]


def test_the_index_tells_what_reading_needs_and_no_more(desk: Desk) -> None:
    episode = desk.record()
    plain = plain_payload(desk.approve(episode, bound=False), desk.person.identity)
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        file = tar.extractfile("index.json")
        assert file is not None
        index = json.loads(file.read())
    assert set(index) == {
        "schema", "episode_id", "ranges", "removed", "schema_version", "grant",
        "recorder_version", "double_click_ms", "drag_threshold_px",
    }  # fmt: skip


def test_an_id_for_a_study_tells_the_day_and_is_the_same_again(desk: Desk) -> None:
    folder, own = desk.person.folder, desk.record().episode_id
    found = id_for_study(folder, "typing-1", own)
    assert ulid_wall_ns(found) == WALL - WALL % DAY_NS
    assert found == id_for_study(folder, "typing-1", own)
    others = [id_for_study(folder, "typing-1", desk.record().episode_id)]
    others += [id_for_study(folder, "typing-2", own), own]
    assert len({found[10:], *(other[10:] for other in others)}) == 4


def test_another_folder_gives_the_same_episode_another_id(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = desk.record().episode_id
    other = owned_studio(tmp_path / "other", monkeypatch)
    ids = {id_for_study(folder, "typing-1", own) for folder in (desk.person.folder, other.folder)}
    assert len(ids) == 2


def test_sharing_it_anew_gives_the_study_the_same_id(desk: Desk) -> None:
    desk.person.join(desk.study, TEXT)
    episode = desk.record()
    for ranges in (None, [TimeRange(0, 20 * SECOND)]):
        desk.approve(episode, ranges)
        desk.share()
    first, second = desk.sharing().memory.all()
    assert first.manifest.episode_id == second.manifest.episode_id != episode.episode_id
    assert first.episode_id == second.episode_id == episode.episode_id


def test_what_was_approved_under_its_own_id_does_not_leave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.person.join(desk.study, TEXT)
    with monkeypatch.context() as before:
        before.setattr(approving, "id_for_study", lambda _folder, _study, own: own)
        desk.approve(desk.record())
    with pytest.raises(NotBundled, match="under another id"):
        desk.plan(named=True)


def _tables(desk: Desk, approval: Approval) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    plain = plain_payload(approval, desk.person.identity)
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        for member in tar.getmembers()[1:]:
            file = tar.extractfile(member)
            assert file is not None
            rows = pq.read_table(io.BytesIO(file.read())).to_pylist()
            found.setdefault(member.name.partition("-")[0], []).extend(rows)
    return found


def test_a_window_that_lasts_over_two_ranges_is_told_at_the_first(desk: Desk) -> None:
    writer = desk.studio.begin()
    add(writer, context=[*opening(), focus(0)], events=moves(0, 60, 1.0))
    episode = desk.studio.open(writer.close(Losses()))
    ranges = [TimeRange(first * SECOND, (first + 5) * SECOND) for first in (10, 30)]
    context = _tables(desk, desk.approve(episode, ranges, bound=False))["context"]
    told = [(row["kind"], row["t_ns"] // SECOND) for row in context]
    assert told == [("geometry", 10), ("focus", 10)]


def test_times_have_no_pattern_below_a_millisecond(desk: Desk) -> None:
    writer = desk.studio.begin()
    events = [replace(one, t_ns=one.t_ns + 179_840) for one in moves(0, 30, 1.0)]
    add(writer, context=[*opening(), focus(0)], events=events, frames=[frame(1, 9.000_179_840)])
    episode = desk.studio.open(writer.close(Losses()))
    ranges = [TimeRange(2 * SECOND + 179_840, 20 * SECOND), TimeRange(20 * SECOND + 1, 25 * SECOND)]
    approval = desk.approve(episode, ranges, bound=False)
    found = _tables(desk, approval)
    times = [
        value for rows in found.values() for row in rows for name, value in row.items()
        if name.startswith("t_") and value is not None
    ]  # fmt: skip
    assert len(times) > 20
    assert {value % 1_000_000 for value in times} == {0}
    shown = open_approved(approval, desk.person.identity)
    assert content_of(shown).duration_ns == 23 * SECOND
