"""Rule for secrets made of plain words behind their label: a pass phrase, the words of a wallet."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_WORD: Final = r"(?:\d{1,2}[.):]? ?)?[^\W\d_]{2,12}"
_PHRASES: Final = re.compile(
    r"(?:(?P<seed>(?:seed|recovery|backup|wallet|secret recovery|secret backup|mnemonic)(?: (?:phrase|words))|mnemonic|"
    r"phrase (?:de r\u00e9cup\u00e9ration|secr\u00e8te|mn\u00e9monique)|frase (?:semilla|de recuperaci\u00f3n|di recupero|segreta)|"
    r"wiederherstellungs(?:phrase|w\u00f6rter))|pass ?phrase)"
    r"(?: ?(?::|=)| (?:is|ist|est|es))\s{1,3}"
    r"(?!(?:is|was|must|should|may|can|cannot|has|have|for|to|the|this|your|not|no|or|and|if|in|of|required|incorrect|wrong|invalid|expired|missing|empty|please|optional)\b)"
    rf"(?P<value>(?(seed){_WORD}(?:[ ,\n]{{1,3}}{_WORD}){{5,24}}|[^\W\d_]{{2,12}}(?:[ \-][^\W\d_]{{2,12}}){{2,11}}(?=[.!]?[ ]*(?:$|\n))))",
    re.IGNORECASE,
)


def phrases(text: str) -> Iterator[Hit]:
    """Give pass phrases of three words and more, and wallet words of six and more."""
    yield from hits_of(_PHRASES, text, "PASSWORD", "value")
