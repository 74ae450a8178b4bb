"""What a study would get, on the page: from the sealed bytes, and gone with the approval."""

from pathlib import Path

import pytest

from recorder.consent.keys import create_device_key, load_public_key, load_user_key, verify_envelope
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.selection import TimeRange
from recorder.files import private_folder
from recorder.sharing.approval import Wish, approvals, approve, withdraw_approval
from tests.unit.episodes.studio import SECOND, Studio
from tests.web.axe import violations
from tests.web.chromium import Chromium
from tests.web.player import PAINTED, apply, look_at, step_to, visit, waits
from tests.web.site import PASSPHRASE, Site

ROUTES = (
    "approved/sleep/{id}",
    "api/approved/sleep/{id}/moments",
    "api/approved/sleep/{id}/frame/2",
)


@pytest.fixture
def part(studio: Studio, home: Path) -> str:
    """Approve 10 s to 25 s of the episode; gives what the page calls it."""
    key = load_user_key(studio.folder, studio.identity)
    span = TimeRange(10 * SECOND, 25 * SECOND)
    approve(studio.open(home), Wish("sleep", [span]), key.sign)
    return f"approved/sleep/{home.name}"


def test_only_what_was_approved_is_shown(site: Site, home: Path, part: str) -> None:
    page = site.page(part).text
    assert "What sleep would get" in page
    assert "<td>15 s</td>" in page
    assert "3 pictures, the first of" in page
    assert "an e-mail address" in page
    assert "as you signed them" in page
    assert "jira.example.com" not in page
    for act in ("delete-range", "approve-form", "data-seen", "data-decide"):
        assert act not in page
    rows = site.api(f"{part}/moments?count=200").text
    assert "Type write to" in "".join(
        piece["text"] for row in site.api(f"{part}/moments?count=200").json["rows"]
        for piece in row["caption"]
    )  # fmt: skip
    assert "goodbye" not in rows
    own = site.api(f"episode/{home.name}/frame/2")
    shown = site.api(f"{part}/frame/0")
    assert (shown.status, shown.body) == (200, own.body)
    assert site.api(f"{part}/frame/3").status == 422


def test_it_comes_from_the_sealed_bytes_and_not_from_the_recording(
    site: Site, home: Path, part: str
) -> None:
    before = site.api(f"{part}/frame/2").body
    for path in home.glob("*.parquet"):
        path.write_bytes(b"gone")
    site.tell("lock", {})
    site.tell("unlock", {"passphrase": PASSPHRASE})
    assert site.api(f"{part}/frame/2").body == before
    assert "3 pictures" in site.page(part).text


def test_the_recording_leads_to_it_and_applying_says_what_it_holds(site: Site, home: Path) -> None:
    sent = {"episode": home.name, "kind": "approve", "study": "sleep-2026"}
    assert site.tell("changes", sent).status == 200
    said = site.tell("apply", {}).json["said"][0]
    assert "The sealed copy holds 56 s: " in said
    assert "11 frames" in said
    link = f"approved/sleep-2026/{home.name}"
    assert link in site.page(f"episode/{home.name}").text
    assert site.page(link).status == 200


def test_a_changed_recording_is_said_and_a_changed_copy_shows_nothing(
    site: Site, studio: Studio, home: Path, part: str
) -> None:
    with (home / "manifest.json").open("ab") as file:
        file.write(b" ")
    assert "no longer holds" in site.page(part).text
    found = next(approvals(studio.folder, load_public_key(studio.folder, "user")))
    sealed = found.payload.read_bytes()
    found.payload.write_bytes(sealed[:-50])
    answer = site.page(part)
    assert answer.status == 422
    assert "cannot be shown" in answer.text


def test_it_goes_with_the_approval_and_with_the_lock(
    site: Site, studio: Studio, home: Path, part: str
) -> None:
    asked = [route.format(id=home.name) for route in ROUTES]
    assert [site.page(path).status for path in asked] == [200, 200, 200]
    site.tell("lock", {})
    for path in asked:
        answer = site.page(path)
        assert answer.status == 423
        assert "write" not in answer.text
    site.tell("unlock", {"passphrase": PASSPHRASE})
    withdraw_approval(studio.folder, "sleep", home.name)
    assert [site.page(path).status for path in asked] == [404, 404, 404]
    cookie, site.cookie = site.cookie, ""
    assert {site.page(path).status for path in asked} == {401}
    site.cookie = cookie


@pytest.mark.parametrize("name", ["SLEEP", ".sleep", "x" * 65, "none", "%2e%2e", "sleep%2f.."])
def test_a_name_that_is_no_study_shows_nothing(
    site: Site, home: Path, part: str, name: str
) -> None:
    assert part
    assert site.page(f"approved/{name}/{home.name}").status == 404
    assert site.page(f"approved/sleep/{'0' * 26}").status == 404


def test_nothing_of_it_reaches_the_disk(site: Site, part: str) -> None:
    before = {p: p.read_bytes() for p in site.studio.folder.rglob("*") if p.is_file()}
    for path in (part, f"api/{part}/frame/2", f"api/{part}/moments"):
        assert site.page(path).status == 200
    assert {p: p.read_bytes() for p in site.studio.folder.rglob("*") if p.is_file()} == before


def test_what_somebody_else_signed_is_not_approved(site: Site, home: Path, tmp_path: Path) -> None:
    manifest = home / "manifest.json"
    device = load_public_key(site.studio.folder, "device")
    payload = verify_envelope(manifest.read_bytes(), device, MANIFEST_TYPE)
    other = create_device_key(private_folder(tmp_path / "other"))
    manifest.write_bytes(other.sign(payload, MANIFEST_TYPE))
    answer = site.tell("changes", {"episode": home.name, "kind": "approve", "study": "sleep"})
    assert answer.status == 409
    assert "this folder's key did not sign it" in answer.json["error"]
    assert site.api("changes").json["changes"] == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_looked_at_by_keyboard_alone(
    page: Site, browser: Chromium, home: Path, *, dark: bool
) -> None:
    browser.look_like(dark=dark)
    look_at(browser, page, home)
    browser.press("a")
    browser.wait("document.getElementById('approve').open")
    browser.run("document.getElementById('study').focus()")
    browser.type("sleep")
    browser.press("Enter")
    waits(browser, 1)
    apply(browser)
    visit(browser, page, f"episode/{home.name}", "a[href*=approved]")
    browser.run("document.querySelector('a[href*=approved]').focus()")
    browser.press("Enter")
    browser.wait(f"document.querySelector('.facts') && {PAINTED}")
    browser.wait("document.readyState === 'complete'")
    browser.place("h1")
    step_to(browser, "Type write to")
    assert browser.run("document.getElementById('no-picture').hidden")
    browser.wait("document.getElementById('whys').children.length")
    assert violations(browser) == []
    browser.press("End")
    browser.wait("document.getElementById('caption').textContent.includes('goodbye')")
    browser.look_like(dark=dark, zoom=4.0)
    assert violations(browser) == []
    assert browser.run("document.documentElement.scrollWidth - innerWidth") <= 0
    browser.look_like()
