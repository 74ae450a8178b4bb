"""Attacks on the page: by name, by origin, by frame, by socket, by replay, by path, by size."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.review.door import Door, is_own_user
from recorder.review.guard import POLICY
from tests.unit.episodes.studio import Studio
from tests.web.site import FROM_PAGE, NAVIGATED, Site, site_of

ROUTES = (
    "", "day/2026-11-18", "episode/{id}", "search", "static/review.css", "api/changes",
    "api/episode/{id}/moments", "api/episode/{id}/moment/0", "api/episode/{id}/frame/0",
    "api/episode/{id}/step", "api/episode/{id}/tasks",
    "api/episode/{id}/affected?frame=0&x=1&y=1&w=9&h=9",
)  # fmt: skip
CHANGES = ("search", "api/unlock", "api/lock", "api/changes", "api/undo", "api/apply", "api/seen")


@pytest.fixture(scope="module")
def shared(template: Studio) -> Iterator[Site]:
    """Give one page for all attacks; none of them may change it."""
    with site_of(template) as found:
        found.come_in()
        yield found


@pytest.fixture
def site(shared: Site) -> Iterator[Site]:
    yield replace(shared)
    assert not shared.room.vault.is_locked
    assert not shared.room.changes.waiting


def route(site: Site, path: str, episode_id: str) -> str:
    return f"{site.base}/{path.format(id=episode_id)}"


@pytest.mark.parametrize("path", ROUTES)
def test_nothing_answers_without_the_right_cookie(site: Site, episode_id: str, path: str) -> None:
    assert site.get(route(site, path, episode_id)).status == 200
    for cookie in ("", "recorder_review=", "recorder_review=" + "A" * 43, "other=1; \x80"):
        site.cookie = cookie
        answer = site.get(route(site, path, episode_id))
        assert answer.status == 401
        assert "recorder review printed" in answer.text


@pytest.mark.parametrize("path", [*ROUTES, *CHANGES, "enter?token=x"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", ""],
)
def test_another_host_name_is_refused(site: Site, episode_id: str, path: str, host: str) -> None:
    method = "POST" if path in CHANGES else "GET"
    headers = {**FROM_PAGE, "Origin": site.origin, "Host": host.format(port=site.port)}
    answer = site.ask(method, route(site, path, episode_id), headers, b"{}")
    assert answer.status in {400, 421}
    assert b"recorder-review" not in answer.body


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "came",
    [
        ("cross-site", "cors", "empty"), ("cross-site", "no-cors", "image"),
        ("cross-site", "no-cors", "script"), ("cross-site", "navigate", "document"),
        ("same-site", "cors", "empty"), ("same-site", "navigate", "document"),
        ("none", "cors", "empty"), ("", "", ""), ("same-origin", "navigate", "iframe"),
        ("none", "navigate", "object"),
    ],
)  # fmt: skip
def test_requests_that_other_pages_cause_are_refused(
    site: Site, episode_id: str, path: str, came: tuple[str, str, str]
) -> None:
    headers = dict(zip(("Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"), came, strict=True))
    answer = site.get(route(site, path, episode_id), {k: v for k, v in headers.items() if v})
    assert answer.status == 403


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"}, {"Origin": "https://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": ""},
        {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"},
    ],
)  # fmt: skip
def test_a_change_comes_from_the_page_or_not_at_all(
    site: Site, path: str, headers: dict[str, str]
) -> None:
    sent = {**FROM_PAGE, "Origin": site.origin, "Content-Type": "application/json"}
    sent.update({name.replace("_", "-"): value for name, value in headers.items()})
    answer = site.ask("POST", f"{site.base}/{path}", {k: v for k, v in sent.items() if v}, b"{}")
    assert answer.status == 403


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_form_of_another_page_cannot_speak_json(site: Site, kind: str) -> None:
    assert site.tell("lock", {}, Content_Type=kind).status == 415


def test_a_second_origin_header_counts_as_none(site: Site) -> None:
    request = (
        f"POST {site.base}/api/lock HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
        f"Origin: {site.origin}\r\nOrigin: {site.origin}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: {site.cookie}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    )
    assert raw(site, request.encode()).startswith(b"HTTP/1.1 403")


def test_a_link_works_once(studio: Studio) -> None:
    with site_of(studio) as site:
        link = site.room.door.link(site.port).removeprefix(site.origin)
        assert site.get(link.replace("token=", "token=x"), NAVIGATED).status == 403
        first = site.get(link, NAVIGATED)
        assert first.status == 303
        attributes = first.headers["set-cookie"].split("; ")[1:]
        assert attributes == [f"Path={site.base}/", "HttpOnly", "SameSite=Strict"]
        again = site.get(link, NAVIGATED)
        assert again.status == 403
        assert "used already" in again.text
        assert "set-cookie" not in again.headers
        assert site.room.door.link(site.port) == ""


def test_a_link_does_not_work_from_another_page(studio: Studio) -> None:
    with site_of(studio) as site:
        link = site.room.door.link(site.port).removeprefix(site.origin)
        headers = {**NAVIGATED, "Sec-Fetch-Site": "cross-site"}
        assert site.get(link, headers).status == 403
        assert site.get(link, NAVIGATED).status == 303


def test_another_user_of_the_machine_cannot_use_the_link(tmp_path: Path) -> None:
    lines = "  sl  local rem st q tr tm retr uid\n 0: 0100007F:1234 0100007F:5678 01 0 0 0 {} 0\n"
    for uid, expected in ((os.getuid(), True), (12345, False)):
        table = tmp_path / "tcp"
        table.write_text(lines.format(uid))
        assert is_own_user(0x5678, 0x1234, table) is expected
    assert is_own_user(1, 2, table) is False


def test_sockets_are_refused(site: Site) -> None:
    request = (
        f"GET {site.base}/api/changes HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://evil.example\r\n"
        f"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: websocket\r\nCookie: {site.cookie}\r\n\r\n"
    )
    assert raw(site, request.encode()).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize(
    "path",
    [
        "static/../app.py", "static/..%2fapp.py", "static/%2e%2e/app.py", "static/..%5capp.py",
        "static/%252e%252e%252fapp.py", "static//etc/passwd", "static/%2fetc%2fpasswd",
        "static/review.css%00", "static/__init__.py", "episode/../../../etc/passwd",
        "episode/..%2f..%2fkeys", "day/..%2f", "api/episode/..%2f..%2f/moments",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_page(site: Site, path: str) -> None:
    answer = site.page(path)
    assert answer.status in {400, 404}
    assert b"import" not in answer.body
    assert b"root:" not in answer.body


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/recorder-review-x/", "/..", "/static/a"])
def test_nothing_is_served_beside_the_page(site: Site, path: str) -> None:
    assert site.get(path).status == 404


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "CONNECT"]
)
def test_other_methods_are_refused(site: Site, method: str) -> None:
    assert site.ask(method, f"{site.base}/", FROM_PAGE).status in {400, 404, 405}


def test_too_much_is_refused_before_it_is_read(site: Site) -> None:
    head = (
        f"POST {site.base}/api/changes HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
        f"Origin: {site.origin}\r\nSec-Fetch-Site: same-origin\r\nCookie: {site.cookie}\r\n"
        "Content-Type: application/json\r\n"
    )
    assert raw(site, f"{head}Content-Length: 90000000\r\n\r\n".encode()).startswith(b"HTTP/1.1 413")
    chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n5\r\n"
    assert raw(site, chunked.encode()).startswith(b"HTTP/1.1 413")
    assert raw(site, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n")[:12] in {
        b"HTTP/1.1 400", b"HTTP/1.1 431", b"",
    }  # fmt: skip


@pytest.mark.parametrize("path", [*ROUTES, "nothing", "static/nothing.js"])
def test_every_answer_carries_the_headers(site: Site, episode_id: str, path: str) -> None:
    for cookie in (site.cookie, ""):
        site.cookie = cookie
        headers = site.get(route(site, path, episode_id)).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers


def test_the_policy_lets_nothing_in_that_is_not_ours() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules.pop("default-src") == "'none'"
    assert rules.pop("require-trusted-types-for") == "'script'"
    assert rules.pop("trusted-types") == "'none'"
    assert set(rules.values()) == {"'self'", "'none'"}


def test_two_servers_share_nothing() -> None:
    one, other = Door(), Door()
    assert one.base != other.base
    header = one.enter(one.link(1).partition("token=")[2])
    assert header is not None
    assert one.knows(header)
    assert not other.knows(header)


def raw(site: Site, request: bytes) -> bytes:
    """Send bytes as they are; gives the answer's beginning."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        connection.sendall(request)
        try:
            return connection.recv(4096)
        except ConnectionResetError:
            return b""
