"""What is written on a screen is not readable in the painted frame."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from recorder.core.frames import RawFrame
from recorder.core.geometry import Rect
from recorder.core.levels import ScreenLevel
from recorder.core.scenes import Paint, Scene, Window
from recorder.redaction.findings import LineFinder
from recorder.redaction.hits import Hit, Rule
from recorder.redaction.lines import find_lines
from recorder.redaction.ocr import LineReader, ReadingFailed
from recorder.redaction.painting import PaintedFrame
from recorder.redaction.reading import Reading
from recorder.redaction.screens import FrameRedactor
from recorder.redaction.text import Span, TextRedactor

FOREVER_NS = 1 << 62
SIZE = (640, 220)
VALUES = ("maria.lopez@contoso.com", "4539 1488 0343 6467", "wJalrXUtnFEMIK7MDENGbPxRfiCYzQ9mKeYz")
LINES = (
    f"Contact: {VALUES[0]}",
    f"Card: {VALUES[1]} exp 09/28",
    f"AWS_SECRET_ACCESS_KEY={VALUES[2]}",
    "Nothing to hide in this line",
)


@pytest.fixture(scope="module")
def reader() -> LineReader:
    return LineReader()


def _redactor(reader: LineReader, level: ScreenLevel = ScreenLevel.REDACTED) -> FrameRedactor:
    numbers: dict[tuple[str, str], int] = {}
    return FrameRedactor(
        TextRedactor(),
        lambda kind, value: numbers.setdefault((kind, value), len(numbers) + 1),
        level,
        reader=reader,
    )


def _page(lines: tuple[str, ...], *, dark: bool = False, step_px: int = 40) -> RawFrame:
    ground, ink = ((30, 30, 30), (220, 220, 220)) if dark else ((255, 255, 255), (20, 20, 20))
    picture = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((20, 12 + step_px * number), line, fill=ink, font=ImageFont.load_default(16))
    return _frame(picture)


def _frame(picture: Image.Image) -> RawFrame:
    bgrx = np.zeros((picture.height, picture.width, 4), np.uint8)
    bgrx[:, :, :3] = np.asarray(picture.convert("RGB"))[:, :, ::-1]
    area = Rect(0, 0, picture.width, picture.height)
    return RawFrame(bgrx.tobytes(), area, 0, 1.0, 0, 0)


def _scene(paint: Paint = Paint.REDACT) -> Scene:
    return Scene(0, windows=(Window(1, Rect(0, 0, *SIZE), paint),))


def _read(painted: PaintedFrame, reader: LineReader) -> str:
    pixels = _pixels(painted)
    readings = reader.read(pixels, find_lines(pixels), FOREVER_NS)
    return "\n".join(reading.text for reading in readings if reading)


def _pixels(painted: PaintedFrame) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    raw = _frame(Image.open(io.BytesIO(painted.image))).pixels
    return np.frombuffer(raw, np.uint8).reshape(SIZE[1], SIZE[0], 4)


@pytest.mark.parametrize("dark", [False, True])
def test_values_are_gone_and_the_rest_stays(reader: LineReader, dark: bool) -> None:  # noqa: FBT001
    painted = _redactor(reader).redact(_page(LINES, dark=dark), _scene(), FOREVER_NS)
    text = _read(painted, reader)
    assert "hide in this line" in text
    for value in VALUES:
        assert value[:8] not in text
        assert value[-8:] not in text
    assert [box.reason.split("_")[0] for box in painted.boxes] == ["EMAIL", "CARD", "SECRET"]


def test_a_value_below_its_label_is_gone(reader: LineReader) -> None:
    page = _page(("Password", "hunterone7", "", "Welcome back"), step_px=30)
    painted = _redactor(reader).redact(page, _scene(), FOREVER_NS)
    text = _read(painted, reader)
    assert "hunter" not in text
    assert "Password" in text
    assert "Welcome" in text


def test_a_value_met_before_is_gone_without_its_label(reader: LineReader) -> None:
    redactor = _redactor(reader)
    redactor.redact(_page(("Password", "hunterone7"), step_px=30), _scene(), FOREVER_NS)
    painted = redactor.redact(_page(("echo hunterone7",)), _scene(), FOREVER_NS)
    assert "hunter" not in _read(painted, reader)


def test_a_typed_value_is_gone_once_it_is_known(reader: LineReader) -> None:
    known: set[str] = set()
    redactor = FrameRedactor(
        TextRedactor(), lambda _k, _v: 1, ScreenLevel.REDACTED, lambda _k, v: v in known, reader
    )
    page = _page(("please say sunflower today",))
    assert "sunflower" in _read(redactor.redact(page, _scene(), FOREVER_NS), reader)
    known.add("sunflower")
    redactor.reconsider()
    assert "sunflower" not in _read(redactor.redact(page, _scene(), FOREVER_NS), reader)


def test_private_keys_go_from_first_to_last_line(reader: LineReader) -> None:
    block = (
        "-----BEGIN RSA PRIVATE KEY-----",
        "abcdefgh ijkl mnop",
        "qrst uvwx yzab",
        "-----END RSA PRIVATE KEY-----",
        "done and dusted",
    )
    text = _read(_redactor(reader).redact(_page(block, step_px=24), _scene(), FOREVER_NS), reader)
    assert "mnop" not in text
    assert "uvwx" not in text
    assert "dusted" in text


def test_the_layout_level_paints_every_line_without_reading() -> None:
    class NoReader(LineReader):
        def read(self, *_: object) -> list[object]:  # type: ignore[override]  # must not be asked
            assert not _[1]
            return []

    redactor = _redactor(NoReader(), ScreenLevel.LAYOUT)
    painted = redactor.redact(_page(LINES), _scene(), FOREVER_NS)
    assert find_lines(_pixels(painted)) == [] or "layout" in {b.reason for b in painted.boxes}
    assert [box.reason for box in painted.boxes] == ["layout"] * len(LINES)


def test_past_the_deadline_all_unread_text_is_painted() -> None:
    reader = LineReader(now_ns=lambda: 1)
    painted = _redactor(reader).redact(_page(LINES), _scene(), deadline_ns=0)
    assert [box.reason for box in painted.boxes] == ["text"] * len(LINES)
    assert "hide" not in _read(painted, LineReader())


def test_what_was_not_read_in_time_is_read_on_the_next_frame(reader: LineReader) -> None:
    late = LineReader(now_ns=lambda: 1)
    redactor = _redactor(late)
    page = _page(LINES[3:])
    redactor.redact(page, _scene(), deadline_ns=0)
    assert redactor.redact(page, _scene(), deadline_ns=2).boxes == ()


def test_an_unchanged_frame_gives_the_same_answer_without_work(reader: LineReader) -> None:
    redactor = _redactor(reader)
    first = redactor.redact(_page(LINES), _scene(), FOREVER_NS)
    assert redactor.redact(_page(LINES), _scene(), FOREVER_NS) is first


def test_a_script_the_model_does_not_know_is_painted(reader: LineReader) -> None:
    words = "".join(chr(0x0430 + number * 7 % 32) for number in range(24))
    font = ImageFont.load_default(16)
    picture = Image.new("RGB", SIZE, (255, 255, 255))
    pen = ImageDraw.Draw(picture)
    pen.text((20, 20), "Welcome to the settings page", fill=(0, 0, 0), font=font)
    pen.text((20, 70), f"{words[:9]} {words[9:15]} {words[15:]}", fill=(0, 0, 0), font=font)
    painted = _redactor(reader).redact(_frame(picture), _scene(), FOREVER_NS)
    whole = [box.rect for box in painted.boxes if box.reason == "unreadable"]
    assert [rect.contains(120, 80) for rect in whole] == [True]
    assert all(box.rect.y > 60 for box in painted.boxes)


def test_a_silent_agent_costs_the_number_not_the_paint(reader: LineReader) -> None:
    def silent(_kind: str, _value: str) -> int:
        raise TimeoutError

    redactor = FrameRedactor(TextRedactor(), silent, ScreenLevel.REDACTED, reader=reader)
    painted = redactor.redact(_page(LINES[:1]), _scene(), FOREVER_NS)
    assert [box.reason for box in painted.boxes] == ["text"]


def test_a_line_on_which_a_rule_raises_is_painted_and_the_others_stay(reader: LineReader) -> None:
    def broken(text: str) -> list[Hit]:
        if "order" in text:
            raise KeyError(text)
        return []

    rules = TextRedactor([Rule("broken", broken)])
    redactor = FrameRedactor(rules, lambda _k, _v: 1, ScreenLevel.REDACTED, reader=reader)
    page = _page(("The first line stays here", "This order makes trouble today"))
    painted = redactor.redact(page, _scene(), FOREVER_NS)
    assert [box.reason for box in painted.boxes] == ["text"]
    assert "first line stays" in _read(painted, reader)


def test_a_failing_recogniser_costs_all_text() -> None:
    class Broken(LineReader):
        def read(self, *_: object) -> list[Reading | None]:
            raise ReadingFailed

    painted = _redactor(Broken()).redact(_page(LINES), _scene(), FOREVER_NS)
    assert [box.reason for box in painted.boxes] == ["text"] * len(LINES)


def test_a_box_stays_where_the_pixels_did_not_change(reader: LineReader) -> None:
    asked = 0

    class Forgetful(TextRedactor):
        def find(self, text: str, knows_name: Callable[[str], bool] | None = None) -> list[Span]:
            del knows_name
            nonlocal asked
            asked += 1
            return [Span(0, 5, "PERSON", "x")] if "Meeting" in text and asked == 1 else []

    redactor = FrameRedactor(Forgetful(), lambda _k, _v: 1, ScreenLevel.REDACTED, reader=reader)
    first = redactor.redact(_page(("Meeting with the whole team",)), _scene(), FOREVER_NS)
    redactor._finder = LineFinder(Forgetful(), lambda _k, _v: False)
    page = _page(("Meeting with the whole team", "", "", "Another line came up"))
    assert first.boxes == redactor.redact(page, _scene(), FOREVER_NS).boxes


def test_neighbouring_windows_are_no_rows(reader: LineReader) -> None:
    picture = Image.new("RGB", SIZE, (255, 255, 255))
    pen = ImageDraw.Draw(picture)
    for x, text in ((20, "Password"), (330, "Weather report")):
        pen.text((x, 20), text, fill=(0, 0, 0), font=ImageFont.load_default(16))
    left, right = Rect(0, 0, 300, SIZE[1]), Rect(300, 0, 340, SIZE[1])
    apart = Scene(0, windows=(Window(1, left, Paint.REDACT), Window(2, right, Paint.REDACT)))
    frame = _frame(picture)
    assert _redactor(reader).redact(frame, apart, FOREVER_NS).boxes == ()
    assert len(_redactor(reader).redact(frame, _scene(), FOREVER_NS).boxes) == 1


def test_words_of_another_colour_that_the_recogniser_drops_are_painted(reader: LineReader) -> None:
    picture = Image.new("RGB", SIZE, (0, 0, 0))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(15)
    pen.text((10, 20), "some plain white words", fill=(229, 229, 229), font=font)
    pen.text((171, 20), "gina@example.org", fill=(255, 0, 0), font=font)
    pen.text((10, 80), "Nothing to hide in this line", fill=(229, 229, 229), font=font)
    painted = _redactor(reader).redact(_frame(picture), _scene(), FOREVER_NS)
    pixels = _pixels(painted).astype(int)
    assert not (pixels[:, :, 2] > pixels[:, :, 1] + 60).any(), "red letters are left"
    assert "hide in this line" in _read(painted, reader)
