"""What the pages say: titles that attack, damage, deletion meanwhile, locking, search."""

import html
import re
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from recorder.core.losses import Losses
from recorder.core.own_page import OWN_TITLE
from recorder.review.room import IDLE_S
from tests.unit.episodes.studio import SECOND, WALL, Studio, add, frame
from tests.unit.episodes.studio import opening as opening_rows
from tests.web.site import NAVIGATED, PASSPHRASE, Site, make_studio, site_of, window, write_day


def day_of(wall_ns: int = WALL) -> str:
    return datetime.fromtimestamp(wall_ns / 1e9).astimezone().date().isoformat()


def home_of(studio: Studio) -> Path:
    return next(studio.folder.glob("episodes/*/*"))


def test_a_locked_page_shows_no_name_and_no_number(studio: Studio, episode_id: str) -> None:
    with site_of(studio) as site:
        site.come_in(unlock=False)
        for path in ("", f"day/{day_of()}", f"episode/{episode_id}", "search"):
            page = site.page(path)
            assert page.status == 423
            assert "Passphrase" in page.text
            assert not re.search("xterm|chromium|bicycles|60 s", page.text, re.IGNORECASE)
        for path in ("moments", "moment/0", "frame/0", "step", "tasks"):
            assert site.api(f"episode/{episode_id}/{path}").status == 423
        assert site.tell("changes", {"kind": "everything"}).status == 423


def test_a_wrong_passphrase_says_so_and_opens_nothing(studio: Studio) -> None:
    with site_of(studio) as site:
        site.come_in(unlock=False)
        answer = site.tell("unlock", {"passphrase": "guess"})
        assert (answer.status, answer.json["error"]) == (403, "The passphrase is wrong")
        assert site.page().status == 423
        for nonsense in ({"passphrase": 3}, [1], "x"):
            assert site.tell("unlock", nonsense).status in {403, 422}
        assert site.tell("unlock", {"passphrase": PASSPHRASE}).status == 200
        assert site.page().status == 200


def test_locking_wipes_the_keys(site: Site, episode_id: str) -> None:
    opened = site.room.vault.opened(episode_id)
    assert site.tell("lock", {}).json == {"locked": True, "needs": "passphrase"}
    assert site.page().status == 423
    with pytest.raises(ValueError, match="wiped"):
        opened.reel.episode.files._key.file_key("x")  # type: ignore[union-attr]  # it is sealed
    assert opened.reel.episode._identity is None


def test_ten_minutes_without_a_request_lock_the_page(site: Site) -> None:
    site.clock.now_ns += int((IDLE_S - 1) * SECOND)
    assert site.page().status == 200
    site.clock.now_ns += int((IDLE_S + 1) * SECOND)
    assert site.page().status == 423


def test_requests_that_are_refused_do_not_keep_it_open(site: Site) -> None:
    site.clock.now_ns += int((IDLE_S - 1) * SECOND)
    site.get(f"{site.base}/", {"Sec-Fetch-Site": "cross-site"})
    site.clock.now_ns += 2 * SECOND
    assert site.page().status == 423


def test_every_page_says_that_it_is_the_recorders_own(site: Site, episode_id: str) -> None:
    pages = ("", f"day/{day_of()}", f"episode/{episode_id}", "search", "day/2001-01-01")
    for path in pages:
        title = re.search("<title>(.*?)</title>", site.page(path).text, re.DOTALL)
        assert title is not None
        assert OWN_TITLE in title[1]


def test_titles_are_text_and_what_hides_in_them_is_shown(site: Site, episode_id: str) -> None:
    found = site.search("inbox").text
    assert "<img src=x" not in found
    assert html.escape("Inbox <img src=x onerror=alert(1)>") in found
    assert "[U+202E]gnp.exe[U+0007]" in found
    moments = site.api(f"episode/{episode_id}/moments?count=200").text
    assert "\u202e" not in moments
    assert "\\u202e" not in moments
    facts = [site.api(f"episode/{episode_id}/moment/{n}").text for n in range(20)]
    assert not any("\u202e" in fact or "\\u202e" in fact.lower() for fact in facts)


