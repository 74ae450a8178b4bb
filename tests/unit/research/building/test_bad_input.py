"""Bundles that passed once and cannot be used now: each is named, and the rest goes on."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from recorder.core.errors import ExitCode
from recorder.research.building import builder, episode
from recorder.research.building.admission import RoleUnknown, role_of
from recorder.research.building.engines import BuildFailed
from recorder.research.building.registry import DatasetNameWrong
from recorder.research.content_verdict import ContentRefused
from recorder.research.reduction.reduce import reduce
from tests.unit.research.building.house import House, content


@pytest.fixture
def two(house: House) -> House:
    house.share(content(4), content(6, hour=1))
    return house


def _first_fails(failing: Exception) -> Callable[..., object]:
    """Give a reduction that breaks on the episode of four clicks."""

    def reduced(events: pa.Table, context: pa.Table, **told: object) -> object:
        if events.num_rows == 8:
            raise failing
        return reduce(events, context, **told)  # type: ignore[arg-type]  # as given

    return reduced


@pytest.mark.parametrize(
    ("failing", "code", "reason"),
    [
        (MemoryError(), ExitCode.LIMITS, "it asks for too much memory"),
        (OverflowError(), ExitCode.FORMAT, "its rows do not fit together"),
        (pa.ArrowInvalid("offset overflow"), ExitCode.FORMAT, "its rows do not fit together"),
        (ContentRefused(ExitCode.FORMAT, "a file in it has another schema_version"),
         ExitCode.FORMAT, "a file in it has another schema_version"),
    ],
)  # fmt: skip
def test_an_episode_that_cannot_be_used_is_named_and_the_rest_of_its_shard_is_there(
    two: House, monkeypatch: pytest.MonkeyPatch, failing: Exception, code: int, reason: str
) -> None:
    monkeypatch.setattr(builder, "reduce", _first_fails(failing))
    report = two.build()
    assert report.rows["train"] == 6
    assert [(one.code, one.reason) for one in report.left_out] == [(code, reason)]


def test_an_episode_beyond_what_memory_takes_is_named(
    two: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(episode, "_MOST_EVENTS", 8)
    report = two.build()
    assert [one.code for one in report.left_out] == [ExitCode.LIMITS]
    assert report.rows["train"] == 4


def test_what_is_at_fault_is_looked_at_again_by_the_next_build(
    two: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(builder, "reduce", _first_fails(MemoryError()))
        two.build()
    report = two.build()
    assert (report.built, report.rows["train"], report.left_out) == (1, 10, [])


def test_a_place_that_takes_nothing_ends_the_build_with_one_sentence(
    two: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(builder, "open_drop", no_room)
    monkeypatch.setattr("recorder.research.building.worker.build", no_room)
    with pytest.raises(BuildFailed, match="no space left") as failed:
        two.build()
    assert failed.value.code is ExitCode.UNWRITABLE
    assert not list(Path(two.out).rglob("*.parquet"))


def test_a_bundle_whose_file_is_gone_or_another_is_left_out(two: House) -> None:
    first, second = two.lab.collection.bundles()
    first.path.write_bytes(second.path.read_bytes())
    report = two.build()
    assert [(one.bundle_id, one.code) for one in report.left_out] == [
        (first.bundle_id, ExitCode.HASH)
    ]


def test_a_bundle_without_its_record_is_left_out(two: House) -> None:
    first, _ = two.lab.collection.bundles()
    first.path.with_suffix(".json").write_text("{")
    report = two.build()
    assert [(one.bundle_id, one.code) for one in report.left_out] == [
        (first.bundle_id, ExitCode.CHECKS_FAILED)
    ]
    assert report.rows["train"] == 6


def test_roles_and_names_that_make_no_sense_are_one_sentence(two: House) -> None:
    notice = two.lab.study.notice
    assert role_of(notice, None) == "the lab"
    with pytest.raises(RoleUnknown, match="'a company'"):
        role_of(notice, "a company")
    with pytest.raises(DatasetNameWrong):
        two.build(name="../steps")
