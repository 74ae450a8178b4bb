"""Joining a study: only what was understood, chosen and typed becomes a yes."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from recorder.cli import joining
from recorder.cli.joining import Invitation, join_study
from recorder.cli.terminal import Left, Terminal
from recorder.cli.understanding import TRIES, NotAgreed, questions
from recorder.consent.errors import NoConsent
from recorder.consent.ledger import LedgerPlace, read_ledger
from recorder.consent.notice import Notice, NoticeInvalid, parse_notice
from recorder.consent.records import EventState
from recorder.consent.studies import find_joined, invited, pinned_keys
from recorder.core.levels import KeyboardLevel, ScreenLevel, TargetsLevel, TitlesLevel
from tests.unit.consent.conftest import DAY_NS, Person
from tests.unit.consent.made_studies import joins, notice_of, signature_of

NO_TO_ALL = {
    f"Share {stream}": "" for stream in ("keys", "screen", "pointer", "window names", "targets")
}
NUMBERED = re.compile(r"(?m)^  (\d)  (.*)$")


@dataclass
class Applicant:
    """Answers by what is asked; `notice` tells the right answers of the three questions."""

    notice: Notice
    answers: dict[str, str] = field(default_factory=dict)
    knows: bool = True
    shown: str = ""

    def terminal(self) -> Terminal:
        return Terminal(self._read, self._write, self._secret)

    def _write(self, text: str) -> None:
        self.shown += text

    def _read(self) -> str:
        line = self.shown.rsplit("\n", 1)[-1]
        for question, answer in self.answers.items():
            if question in line:
                return answer + "\n"
        if "A number:" in line:
            return self._number() + "\n"
        if line.startswith(">"):
            return f"i  share with {self.notice.terms.id.upper()}\n"
        return "yes\n" if "Share" in line and "which" not in line else "1 2\n"

    def _number(self) -> str:
        rights = {question.right for question in questions(self.notice)}
        for number, answer in NUMBERED.findall(self.shown)[-3:]:
            if (answer in rights) is self.knows:
                return str(number)
        raise AssertionError(self.shown)

    def _secret(self, _question: str) -> str:
        raise AssertionError("no passphrase is asked for here")


@pytest.fixture
def member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A person whose keys are open already: scrypt is tested elsewhere."""
    person = Person(tmp_path)
    identity = str(person.identity)
    (person.folder / "keys" / "recipients.txt").write_text(str(person.identity.to_public()))
    monkeypatch.setattr(joining, "unlock_folder", lambda *_: identity)
    monkeypatch.setattr(joining, "SystemClock", lambda: person.clock)
    return person


def invitation(member: Person, applicant: Applicant, data: bytes) -> Invitation:
    signature = signature_of(data, applicant.notice.terms.id)
    notice, place = invited(member.folder, member.state, data, signature)
    return Invitation(place, applicant.terminal(), notice, data, signature)


def asked(
    member: Person,
    data: bytes | None = None,
    *,
    knows: bool = True,
    answers: dict[str, str] | None = None,
) -> Applicant:
    data = data or notice_of()
    applicant = Applicant(parse_notice(data), answers or {}, knows)
    join_study(invitation(member, applicant, data))
    return applicant


def test_a_yes_holds_what_was_chosen_and_no_more(member: Person) -> None:
    applicant = asked(
        member, answers={"Share keys": "text", "Share window names": "", "from which": "2"}
    )
    found = find_joined(member.folder, member.state, "typing-1")
    found.in_force(member.clock)
    levels = found.entry.levels
    assert levels.keyboard is KeyboardLevel.TEXT
    assert levels.screen is ScreenLevel.REDACTED
    assert levels.titles is TitlesLevel.OFF
    assert levels.targets is TargetsLevel.ON
    assert found.entry.apps == ("chromium:*.example.org",)
    assert "Store " not in applicant.shown
    for promise in ("180 days", "within: 14 days", "Effect on work of saying no or stopping: none"):
        assert promise in applicant.shown


def test_a_level_that_the_notice_does_not_offer_cannot_be_chosen(member: Person) -> None:
    data = notice_of().replace(b"    - class\n    - text\n", b"    - class\n")
    typed = iter(["text", "yes"])
    applicant = Applicant(parse_notice(data))
    usual = applicant._read

    def read() -> str:
        last = applicant.shown.rsplit("\n", 1)[-1]
        return next(typed) + "\n" if "Share keys?" in last else usual()

    terminal = Terminal(read, applicant._write, applicant._secret)
    asking = invitation(member, applicant, data)
    join_study(Invitation(asking.place, terminal, asking.notice, data, asking.signature))
    found = find_joined(member.folder, member.state, "typing-1")
    assert found.entry.levels.keyboard is KeyboardLevel.CLASS


