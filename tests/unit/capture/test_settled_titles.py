"""A browser's title is told when it surely is the allowed site's, and not before."""

from recorder.capture.settled_titles import SETTLED_NS, SettledTitles

MS = 1_000_000


def test_a_title_is_told_once_it_stayed_with_its_site() -> None:
    titles = SettledTitles()
    assert titles.tell(1, "Board", "a.example", 0) == ""
    assert titles.due_ns == SETTLED_NS
    assert titles.tell(1, "Board", "a.example", SETTLED_NS) == "Board"
    assert titles.due_ns is None


def test_the_title_of_the_next_site_never_comes_out_under_the_last_one() -> None:
    titles = SettledTitles()
    titles.tell(1, "Board", "a.example", 0)
    titles.tell(1, "Board", "a.example", SETTLED_NS)
    assert titles.tell(1, "My bank", "a.example", SETTLED_NS + 10 * MS) == "Board"
    titles.keep(())
    assert titles.tell(1, "My bank", "a.example", SETTLED_NS + 400 * MS) == ""
    assert titles.tell(1, "Board", "a.example", SETTLED_NS + 500 * MS) == ""
    assert titles.tell(1, "Board", "a.example", 3 * SETTLED_NS) == "Board"


def test_another_allowed_site_begins_without_a_title() -> None:
    titles = SettledTitles()
    titles.tell(1, "Board", "a.example", 0)
    titles.tell(1, "Board", "a.example", SETTLED_NS)
    assert titles.tell(1, "Board", "b.example", 2 * SETTLED_NS) == ""


def test_while_the_site_is_doubted_no_time_counts() -> None:
    titles = SettledTitles()
    titles.tell(1, "Board", "a.example", 0)
    assert titles.tell(1, "Board", "a.example", None) == ""
    assert titles.due_ns is None
    assert titles.tell(1, "Board", "a.example", 2 * SETTLED_NS) == ""
    assert titles.tell(1, "Board", "a.example", 3 * SETTLED_NS) == "Board"


def test_a_title_that_never_rests_is_never_told() -> None:
    titles = SettledTitles()
    told = {titles.tell(1, f"({n}) Inbox", "a.example", n * 100 * MS) for n in range(50)}
    assert told == {""}
