"""A recording folder with one made-up episode, and the review page in a thread of this process."""

import hashlib
import http.client
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PIL import Image, ImageDraw

from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.keys import create_signing_keys, load_device_key
from recorder.consent.passphrase import WrongPassphrase
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.frames import FrameRow, PaintedBox
from recorder.core.geometry import Rect
from recorder.core.ids import ulid
from recorder.core.losses import Losses
from recorder.core.proofs import Redacted, vouch
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.writer import EpisodeStart, EpisodeWriter
from recorder.review.app import build
from recorder.review.door import Door
from recorder.review.room import Room
from recorder.review.serve import Server, listen
from recorder.review.vault import Vault
from tests.unit.episodes.studio import SECOND, T0, TERMS, WALL, Studio, add, frame, moves
from tests.unit.episodes.studio import opening as opening_rows

PASSPHRASE = "six tall trees"
WIDTH, HEIGHT = 640, 400
_WHOLE = Rect(20, 20, 480, 280)
NAVIGATED = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FROM_PAGE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}


class Wall:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_ns = 0

    def monotonic_ns(self) -> int:
        return self.now_ns

    def wall_ns(self) -> int:
        return WALL


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.body)


@dataclass
class Site:
    """A review page that answers.

    Attributes:
        live: Id of the episode that is being recorded.
    """

    studio: Studio
    room: Room
    clock: Wall
    cookie: str = ""
    labels: list[str | None] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.room.port

    @property
    def base(self) -> str:
        return self.room.door.base

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def come_in(self, *, unlock: bool = True) -> None:
        """Use the link; unlock."""
        link = self.room.door.link(self.port)
        answer = self.get(link.removeprefix(self.origin), NAVIGATED)
        assert answer.status == 303
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        if unlock:
            assert self.tell("unlock", {"passphrase": PASSPHRASE}).status == 200

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.ask("GET", path, FROM_PAGE if headers is None else headers)

    def page(self, path: str = "") -> Answer:
        return self.get(f"{self.base}/{path}")

    def api(self, path: str) -> Answer:
        return self.page(f"api/{path}")

    def tell(self, path: str, body: object, **headers: str) -> Answer:
        """Send a decision as the page does; headers by name with _ for -, "" leaves one out."""
        sent = {**FROM_PAGE, "Origin": self.origin, "Content-Type": "application/json"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        kept = {name: value for name, value in sent.items() if value}
        return self.ask("POST", f"{self.base}/api/{path}", kept, json.dumps(body).encode())

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {"Cookie": self.cookie, **headers} if self.cookie else headers
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def search(self, question: str, day: str = "") -> Answer:
        """Ask a question as the page's form does."""
        headers = {
            **FROM_PAGE, "Sec-Fetch-Mode": "navigate", "Origin": self.origin,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        body = urlencode({"q": question, "day": day}).encode()
        return self.ask("POST", f"{self.base}/search", headers, body)

    def painted(self, episode_id: str, frame_id: int) -> dict[str, object]:
        """Give what the page would name after it painted a frame."""
        image = self.api(f"episode/{episode_id}/frame/{frame_id}").body
        return {"frame_id": frame_id, "sha256": hashlib.sha256(image).hexdigest()}

    def redact(self, label: ContextRow) -> Redacted[ContextRow]:
        """Stand in for redaction: notes what came."""
        self.labels.append(label.instruction)
        return vouch(replace(label, instruction=f"<{label.instruction}>"))


@contextmanager
def site_of(studio: Studio, live: str = "") -> Iterator[Site]:
    """Serve a studio's folder until the block ends."""
    clock = Wall()
    with listen() as listening:
        room = Room(
            folder=studio.folder,
            port=listening.getsockname()[1],
            door=Door(),
            vault=Vault(studio.folder, lambda _folder, given: _identity(studio, given)),
            clock=clock,
            live=lambda: live,
            redact=lambda label: site.redact(label),  # noqa: PLW0108 - it is made below
        )
        site = Site(studio, room, clock)
        ready = threading.Event()
        server = Server(build(room), ready.set)
        thread = threading.Thread(target=server.run, args=([listening],), name="review-site")
        thread.start()
        try:
            assert ready.wait(30)
            yield site
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


def _identity(studio: Studio, given: str | None) -> str:
    if given != PASSPHRASE:
        raise WrongPassphrase
    return studio.identity


def make_studio(folder: Path, *, plain: bool = False) -> Studio:
    """Make a recording folder with keys."""
    secret = "none" if plain else "passphrase"
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=plain, secret=secret))
    studio = Studio(folder)
    create_signing_keys(folder, studio.recipients)
    (folder / "keys" / "recipients.txt").write_text("\n".join(studio.recipients))
    if plain:
        studio.recipients = ()
    return studio