def test_enter_to_everything_is_a_no_that_leaves_no_trace(member: Person) -> None:
    before = set(member.folder.rglob("*"))
    with pytest.raises(NoConsent, match="You said no to the study typing-1"):
        asked(member, answers=NO_TO_ALL)
    assert set(member.folder.rglob("*")) == before


def test_picking_no_app_is_a_no(member: Person) -> None:
    with pytest.raises(NoConsent):
        asked(member, answers={"from which": ""})
    assert not LedgerPlace(member.folder, member.state, "typing-1").ledger.exists()


def test_a_no_ends_an_earlier_yes(member: Person) -> None:
    place = joins(member)
    with pytest.raises(NoConsent):
        asked(member, answers=NO_TO_ALL)
    assert [entry.state for entry in read_ledger(place).entries] == [
        EventState.GIVEN,
        EventState.REFUSED,
    ]


def test_a_stream_that_the_study_requires_cannot_be_left_out(member: Person) -> None:
    data = notice_of().replace(b"required: {}", b"required: {screen: [redacted]}")
    data = data.replace(b"    screen:\n    - layout\n    - redacted\n", b"    screen: [layout]\n")
    for answer in ("", "layout"):
        with pytest.raises(NoConsent):
            asked(member, data, answers={"Share screen": answer})
    assert (
        asked(member, data, answers={"Share screen": "yes"}).shown.count("cannot do without") == 0
    )


def test_who_does_not_understand_has_not_agreed(member: Person) -> None:
    data = notice_of()
    applicant = Applicant(parse_notice(data), knows=False)
    with pytest.raises(NotAgreed, match="Who can read"):
        join_study(invitation(member, applicant, data))
    assert applicant.shown.count("That is not it.") == TRIES
    assert "Readers of the paper" in applicant.shown
    assert not LedgerPlace(member.folder, member.state, "typing-1").ledger.exists()


def test_wrong_answers_do_not_touch_an_earlier_yes(member: Person) -> None:
    joins(member)
    with pytest.raises(NotAgreed):
        asked(member, knows=False)
    find_joined(member.folder, member.state, "typing-1").in_force(member.clock)


def test_other_words_than_the_phrase_are_no_yes(member: Person) -> None:
    with pytest.raises(NotAgreed, match="words were not typed"):
        asked(member, answers={">": "yes"})
    assert not LedgerPlace(member.folder, member.state, "typing-1").ledger.exists()


def test_leaving_at_the_phrase_agrees_to_nothing(member: Person) -> None:
    applicant = Applicant(parse_notice(notice_of()))
    usual = applicant._read
    asking = invitation(member, applicant, notice_of())

    def read() -> str:
        return "" if applicant.shown.endswith("\n> ") else usual()

    terminal = Terminal(read, applicant._write, applicant._secret)
    with pytest.raises(Left):
        join_study(Invitation(asking.place, terminal, asking.notice, asking.data, asking.signature))
    assert not asking.place.ledger.exists()


def test_a_changed_notice_is_shown_with_its_difference_and_asked_again(member: Person) -> None:
    joins(member)
    member.clock.pass_ns(DAY_NS)
    newer = notice_of(version="2.0").replace(b"180", b"200")
    applicant = asked(member, newer)
    assert "-retention_days: 180" in applicant.shown
    assert "+retention_days: 200" in applicant.shown
    assert "Compare it with" not in applicant.shown
    found = find_joined(member.folder, member.state, "typing-1")
    assert found.notice.terms.retention_days == 200
    assert pinned_keys(found.place) == found.notice.terms.controller.keys


def test_the_same_notice_again_shows_no_difference(member: Person) -> None:
    asked(member)
    assert "Compare it with" in asked(member, notice_of("typing-2")).shown
    assert "The notice changed" not in asked(member).shown


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"employment_effect: none", b"employment_effect: a lower wage"),
     (b"lawful_basis: consent", b"lawful_basis: contract"),
     (b"erasure_due_days: 14", b"erasure_due_days: 400"),
     (b"## What can go wrong", b"## Other things")],
)  # fmt: skip
def test_an_unfair_notice_is_not_even_asked_about(member: Person, old: bytes, new: bytes) -> None:
    data = notice_of().replace(old, new)
    applicant = Applicant(parse_notice(data))
    with pytest.raises(NoticeInvalid):
        join_study(invitation(member, applicant, data))
    assert not applicant.shown


def test_the_right_answers_come_from_the_signed_terms() -> None:
    notice = parse_notice(notice_of().replace(b"retention_days: 180", b"retention_days: 7"))
    who, long, stop = questions(notice)
    assert who.right.startswith("The study team")
    assert long.right.startswith("7 days")
    assert stop.right == notice.terms.withdrawal
    for question in (who, long, stop):
        assert question.right not in question.wrong
