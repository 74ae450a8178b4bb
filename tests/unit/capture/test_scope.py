import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.capture.labels import clean_title
from recorder.capture.scope import Page, Scope, Verdict, WindowFacts
from recorder.core.scenes import Gate, Paint

EXCLUDED = Verdict(Paint.HIDE, Gate.EXCLUDED)
REDACTED = Verdict(Paint.REDACT, Gate.OPEN)


def decide(allowed: str, facts: WindowFacts, grant: tuple[str, ...] = ("*",)) -> Verdict:
    return Scope(tuple(allowed.split()), grant).decide(facts)


def test_nothing_is_allowed_by_default() -> None:
    assert Scope((), ("*",)).decide(WindowFacts("xterm")) == EXCLUDED


def test_an_allowed_app_is_taken() -> None:
    assert decide("xterm", WindowFacts("xterm")) == REDACTED


@given(st.text(max_size=20))
def test_an_app_that_was_not_picked_is_excluded(app: str) -> None:
    assert decide("xterm", WindowFacts(app)).paint is Paint.HIDE or app == "xterm"


def test_an_unknown_owner_is_hidden() -> None:
    assert decide("xterm", WindowFacts("")) == EXCLUDED


def test_a_browser_is_excluded_while_accessibility_does_not_answer() -> None:
    verdict = decide("chromium", WindowFacts("chromium"))
    assert (verdict.paint, verdict.gate) == (Paint.HIDE, Gate.EXCLUDED)
    assert verdict.degraded == ("no_accessibility",)


def test_a_browser_entry_without_host_allows_any_host() -> None:
    assert decide("chromium", WindowFacts("chromium", page=Page("a.example"))) == REDACTED
    assert decide("chromium", WindowFacts("chromium", page=Page(""))) == REDACTED


@pytest.mark.parametrize(
    ("entry", "host", "is_taken"),
    [
        ("chromium:jira.example.com", "jira.example.com", True),
        ("chromium:jira.example.com", "evil-jira.example.com", False),
        ("chromium:jira.example.com", "sub.jira.example.com", False),
        ("chromium:*.example.com", "jira.example.com", True),
        ("chromium:*.example.com", "example.com", True),
        ("chromium:*.example.com", "badexample.com", False),
        ("chromium:jira.example.com", "", False),
        ("firefox:jira.example.com", "jira.example.com", False),
    ],
)
def test_a_host_entry_allows_its_host_only(entry: str, host: str, *, is_taken: bool) -> None:
    verdict = decide(entry, WindowFacts("chromium", page=Page(host)))
    assert (verdict == REDACTED) is is_taken
    assert is_taken or verdict == EXCLUDED


@pytest.mark.parametrize(
    "title",
    ["New Tab - Chromium (Incognito)", "Mozilla Firefox Private Browsing", "a - InPrivate - Edge",
     "Neuer Tab - Chromium (Inkognito)"],
)  # fmt: skip
def test_private_windows_are_never_taken(title: str) -> None:
    page = Page("a.example")
    assert decide("chromium", WindowFacts("chromium", (), title, page)) == EXCLUDED
    hidden = Page("a.example", is_private=True)
    assert decide("chromium", WindowFacts("chromium", (), "x", hidden)) == EXCLUDED


@pytest.mark.parametrize("app", ["keepassxc", "bitwarden", "1password"])
def test_password_managers_are_never_taken(app: str) -> None:
    assert decide(app, WindowFacts(app)) == EXCLUDED
    assert decide("xterm", WindowFacts("xterm", (app,))) == EXCLUDED


@pytest.mark.parametrize("app", ["pinentry-gtk-2", "i3lock", "gcr-prompter", "ssh-askpass"])
def test_prompts_and_lock_screens_shut_the_gate_as_secure(app: str) -> None:
    assert decide(app, WindowFacts(app)) == Verdict(Paint.HIDE, Gate.SECURE)
    assert decide("xterm", WindowFacts("", (app,))).gate is Gate.SECURE


