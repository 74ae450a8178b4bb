"""What was refused for good is not fetched again; what time may mend is looked at again."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode
from recorder.research.quarantine import quarantined
from recorder.research.sources import Candidate
from tests.unit.research.bundles import Content, Lab, bundle
from tests.unit.sharing.joining import Person


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was fetched so far."""
    names: list[str] = []
    real = Candidate.fetch

    def fetch(candidate: Candidate, path: Path, most_bytes: int) -> None:
        names.append(candidate.name)
        real(candidate, path, most_bytes)

    monkeypatch.setattr(Candidate, "fetch", fetch)
    return names


def refused(lab: Lab, person: Person, joined: Joined) -> Path:
    """Put a bundle there that was cut."""
    data, manifest = bundle(person, joined, Content())
    return lab.put(data[:-600], manifest)


def test_the_same_file_is_fetched_once_and_told_each_time(
    lab: Lab, person: Person, joined: Joined, fetched: list[str]
) -> None:
    refused(lab, person, joined)
    assert lab.collect().code is ExitCode.WARNINGS
    before = list(quarantined(lab.collection.folder))
    report = lab.collect()
    assert report.tally.states == {"refused before": 1}
    assert report.tally.refused_before == {(30, before[0].reason): 1}
    assert (report.code, len(fetched)) == (ExitCode.OK, 1)
    assert list(quarantined(lab.collection.folder)) == before


def test_again_judges_it_anew(lab: Lab, person: Person, joined: Joined, fetched: list[str]) -> None:
    refused(lab, person, joined)
    lab.collect()
    assert lab.collect(again=True).tally.states == {"refused": 1}
    assert len(fetched) == 2


def test_another_file_under_the_name_is_judged(lab: Lab, person: Person, joined: Joined) -> None:
    path = refused(lab, person, joined)
    lab.collect()
    os.utime(path, ns=(1, 1))
    assert lab.collect().tally.states == {"refused": 1}
    path.write_bytes(b"x")
    assert lab.collect().tally.states == {"refused": 1}


def test_a_file_of_another_place_is_judged(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    refused(lab, person, joined)
    lab.collect()
    other = shutil.copytree(lab.drop, tmp_path / "other")
    assert lab.collect(other).tally.states == {"refused": 1}


def test_its_bytes_are_fetched_once_more_where_they_are_wanted(
    lab: Lab, person: Person, joined: Joined, fetched: list[str]
) -> None:
    refused(lab, person, joined)
    lab.collect()
    for _ in range(2):
        lab.collect(keep_refused=True)
    assert len(fetched) == 2
    assert len(list((lab.collection.folder / "quarantine").glob("*.refused"))) == 1


def test_a_notice_that_is_not_known_yet_is_looked_for_again(
    lab: Lab, person: Person, joined: Joined
) -> None:
    lab.share(person, joined)
    unknown = replace(lab.order.expect, notices={})
    assert lab.collect(expect=unknown).tally.states == {"refused": 1}
    assert lab.collect().tally.states == {"new": 1}


def test_a_clock_that_runs_ahead_is_no_refusal_for_good(
    lab: Lab, person: Person, joined: Joined
) -> None:
    lab.share(person, joined)
    ahead = replace(lab.order.expect, now_ns=joined.entry.expires_wall_ns)
    assert lab.collect(expect=ahead).tally.states == {"refused": 1}
    assert lab.collect().tally.states == {"new": 1}


def test_content_that_no_consent_covers_is_refused_for_good(
    lab: Lab, person: Person, joined: Joined, fetched: list[str]
) -> None:
    lab.share(person, joined, Content(index={"grant": "demo"}))
    lab.collect()
    assert lab.collect().tally.states == {"refused before": 1}
    assert len(fetched) == 1
