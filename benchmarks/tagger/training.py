"""Trains the tables on drawn lines and packs them into the file that the package ships."""

import random
import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pycrfsuite

from benchmarks.tagger import library_text, vocabulary
from benchmarks.tagger.interface import interface_places, interface_words
from benchmarks.tagger.pools import Pool, learned_lists, pools, shipped_lists, word_lists
from benchmarks.tagger.samples import Samples
from benchmarks.tagger.writer import Piece, Writer
from recorder.redaction.folding import fold
from recorder.redaction.tagger_features import PLACE_FEATURES, manners, place_keys, word_features
from recorder.redaction.tagger_model import HEAD, LABELS, LISTS, MAGIC
from recorder.redaction.tagger_tokens import Token, tokens

_SETTINGS: Final = {"c1": 0.3, "c2": 0.05, "feature.minfreq": 3}
"""L1 and L2 weights of the optimiser (L-BFGS), and how often a feature must be met."""
_GREATEST: Final = 127


def lists_of(found: list[Pool], prose: list[str]) -> dict[str, str]:
    """Give the word lists that the tagger carries."""
    english = next(pool.words for pool in found if pool.locale == "en_US")
    ordinary = (
        *english,
        *library_text.common_words(prose, 4),
        *vocabulary.NOUNS,
        *vocabulary.ADJECTIVES,
        *vocabulary.PAST,
        *vocabulary.BASE,
    )
    return word_lists(found, ordinary, interface_words(), interface_places())


def drawn(seed: int, count: int) -> tuple[Iterator[list[Piece]], dict[str, str]]:
    """Give so many labelled lines, and the whole word lists."""
    rng = random.Random(seed)
    found = pools()
    names = {word.lower() for pool in found for word in (*pool.first, *pool.last)}
    prose, code = library_text.lines(rng, names)
    samples = Samples(Writer(found, prose, rng), prose, code, rng)
    return (samples.line() for _ in range(count)), lists_of(found, prose)


def labelled(pieces: list[Piece]) -> tuple[str, list[Token], list[str]]:
    """Give the folded text, its tokens and their labels.

    A token across two pieces takes the first label that is not `O`.
    """
    folded = [(fold(part).text, label) for part, label in pieces]
    text = "".join(part for part, _ in folded)
    labels = [label for part, label in folded for _ in part]
    row = tokens(text)
    return text, row, [_label(labels[token.start : token.end]) for token in row]


def _label(labels: list[str]) -> str:
    return next((label for label in labels if label != "O"), "O")


def features(text: str, row: list[Token], lists: Mapping[str, str]) -> list[list[str]]:
    """Give for each token all its features."""
    words = [
        word_features(t.word, lists.get(t.word.lower(), "") if t.word[0].isalpha() else "")
        for t in row
    ]
    found = []
    for at, keys in enumerate(place_keys(row, words, manners(text, row))):
        here = list(words[at].own)
        for give, key in zip(PLACE_FEATURES, keys, strict=True):
            here += give(*key)
        for step, side in ((-1, "behind"), (-2, "far_behind"), (1, "ahead"), (2, "far_ahead")):
            if 0 <= at + step < len(words):
                here += getattr(words[at + step], side)
        found.append(here)
    return found


def train(seed: int, count: int, iterations: int, raw: Path) -> dict[str, str]:
    """Train on so many lines, leave crfsuite's own model at `raw`, give the lists to ship."""
    lines, whole = drawn(seed, count)
    lists = learned_lists(whole)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for pieces in lines:
        text, row, labels = labelled(pieces)
        if row:
            trainer.append(pycrfsuite.ItemSequence(features(text, row, lists)), labels)
    trainer.set_params(_SETTINGS | {"max_iterations": iterations})
    trainer.train(str(raw))
    return shipped_lists(whole)


def packed(raw: Path, lists: Mapping[str, str]) -> bytes:
    """Give the model's file: weights relative to `O` in one byte, hashes of features and words."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(raw))
    info = tagger.info()
    weights: dict[str, list[float]] = {}
    for (feature, label), weight in info.state_features.items():
        weights.setdefault(feature, [0.0] * len(LABELS))[LABELS.index(label)] = weight
    relative = {key: [w - row[0] for w in row[1:]] for key, row in weights.items()}
    step = min(12.0, max(abs(w) for row in relative.values() for w in row)) / _GREATEST
    rows = {key: bytes(array("b", [_byte(w / step) for w in row])) for key, row in relative.items()}
    kept = {key: row for key, row in rows.items() if any(row)}
    bits = {
        word: bytes([sum(1 << LISTS.index(letter) for letter in letters)])
        for word, letters in lists.items()
    }
    transitions = [info.transitions.get((a, b), 0.0) for a in LABELS for b in LABELS]
    tables = (*_table(kept, len(LABELS) - 1), *_table(bits, 1))
    head = HEAD.pack(step, len(tables[0]) // 2, len(tables[2]) // 2, *transitions)
    return MAGIC + zlib.compress(b"".join((head, *tables)), 9)


def _byte(weight: float) -> int:
    return max(-_GREATEST, min(_GREATEST, round(weight)))


def _table(rows: Mapping[str, bytes], width: int) -> tuple[bytes, bytes]:
    """Give the marks and the rows of a table of hashes, at most half full (`HashTable`)."""
    size = 1 << (2 * len(rows)).bit_length()
    marks, values = [0] * size, bytearray(size * width)
    for key, row in rows.items():
        value = zlib.crc32(key.encode())
        at = value & (size - 1)
        while marks[at]:
            at = (at + 1) & (size - 1)
        marks[at] = value >> 16 or 1
        values[at * width : (at + 1) * width] = row
    return struct.pack(f"<{size}H", *marks), bytes(values)
