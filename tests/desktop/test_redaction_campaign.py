"""Values typed into real programs, by people who mistype, cannot be read in a recording."""

from pathlib import Path

from benchmarks.campaign_places import PLACES
from benchmarks.cases.words import Part
from benchmarks.redaction_campaign import ORDER, look_for, plan, type_all
from recorder.cli.virtual_desktop import VirtualDesktop
from tests.desktop.recordings import newest, recording

PROVING = {"EMAIL", "CARD", "IBAN", "PHONE", "SECRET", "IP", "MAC", "SSN", "CRYPTO"}
"""These show by themselves what they are; nothing else is promised of bare ones."""


def test_typed_values_can_be_read_nowhere(
    desktop: VirtualDesktop, root: Path, *, soak: bool
) -> None:
    values = plan(Part.DEVELOPMENT, seed=3, count=240 if soak else 8)
    assert {value.place for value in values} == PLACES.keys()
    agent = recording(desktop, root, ORDER)
    evidence = look_for(type_all(desktop, agent, values), newest(agent.home))

    assert evidence.pictures_read > 0, "the check could not read a single picture"
    assert evidence.characters_kept > 0, "nothing was recorded as text"
    leaks = [result for result in evidence.results if result.in_tables or result.in_pictures]
    proving = [result for result in leaks if result.planned.kind in PROVING]
    named = [(r.planned.kind, r.place, r.in_tables, r.in_pictures) for r in proving]
    assert len(named) <= max(1, len(evidence.results) // 20), named
    assert len(leaks) <= len(evidence.results) // 5