def picture(number: int, words: str = "") -> bytes:
    """Give a small picture that no other number gives."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 245))
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 500, 300), fill="white", outline="black")
    draw.text((40, 40), f"{words or 'Picture'} {number}", fill="black")
    draw.rectangle((40, 80, 140, 100), fill=(128, 128, 128))
    held = io.BytesIO()
    image.save(held, "WEBP", lossless=True)
    return held.getvalue()


def shot(frame_id: int, at_s: float) -> FrameRow:
    """Give a frame with a picture of its own."""
    image = picture(frame_id)
    return replace(
        frame(frame_id, at_s, image), sha256=hashlib.sha256(image).hexdigest(), width=WIDTH,
        height=HEIGHT, origin_x=0, origin_y=0,
        redacted_boxes=(PaintedBox(Rect(40, 80, 100, 20), "EMAIL_1"),),
    )  # fmt: skip


def at(second: float) -> int:
    """Give an instant of the episode as the writer takes it."""
    return T0 + int(second * SECOND)


def typed(at_s: float, text: str, **more: Any) -> list[EventRow]:  # noqa: ANN401 - fields of a row
    """Give the rows of a typed text."""
    return [
        EventRow(
            at(at_s + 0.1 * place), kind, key=letter, mods=0, **more,
            key_class=KeyClass.SPACE if letter == " " else KeyClass.CHAR,
        )
        for place, letter in enumerate(text)
        for kind in (Kind.KEY_DOWN, Kind.KEY_UP)
    ]  # fmt: skip


def window(
    at_s: float, app: str, title: str, host: str | None = None, place: Rect = _WHOLE
) -> ContextRow:
    """Give the row of a window that takes the focus."""
    return ContextRow(
        at(at_s), ContextKind.FOCUS, app_id=app, app_name=app.title(), window_title=title,
        url_host=host, x=place.x, y=place.y, w=place.w, h=place.h,
    )  # fmt: skip


TITLE = "Inbox <img src=x onerror=alert(1)> \u202egnp.exe\u0007"


def write_day(studio: Studio, *, wall_ns: int = WALL, title: str = TITLE) -> Path:
    """Write the episode that most tests look at: 60 s in two apps; gives its folder."""
    writer = EpisodeWriter(_start(studio, wall_ns))
    task = ContextRow(at(0.5), ContextKind.TASK, instruction="Order two bicycles", outcome="begin")
    first = window(1, "xterm", "Work terminal")
    second = window(30, "chromium", title, "jira.example.com", Rect(300, 150, 300, 200))
    seqs = add(writer, context=[*opening_rows(), first, task, second])
    add(writer, frames=[shot(number, 2 + 5 * number) for number in range(11)])
    click = EventRow(
        at(5), Kind.BUTTON_DOWN, x=100, y=90, monitor_id=0, button="left", frame_id=0,
        target_role="push button", target_name="Save", window_seq=seqs[3],
    )  # fmt: skip
    up = EventRow(at(5.1), Kind.BUTTON_UP, x=100, y=90, monitor_id=0, button="left")
    masked = EventRow(
        at(14), Kind.KEY_DOWN, key_class=KeyClass.CHAR, redaction=Redaction.MASKED, entity="EMAIL_1"
    )
    enter = EventRow(at(20), Kind.KEY_DOWN, key="enter", key_class=KeyClass.ENTER, mods=0)
    press = EventRow(
        at(35), Kind.BUTTON_DOWN, x=100, y=100, monitor_id=0, button="left", frame_id=6
    )
    drop = EventRow(at(35.5), Kind.BUTTON_UP, x=300, y=200, monitor_id=0, button="left")
    scrolls = [
        EventRow(at(40 + n / 10), Kind.SCROLL, x=200, y=150, monitor_id=0, dx=0.0, dy=-1.0)
        for n in range(5)
    ]
    marks = [
        EventRow(at(45), Kind.SECURE_BEGIN, reason="secure"), EventRow(at(47), Kind.SECURE_END),
        EventRow(at(48), Kind.PAUSE, reason="user"), EventRow(at(50), Kind.RESUME),
        EventRow(at(51), Kind.GAP, reason="queue_full", count=20),
    ]  # fmt: skip
    add(writer, events=[*moves(4, 100, 0.01), click, up, *typed(12, "write to "), masked, enter])
    add(writer, events=[*moves(34, 50, 0.01), press, drop, *scrolls, *marks])
    add(writer, events=typed(55, "goodbye"))
    return writer.close(Losses(), at(60))


def _start(studio: Studio, wall_ns: int) -> EpisodeStart:
    device = load_device_key(studio.folder)
    return EpisodeStart(
        folder=studio.folder,
        episode_id=ulid(wall_ns, hashlib.sha256(str(wall_ns).encode()).digest()[:10]),
        t0_ns=T0, wall_ns=wall_ns, terms=TERMS, recipients=studio.recipients,
        sign=lambda payload: device.sign(payload, MANIFEST_TYPE),
    )  # fmt: skip
