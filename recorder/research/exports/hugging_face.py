"""Hugging Face's form: the same Parquet files under a card that names their splits."""

from typing import Final

from recorder.files import private_folder, whole_file
from recorder.research.dataset_places import DATA
from recorder.research.exports.tasks import Wish
from recorder.research.looking.card import CARD, DATASHEET, card, datasheet
from recorder.research.looking.stats import stats
from recorder.research.looking.steps_file import ShardDamaged
from recorder.research.reduction.schema import STEPS

_KEY: Final = b"huggingface"


def write_hugging_face(wish: Wish) -> None:
    """Copy the shards, every step with them, and the card; make a card where there is none.

    Raises:
        ShardDamaged: A file is no Parquet of steps.
        DropUnreachable: The dataset's place is away.
        OSError: The copy cannot be written.
    """
    for one in wish.dataset.shards:
        footer = one.footer()
        if not footer.schema.equals(STEPS) or _KEY not in (footer.schema.metadata or {}):
            raise ShardDamaged(one.name, "has not the columns of this version's steps")
        place = private_folder(wish.target / DATA / one.split)
        with whole_file(place / one.file) as file:
            for piece in one.data():
                file.write(piece)
        wish.done.steps += footer.rows
        for _ in range(footer.rows):
            wish.step()
    _write_pages(wish)


def _write_pages(wish: Wish) -> None:
    kept = {name: wish.dataset.page(name) for name in (CARD, DATASHEET)}
    if not all(kept.values()):
        found = stats(wish.dataset)
        name = wish.dataset.name
        made = {CARD: card(name, found), DATASHEET: datasheet(name, found)}
        kept = {page: text or made[page].encode() for page, text in kept.items()}
    for page, data in kept.items():
        with whole_file(wish.target / page) as file:
            file.write(data)
