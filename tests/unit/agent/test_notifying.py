"""Which changes of a recording become notifications."""

import pytest

from recorder.agent.notifying import Notifier
from recorder.consent.errors import NoConsent
from recorder.core.errors import RecorderError
from recorder.core.faces import Face
from recorder.core.notifications import Notification

RECORDING = Face("recording")


def paused(*reasons: str) -> dict[str, object]:
    return {"state": "paused", "reasons": list(reasons), "losses": {}}


def lost(**counts: int) -> dict[str, object]:
    return {"state": "recording", "reasons": [], "losses": {"input": counts}}


def seen(*statuses: tuple[Face, dict[str, object]]) -> list[Notification]:
    told: list[Notification] = []
    notifier = Notifier(told.append, lambda _kind: None)
    for face, said in statuses:
        notifier.see(face, said, "goes on by itself when you are back")
    return told


def test_a_pause_by_itself_is_told_once_with_why_and_how_it_goes_on() -> None:
    face = Face("paused", "nobody is here")
    told = seen((face, paused("idle")), (face, paused("idle")), (RECORDING, lost()))
    assert told == [
        Notification(
            "paused idle", "Recording is paused",
            "Nobody is here. Goes on by itself when you are back.",
        )
    ]  # fmt: skip


def test_what_says_that_it_is_paused_goes_when_it_records_again() -> None:
    gone: list[str] = []
    notifier = Notifier(lambda _told: None, gone.append)
    face = Face("paused", "why")
    notifier.see(face, paused("disk", "lock"), "")
    notifier.see(face, paused("disk", "user"), "")
    assert gone == ["paused lock"]
    notifier.see(RECORDING, lost(), "")
    notifier.see(RECORDING, lost(), "")
    assert gone == ["paused lock", "paused disk"]


def test_a_pause_by_the_person_is_no_news_to_them() -> None:
    face = Face("paused", "you paused it")
    assert seen((face, paused("user")), (face, paused("hotkey", "lock"))) == []


def test_a_second_cause_and_a_second_pause_are_told() -> None:
    face = Face("paused", "why")
    told = seen(
        (face, paused("lock")), (face, paused("disk", "lock")), (RECORDING, lost()),
        (face, paused("lock")),
    )  # fmt: skip
    assert [one.kind for one in told] == ["paused lock", "paused disk", "paused lock"]


def test_losses_that_nobody_wished_for_are_told_as_they_grow() -> None:
    told = seen(
        (RECORDING, lost(queue_full=1200, gate_closed=9)),
        (RECORDING, lost(queue_full=1200, gate_closed=90)),
        (RECORDING, lost(queue_full=1201, gate_closed=90, forgotten=4)),
    )
    assert [one.kind for one in told] == ["lost input queue_full"] * 2
    assert told[0].body.startswith("1,200 events missing: they came too fast.")
    assert told[1].body.startswith("1 event missing")


def test_a_page_that_did_not_open_is_told_with_the_way_to_it() -> None:
    told: list[Notification] = []
    Notifier(told.append, lambda _kind: None).unopened()
    assert [(one.summary, one.body) for one in told] == [
        ("The review page did not open", "Open it from a terminal: recorder review.")
    ]


@pytest.mark.parametrize(
    ("why", "error", "told"),
    [
        ("cap", None, "Its time is over. recorder start begins another."),
        ("consent", NoConsent(), str(NoConsent())),
        ("user", None, None),
        ("withdrawn", None, None),
    ],
)
def test_an_end_that_nobody_asked_for_is_told(
    why: str, error: RecorderError | None, told: str | None
) -> None:
    news: list[Notification] = []
    Notifier(news.append, lambda _kind: None).ended(why, error)
    assert [one.body for one in news] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("answer", "summary", "body"),
    [
        ({"rows": 1200, "files": 0}, "Deleted the last 5 minutes", "1,200 rows of this recording."),
        (
            {"rows": 0, "files": 2, "more_s": 41.4},
            "Deleted the last 5 minutes",
            "2 files of recordings just closed, with up to 41 s before.",
        ),
        (
            {"rows": 1, "files": 1, "more_s": 0.2},
            "Deleted the last 5 minutes",
            "1 row of this recording and 1 file of recordings just closed.",
        ),
        ({"rows": 0, "files": 0}, "There was nothing to delete", "Nothing was recorded in"),
        ({"rows": 0, "error": "the disk is full"}, "Nothing was deleted", "The disk is full. To"),
        ({"rows": 3, "error": "the disk is full"}, "Not all was deleted", "The disk is full. To"),
    ],
)
def test_what_was_forgotten_is_told_and_a_failure_is_not_called_done(
    answer: dict[str, object], summary: str, body: str
) -> None:
    told: list[Notification] = []
    Notifier(told.append, lambda _kind: None).forgotten(answer)
    (one,) = told
    assert one.summary == summary
    assert one.body.startswith(body)