def test_conversations_are_taken_as_layout_at_most() -> None:
    assert decide("slack", WindowFacts("slack")).paint is Paint.LAYOUT
    mail = WindowFacts("chromium", page=Page("mail.google.com"))
    assert decide("chromium", mail).paint is Paint.LAYOUT


@pytest.mark.parametrize(
    ("allowed", "grant", "app", "host", "is_taken"),
    [
        ("xterm", ("zenity",), "xterm", "", False),
        ("xterm", ("xterm", "zenity"), "xterm", "", True),
        ("chromium", ("chromium:a.example",), "chromium", "a.example", True),
        ("chromium", ("chromium:a.example",), "chromium", "b.example", False),
        ("chromium:a.example", ("chromium",), "chromium", "a.example", True),
        ("chromium:b.example", ("chromium:a.example",), "chromium", "b.example", False),
        ("chromium:a.b.example", ("chromium:*.b.example",), "chromium", "a.b.example", True),
        ("chromium:*.b.example", ("chromium:a.b.example",), "chromium", "c.b.example", False),
        ("*", ("*",), "xterm", "", False),
    ],
)
def test_the_grant_sets_the_widest_list(
    allowed: str, grant: tuple[str, ...], app: str, host: str, *, is_taken: bool
) -> None:
    verdict = decide(allowed, WindowFacts(app, page=Page(host)), grant)
    assert (verdict.gate is Gate.OPEN) is is_taken


@pytest.mark.parametrize(
    "name",
    [
        "gcr-prompter", "pinentry-gnome3", "polkit-gnome-authentication-agent-1", "polkit-gnome-au",
        "kscreenlocker_greet", "kscreenlocker_g", "i3lock", "pkexec",
    ],
)  # fmt: skip
def test_prompts_and_lock_screens_shut_the_gate_by_any_of_their_names(name: str) -> None:
    verdict = decide("mine", WindowFacts("mine", names=("mine", name)))
    assert verdict == Verdict(Paint.HIDE, Gate.SECURE)


@pytest.mark.parametrize("name", ["keepassxc", "com.bitwarden.desktop", "com.bitwarden.d"])
def test_password_managers_are_excluded_even_when_picked(name: str) -> None:
    assert decide(f"mine {name}", WindowFacts(name, names=(name,))) == EXCLUDED
    assert decide("mine", WindowFacts("mine", names=("mine", name))) == EXCLUDED


@pytest.mark.parametrize(
    "title",
    [
        "News - Chromium (Incognito)", "Neues - Chromium (Inkognito)",
        "Wiadomości — Mozilla Firefox Tryb prywatny", "ニュース - Chromium (シークレット)",
        "Новости - Chromium (Инкогнито)", "News — Mozilla Firefox Private Browsing",
        "뉴스 - Chromium (시크릿 모드)", "新闻 - Chromium\uff08无痕模式\uff09",
        "Híreink — Mozilla Firefox privát böngészés", "Tin - Chromium (Ẩn danh)",
        unicodedata.normalize("NFD", "Actualité — Navigation privée de Mozilla Firefox"),
    ],
)  # fmt: skip
def test_private_windows_are_excluded_in_many_languages(title: str) -> None:
    facts = WindowFacts("chromium", title=title, page=Page("a.example"))
    assert decide("chromium:a.example", facts) == EXCLUDED


@pytest.mark.parametrize("length", [600, 3000, 30_000])
@pytest.mark.parametrize("filler", ["x", "\u00a0"])
def test_no_title_is_long_enough_to_hide_that_its_window_is_private(
    length: int, filler: str
) -> None:
    title = clean_title(f"News{filler * length} - Chromium (Incognito)".encode())
    facts = WindowFacts("chromium", title=title, page=Page("a.example"))
    assert decide("chromium:a.example", facts) == EXCLUDED
