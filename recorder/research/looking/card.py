"""A dataset's card and datasheet, filled from its steps and the notice; nothing is made up.

What cannot be computed stands as a question to the researcher who publishes.
"""

import re
from typing import Final

import yaml

from recorder.consent.notice import NoticeTerms
from recorder.core.amounts import count_text
from recorder.research.looking.datasheet import datasheet_parts
from recorder.research.looking.stats import Stats
from recorder.research.looking.told import parts_of
from recorder.research.report_pages import Part, as_markdown

CARD: Final = "README.md"
DATASHEET: Final = "datasheet.md"
_SIZES: Final = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
)  # fmt: skip
"""Words of Hugging Face's `size_categories`."""
_LARGEST: Final = "n>1B"


def card(name: str, stats: Stats, terms: NoticeTerms | None = None) -> str:
    """Give the dataset card: Markdown under Hugging Face's front matter.

    Args:
        name: The dataset's.
        stats: Its figures.
        terms: What the study's notice says; None where it is not at hand.

    Raises:
        ValueError: A split's name cannot stand in a card.
    """
    front = yaml.safe_dump(_front(name, stats), sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n\n{as_markdown(name, [_about(stats, terms), *parts_of(stats)])}"


def datasheet(name: str, stats: Stats, terms: NoticeTerms | None = None) -> str:
    """Give the datasheet (headings of Gebru et al., arXiv:1803.09010); as `card`."""
    return as_markdown(f"Datasheet of {name}", datasheet_parts(stats, terms))


def _front(name: str, stats: Stats) -> dict[str, object]:
    return {
        "pretty_name": name,
        "license": "other",
        "license_name": "as-the-notice-of-the-study-says",
        "task_categories": ["image-text-to-text"],
        "tags": ["computer-use", "gui", "agent"],
        "size_categories": [_size(stats.steps)],
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": _split(one.split), "path": f"data/{one.split}/*.parquet"}
                    for one in stats.splits
                ],
            }
        ],
    }


def _size(steps: int) -> str:
    return next((word for limit, word in _SIZES if steps < limit), _LARGEST)


def _split(name: str) -> str:
    if not re.fullmatch(r"\w+(\.\w+)*", name):
        raise ValueError(f"{name!r} is no name of a split")
    return name


def _about(stats: Stats, terms: NoticeTerms | None) -> Part:
    sentences = [
        (
            f"{count_text(stats.steps, 'step')} of people at their desktops: each is the screen just "
            f"before an action, and the action. {stats.trainable:,} have all that learning needs."
        ),
        (
            "Recorded with consent, redacted on the participants' own computers. What was taken out "
            "stands as a placeholder such as <EMAIL_1>, or as typing without a text."
        ),
    ]
    if terms is not None:
        sentences.append(
            f"Study {terms.id}, notice {terms.version}, by {terms.controller.name}. Participants "
            f"agreed to these uses and no others: {'; '.join(terms.purposes).rstrip('.')}."
        )
        sentences.append(
            f"It is kept for {count_text(terms.retention_days, 'day')} at most. A participant may "
            "have their part erased; whoever holds a copy is bound to delete it then."
            if terms.retention_days
            else "A participant may have their part erased; whoever holds a copy is bound to "
            "delete it then."
        )
    return Part("What it is", tuple(sentences))
