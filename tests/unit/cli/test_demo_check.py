"""The search for secrets finds them in every form; else finding none would mean nothing."""

import base64
import io
from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image, ImageDraw, ImageFont

from recorder.cli import demo_check
from recorder.cli.demo_check import find_in_files, find_in_pictures, find_in_table
from recorder.cli.demo_secrets import Secret, make_secrets

SECRET = Secret("password", "kxqzjwt417QZ", "kxqzjwt417QZ")
KEY_CODES = [45, 53, 24, 52, 44, 25, 28]
"""Of the first seven characters, on a US keyboard."""
CHUNK_BYTES = 1 << 12


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_check, "_CHUNK_BYTES", CHUNK_BYTES)


@pytest.mark.parametrize(
    "content",
    [
        b"before kxqzjwt after",
        b"KXQZJW",
        b"wjzqxk",
        "zjwt41".encode("utf-16-le"),
        b"\1" + "zjwt41".encode("utf-32-be"),
        b"zjwt41".hex().encode(),
        base64.b64encode(b"ab" + SECRET.core.encode()),
        bytes(KEY_CODES),
        bytes(code - 8 for code in KEY_CODES),
        b"".join(code.to_bytes(8, "little") for code in KEY_CODES),
        b"\0" * CHUNK_BYTES + b"\0kxqzjw",
    ],
)
def test_every_encoding_of_a_fragment_is_found(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.bin").write_bytes(b"\7" * 11 + content + b"\7" * 11)
    assert {leak.secret for leak in find_in_files([SECRET], [tmp_path])} == {"password"}


def test_a_fragment_across_two_chunks_is_found(tmp_path: Path) -> None:
    (tmp_path / "file.bin").write_bytes(b"\0" * (CHUNK_BYTES - 3) + b"kxqzjw")
    assert find_in_files([SECRET], [tmp_path])


def test_a_file_name_is_searched(tmp_path: Path) -> None:
    (tmp_path / "kxqzjwt").touch()
    assert find_in_files([SECRET], [tmp_path])


def test_harmless_bytes_are_not_found(tmp_path: Path) -> None:
    (tmp_path / "file.bin").write_bytes(bytes(range(256)) * 300)
    assert find_in_files([SECRET, *make_secrets().all()], [tmp_path]) == []


def test_keys_in_a_row_and_columns_are_searched() -> None:
    keys = pa.table({"kind": ["key_down", "key_up"] * 4, "key": [c for c in "kxqz" for _ in "ab"]})
    assert find_in_table([SECRET], keys, "events")
    codes = pa.table({"count": pa.array([None, *KEY_CODES], pa.int64())})
    assert find_in_table([SECRET], codes, "events")
    titles = pa.table({"window_title": ["see kxqzjwt417"]})
    assert find_in_table([SECRET], titles, "context")
    boxes = pa.table({"boxes": [[{"reason": "kxqzjwt417"}]]})
    assert find_in_table([SECRET], boxes, "frames")


def test_a_table_without_secrets_is_clean() -> None:
    table = pa.table({"kind": ["key_down"] * 3, "key": ["a", "b", None], "t_ns": [1, 2, 3]})
    assert find_in_table([SECRET], table, "events") == []


def test_a_picture_of_a_secret_is_found() -> None:
    picture = Image.new("RGB", (700, 80), "white")
    font = ImageFont.load_default(24)
    ImageDraw.Draw(picture).text((20, 20), f"login {SECRET.text} ok", "black", font=font)
    file = io.BytesIO()
    picture.save(file, "webp", lossless=True)
    assert [leak.secret for leak in find_in_pictures([SECRET], [file.getvalue()])] == ["password"]


def test_made_up_cards_pass_the_check_digit() -> None:
    for _ in range(50):
        digits = [int(d) for d in make_secrets().card.core]
        doubled = [d * 2 if at % 2 == 0 else d for at, d in enumerate(digits)]
        assert len(digits) == 16
        assert sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def test_secrets_differ_from_run_to_run_and_hide_in_repr() -> None:
    one, other = make_secrets(), make_secrets()
    assert all(a.text != b.text for a, b in zip(one.all(), other.all(), strict=True))
    assert one.api_key.core not in repr(one)
