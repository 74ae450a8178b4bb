"""Hugging Face's form: the same Parquet files under a card that names their splits."""

import shutil
from pathlib import Path
from typing import Final

from recorder.files import private_folder, read_regular, regular_file, whole_file
from recorder.research.dataset_places import DATA
from recorder.research.exports.tasks import Wish
from recorder.research.looking.card import CARD, DATASHEET, card, datasheet
from recorder.research.looking.folder import ShardDamaged, StepsFile, opened
from recorder.research.looking.stats import stats
from recorder.research.reduction.schema import STEPS

_KEY: Final = b"huggingface"
_PAGE_BYTES: Final = 16_000_000


def write_hugging_face(wish: Wish) -> None:
    """Copy the shards, every step with them, and the card; make a card where there is none.

    Raises:
        ShardDamaged: A file is no Parquet of steps.
        OSError: The copy cannot be written.
    """
    for one in wish.dataset.shards:
        _check(one)
        place = private_folder(wish.target / DATA / one.split)
        with regular_file(one.path) as source, whole_file(place / one.path.name) as file:
            shutil.copyfileobj(source, file)
        rows = opened(one.path).metadata.num_rows
        wish.done.steps += rows
        for _ in range(rows):
            wish.step()
    _write_pages(wish)


def _check(one: StepsFile) -> None:
    schema = opened(one.path).schema_arrow
    if not schema.equals(STEPS) or _KEY not in (schema.metadata or {}):
        raise ShardDamaged(one.path, "has not the columns of this version's steps")


def _write_pages(wish: Wish) -> None:
    kept = {name: _kept(wish.dataset.folder / name) for name in (CARD, DATASHEET)}
    if None in kept.values():
        found = stats(wish.dataset)
        name = wish.dataset.folder.resolve().name
        made = {CARD: card(name, found), DATASHEET: datasheet(name, found)}
        kept = {page: text or made[page].encode() for page, text in kept.items()}
    for page, data in kept.items():
        with whole_file(wish.target / page) as file:
            file.write(data or b"")


def _kept(path: Path) -> bytes | None:
    """Give a page of the dataset; None where there is none, or a link to another file."""
    try:
        return read_regular(path, _PAGE_BYTES)
    except OSError:
        return None
