"""The privacy report: every figure from files, hostile words harmless, columns all explained."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from recorder.core.each_alone import EachAlone
from recorder.episodes.schemas import SCHEMAS
from recorder.research.data_map import data_map
from recorder.research.outbox import post
from recorder.research.privacy_facts import consents, measured_recall
from recorder.research.privacy_report import privacy_report
from recorder.research.quarantine import Quarantined, quarantine
from recorder.research.report_pages import Grid, Part, as_html, as_markdown
from recorder.sharing.erasing import Scope
from recorder.sharing.statements import Use
from tests.unit.research.erasing.lab import FIRST, SECOND, THIRD, Lab
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant

HOSTILE = "<script>alert(1)</script>|[x](http://evil.example)\u202e\x1b[31m\n# Heading"
NOW = datetime.now(UTC)


class Told:
    """A study as the report asks of it."""

    def __init__(self, study: MadeStudy) -> None:
        self.id, self.audience, self.notice = STUDY, study.public, study.notice
        self.terms = study.notice.terms

    def notices(self) -> dict[str, object]:
        return {self.notice.sha256: self.notice}


def report(lab: Lab) -> dict[str, Part]:
    study: Any = Told(lab.study)
    parts = privacy_report(study, lab.collection, NOW, EachAlone())
    return {part.title: part for part in parts}


def rows(part: Part) -> tuple[tuple[str, ...], ...]:
    assert part.grid is not None
    return part.grid.rows


def test_participants_are_counted_by_how_their_consent_stands(
    lab: Lab, study: MadeStudy, tmp_path: Path
) -> None:
    people = [Participant(tmp_path / str(number), study) for number in range(3)]
    for one in people:
        lab.hold(one, FIRST)
    people[0].withdraw()
    lab.erase(people[0], key=people[0].device)
    found = consents(lab.collection, NOW)
    assert (found.states, found.entries) == (
        {"given": 2, "withdrawn": 1}, {"given": 3, "withdrawn": 1},
    )  # fmt: skip
    assert found.levels["screen"] == {"redacted": 2}
    later = consents(lab.collection, NOW + timedelta(days=400))
    assert (later.states, later.levels) == ({"expired": 2, "withdrawn": 1}, {})


def test_what_is_held_is_told_and_a_damaged_record_is_counted_as_such(
    lab: Lab, person: Participant
) -> None:
    for one in (FIRST, SECOND):
        lab.hold(person, one)
    figures = {row[0]: row[1] for row in rows(report(lab)["What is held, and until when"])}
    assert (figures["participants"], figures["recordings"]) == ("1", "2")
    next(lab.collection.paths()).with_suffix(".json").write_text("{}")
    figures = {row[0]: row[1] for row in rows(report(lab)["What is held, and until when"])}
    assert figures["recordings"] == "1"
    assert figures["recordings whose record is damaged, not counted above"] == "1"


def test_uses_erasures_and_refusals_are_told(lab: Lab, person: Participant) -> None:
    held = lab.hold(person, FIRST)
    use = Use(
        use_id=THIRD, study=STUDY, pseudonym=held.pseudonym, dataset=HOSTILE, purpose="learning",
        recipient_role="team", bundles=(held.bundle_id,), delete_by="2020-01-01T00:00:00+00:00",
        created="2026-11-22T00:00:00+00:00",
    )  # fmt: skip
    (lab.collection.folder / "uses.jsonl").write_text(use.model_dump_json(by_alias=True) + "\n")
    refused = Quarantined(
        name=FIRST, source="d", code=31, reason=HOSTILE, size_bytes=1, refused="2026-11-22"
    )
    quarantine(lab.collection.folder, refused)
    lab.erase(person, Scope((FIRST,)))
    found = report(lab)
    assert rows(found["Uses"])[0][4:] == ("2020-01-01 (over)", "1", "1", "0")
    post(lab.collection, "uses", use.pseudonym, use.use_id, b"signed")
    assert rows(report(lab)["Uses"])[0][-1] == "1"
    assert rows(found["Erasures"])[0][1:] == ("1 episode", "0.0 hours", "1", "0", HOSTILE)
    assert rows(found["Refusals"]) == (("31", HOSTILE, "1"),)
    assert rows(found["Accesses"])[0][0] == "delete"
    assert rows(found["Purposes and recipients"])[1][1:] == ("research team",)


def test_the_detector_is_told_with_its_measured_recall(lab: Lab) -> None:
    clean, by_kind = measured_recall()
    part = report(lab)["Redaction"]
    assert rows(part)[0] == (
        clean.kind, f"{clean.share:.1%}", f"{clean.low:.1%} to {clean.high:.1%}", str(clean.cases),
    )  # fmt: skip
    assert len(rows(part)) == len(by_kind) + 1 > 10
    assert 0 < clean.low <= clean.share <= clean.high <= 1


def test_every_column_that_is_shared_is_explained() -> None:
    found = data_map()
    assert {table: [one.name for one in found[table]] for table in found} == {
        table: schema.names for table, schema in SCHEMAS.items()
    }
    assert all(one.meaning for columns in found.values() for one in columns)


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in {"src", "href"}]


@pytest.mark.parametrize("write", [as_html, as_markdown])
def test_hostile_words_stay_words(write: Callable[[str, list[Part]], str]) -> None:
    grid = Grid(("a", HOSTILE), ((HOSTILE, "x" * 5),))
    text = write(HOSTILE, [Part(HOSTILE, (HOSTILE,), grid)])
    assert not {"\u202e", "\x1b"} & set(text)
    assert "<script>" not in text
    tags = Tags()
    tags.feed(text)
    assert "script" not in tags.tags


def test_hostile_words_make_no_heading_link_or_cell_in_markdown() -> None:
    grid = Grid(("a", "b"), ((HOSTILE, "x"),))
    text = as_markdown("Report", [Part("One", (HOSTILE,), grid)])
    assert [line for line in text.splitlines() if line.startswith("#")] == ["# Report", "## One"]
    assert "](" not in text.replace("\\](", "")
    assert "http://" not in text
    row = text.splitlines()[-1]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3


def test_a_report_on_nothing_says_so(lab: Lab) -> None:
    found = report(lab)
    assert "Participants: 0." in found["Consents"].sentences[0]
    assert rows(found["Uses"]) == ()