def test_a_question_is_text_too(site: Site) -> None:
    page = site.search('<script>alert(1)</script>\u202e"onfocus=x').text
    assert "<script>alert" not in page
    assert '"onfocus' not in page
    assert "\u202e" not in page


def test_a_title_of_a_megabyte_is_cut(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Recorder")
    home = write_day(studio, title="A" * 1_000_000)
    with site_of(studio) as site:
        site.come_in()
        for path in ("", f"day/{day_of()}", f"episode/{home.name}", "search"):
            page = site.page(path)
            assert page.status == 200
            assert len(page.body) < 200_000
        rows = site.api(f"episode/{home.name}/moments?count=200")
        assert re.search(r"9997\d\d more characters", rows.text)
        assert len(rows.body) < 200_000


def test_a_damaged_file_is_named_and_the_rest_works(site: Site, episode_id: str) -> None:
    home = home_of(site.studio)
    frames = sorted(home.glob("frames-*"))
    frames[0].write_bytes(frames[0].read_bytes()[:-60] + b"\0" * 60)
    page = site.page(f"episode/{episode_id}").text
    assert frames[0].name in page
    assert site.api(f"episode/{episode_id}/moment/1").status == 200
    answer = site.api(f"episode/{episode_id}/frame/0")
    assert (answer.status, answer.json["error"]) == (422, "This picture cannot be read")


def test_a_picture_that_is_no_picture_is_given_as_it_is(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Recorder")
    writer = studio.begin()
    bad = replace(frame(1, 2, b"<script>alert(1)</script>"), width=9, height=9)
    add(writer, context=[*opening_rows(), window(1, "xterm", "a")], frames=[bad])
    home = writer.close(Losses())
    with site_of(studio) as site:
        site.come_in()
        answer = site.api(f"episode/{home.name}/frame/1")
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_episode_whose_key_is_gone_is_listed_with_the_reason(
    site: Site, episode_id: str
) -> None:
    write_day(site.studio, wall_ns=WALL + 3_600 * SECOND)
    home = next(site.studio.folder.glob(f"episodes/*/{episode_id}"))
    (home / "key.age").write_bytes(b"nothing")
    page = site.page()
    assert page.status == 200
    assert "sealed to another key" in page.text
    assert site.page(f"episode/{episode_id}").status == 403
    assert site.page(f"day/{day_of()}").status == 200


def test_an_episode_deleted_meanwhile_is_gone_here_too(site: Site, episode_id: str) -> None:
    assert site.api(f"episode/{episode_id}/frame/0").status == 200
    shutil.rmtree(home_of(site.studio))
    for path in (f"episode/{episode_id}", f"api/episode/{episode_id}/frame/0"):
        answer = site.page(path)
        assert answer.status == 404
        assert "There is no such episode" in answer.text
    assert site.page().status == 200
    assert site.page(f"day/{day_of()}").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "episode/nothing", "episode/01AAAAAAAAAAAAAAAAAAAAAAAA", "day/yesterday", "day/9999-99-99",
        "day/2001-01-01", "search/x", "api/episode/x/moments",
        "api/episode/{id}/moments?view=none", "api/episode/{id}/moments?first=-1",
        "api/episode/{id}/moments?count=99999999999999999999", "api/episode/{id}/moment/99999",
        "api/episode/{id}/moment/x", "api/episode/{id}/frame/77", "api/episode/{id}/step?view=x",
        "api/episode/{id}/affected?frame=0&x=a&y=0&w=1&h=1",
        "api/episode/{id}/affected?frame=777&x=0&y=0&w=1&h=1",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_sentence(site: Site, episode_id: str, path: str) -> None:
    answer = site.page(path.format(id=episode_id))
    assert answer.status in {404, 409, 422}
    assert "Traceback" not in answer.text
    assert len(answer.text) > 20


def test_what_is_being_recorded_can_be_looked_at_only(studio: Studio, episode_id: str) -> None:
    with site_of(studio, live=episode_id) as site:
        site.come_in()
        page = site.page(f"episode/{episode_id}").text
        assert "being recorded" in page
        assert 'id="delete-range"' not in page
        assert "approve-form" not in page
        for kind in ({"kind": "episode"}, {"kind": "app", "app_id": "xterm"}):
            answer = site.tell("changes", {"episode": episode_id, **kind})
            assert (answer.status, answer.json["fix"]) == (409, "recorder stop first")


def test_an_unfinished_episode_is_shown(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Recorder")
    writer = studio.begin()
    add(writer, context=[*opening_rows(), window(1, "xterm", "a")], frames=[frame(1, 2)])
    writer.flush()
    with site_of(studio) as site:
        site.come_in()
        assert "unfinished" in site.page().text
        assert site.page(f"episode/{writer.path.name}").status == 200


def test_a_plain_folder_needs_no_passphrase(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Plain", plain=True)
    home = write_day(studio)
    with site_of(studio) as site:
        site.come_in(unlock=False)
        assert "without encryption" in site.page().text
        assert site.tell("unlock", {"passphrase": None}).status == 200
        assert site.page(f"episode/{home.name}").status == 200


def test_the_list_comes_in_pages(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Recorder", plain=True)
    for number in range(45):
        writer = studio.begin(WALL + number * 3_600 * SECOND)
        add(writer, context=opening_rows())
        writer.close(Losses())
    with site_of(studio) as site:
        site.come_in(unlock=False)
        site.tell("unlock", {})
        first, second = site.page().text, site.page("?from=40").text
        assert (first.count('class="card"'), second.count('class="card"')) == (40, 5)
        assert "?from=40" in first


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    with site_of(make_studio(tmp_path / "Recorder")) as site:
        site.come_in()
        assert "Nothing is recorded yet" in site.page().text
        assert site.page("search").status == 404


def test_a_day_shows_apps_what_was_taken_out_and_what_is_missing(site: Site) -> None:
    page = site.page(f"day/{day_of()}").text
    for words in ("Xterm", "Chromium", "an e-mail address", "paused 1 times", "password field"):
        assert words in page
    assert page.count('role="img"') == 4
    assert "style=" not in page


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("write to", "Type write to"), ("EMAIL", "e-mail address"), ("bicycles", "task"),
        ("jira.example", "site"), ("xterm", "app"), ("SAVE", "Save"), ("nowhere", "Nothing on"),
    ],
)  # fmt: skip
def test_search_finds_text_apps_sites_tasks_targets_and_marks(
    site: Site, question: str, found: str
) -> None:
    page = html.unescape(site.search(question).text)
    assert found in page


def test_a_question_stands_in_no_address(site: Site) -> None:
    assert "write to" not in site.page("search?q=write+to").text.lower()
    found = site.search("write to")
    assert "Type write to" in found.text
    assert "q=" not in "".join(re.findall('(?:href|action)="[^"]*"', found.text))
    for day in ("x", "9999-99-99"):
        assert site.search("a", day).status == 404


def test_the_link_may_lead_to_an_episode(studio: Studio, episode_id: str) -> None:
    with site_of(studio) as site:
        site.room.begin_at = f"episode/{episode_id}"
        link = site.room.door.link(site.port).removeprefix(site.origin)
        assert site.get(link, NAVIGATED).headers["location"].endswith(f"/episode/{episode_id}")


def test_nothing_decrypted_reaches_the_disk(site: Site, episode_id: str) -> None:
    before = {p: p.read_bytes() for p in site.studio.folder.rglob("*") if p.is_file()}
    for path in ("", f"day/{day_of()}", f"episode/{episode_id}", "search"):
        site.page(path)
    site.api(f"episode/{episode_id}/frame/0")
    after = {p: p.read_bytes() for p in site.studio.folder.rglob("*") if p.is_file()}
    assert before == after
