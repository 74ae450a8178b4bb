"""Rules for names of people that show by a fixed form: greetings, titles, labels, mail.

They back the tagger up where a form is certain; sentences are the tagger's.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from recorder.redaction.hits import Hit

_UP: Final = r"[A-Z\u00c0-\u00de\u0100-\u017f\u0391-\u03a9\u0400-\u042f]"
_LOW: Final = r"[^\W\d_]"
_WORD: Final = rf"(?:(?<![^\W_])(?:{_UP}'|d'|l'|al-|el-|Mc|Mac|O')?{_UP}{_LOW}++(?:-{_LOW}++|['\u2019]{_LOW}{{2,}}+){{0,3}}+)"
_INITIAL: Final = rf"{_UP}\.?(?![^\W_])"
_BETWEEN: Final = (
    r"(?:von|van|de|der|den|del|della|di|da|dos|das|du|la|le|bin|ibn|al|el|zu|ter|ten|y|e|of)"
)
_NAME: Final = rf"{_WORD}(?:[ ](?:{_BETWEEN}[ ]){{0,2}}(?:{_WORD}|{_INITIAL})){{0,3}}"
_FULL: Final = rf"{_WORD}(?:[ ](?:{_BETWEEN}[ ]){{0,2}}(?:{_WORD}|{_INITIAL})){{1,3}}"
_ANY: Final = (
    rf"(?:{_LOW}(?:[^\W_]|['\u2019\-])*+\.?)(?:[ ]{_LOW}(?:[^\W_]|['\u2019\-])*+\.?){{0,3}}"
)
_TITLE: Final = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dra?|Fr(?=\.)|Hr(?=\.)|Prof|Professor|Sir|Madam|Dame|Lord|Lady|Herrn?|Frau|Fr\u00e4ulein|Mme|Mlle|Monsieur|Madame|"
    r"Sr|Sra|Srta|Se\u00f1or|Se\u00f1ora|Sig|Signora?|Dott|Don|Do\u00f1a|Dhr|Mevr|Pan|Pani|Rev|Capt|Captain|Sgt|Lt|Col|Ing|Dipl\.-Ing)"
)


def _contexts(*parts: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile("|".join(parts), flags)


_TITLED: Final = re.compile(
    rf"(?<![\w.])(?P<value>{_TITLE}(?:\.[ ]?|[ ])(?:(?:{_TITLE})\.?[ ])?{_NAME})"
)
_GREETED: Final = re.compile(
    rf"(?:^|[\n.!?>\"(][ ]?|\b)(?i:hi|hello|hey|dear|hallo|liebe[rs]?|sehr geehrte[rn]?|guten (?:tag|morgen)|bonjour|salut|chers?|ch\u00e8re|hola|querid[oa]|estimad[oa]|ciao|car[oa]|ol\u00e1|beste|"
    rf"thanks|thank you|regards|best|cheers|sincerely|gr\u00fc\u00dfe|gru\u00df|cordialement|saludos)"
    rf"(?:[ ](?:regards|wishes|again|so much|very much))?[,!]?[ \n]+(?P<value>(?:{_TITLE}\.?[ ])?{_NAME})(?=[,!.;:\n?)]|[ ]-|[ ](?:and|und|et|i|I)\b|\s*$)"
)
_LABELLED: Final = re.compile(
    r"(?<![\w])(?i:(?:full |first |last |middle |given |family |sur|user'?s? |customer |client |contact |patient |employee |account |cardholder |card holder |legal |display |"
    r"maiden |guest |member |sender |recipient |vor|nach|beneficiary )?name|nom|pr\u00e9nom|nombre|apellidos?|cognome|"
    r"account (?:holder|owner)|card ?holder|kontoinhaber(?:in)?|inhaber(?:in)?|beneficiary|recipient|empf\u00e4nger(?:in)?|absender|sender|patient(?:in)?|"
    r"attn|attention|c/o|z\. ?hd\.|bill(?:ed)? to|ship(?:ped)? to|deliver(?:ed)? to|sold to|invoice (?:for|to)|rechnung (?:f\u00fcr|an)|"
    r"assignee|assigned to|reporter|author|owner|manager|supervisor|contact(?: person)?|signed(?: by)?|created by|modified by|prepared by|approved by|reviewed by|requested by|customer|client|kund(?:e|in)|"
    r"emergency contact|next of kin|spouse|tenant|employee|mitarbeiter(?:in)?|ansprechpartner(?:in)?|kontakt)\"?"
    rf"(?:\s{{0,4}}[:=\-][ \t]{{0,12}}\"?|[ ]+(?:is|ist|lautet)?[ ]?)(?P<value>(?:{_TITLE}\.?[ ])?{_FULL})"
)
_NAME_WORDS: Final = (
    r"(?:voor|achter)?naam|(?:cog)?nome|(?:sobre)?nome(?: completo)?|(?:f\u00f6r|efter)?namn|(?:for|etter|efter)?navn|(?:suku|etu)?nimi|"
    r"nazwisko|imi\u0119(?: i nazwisko)?|jm\u00e9no|p\u0159\u00edjmen\u00ed|n\u00e9v|nume|prezime|ime|ad\u0131?(?: soyad\u0131?)?|"
    r"\u0438\u043c\u044f|\u0444\u0430\u043c\u0438\u043b\u0438\u044f|\u0444\u0438\u043e|\u03cc\u03bd\u03bf\u03bc\u03b1|\u03bf\u03bd\u03bf\u03bc\u03b1\u03c4\u03b5\u03c0\u03ce\u03bd\u03c5\u03bc\u03bf"
)
_NAME_FIELD: Final = re.compile(
    rf"(?:^|[\n,;{{(>|])[ \t]{{0,8}}\"?(?i:(?:full |first |last |given |family |sur|customer |patient |vor|nach)?name|nom|nombre|cardholder|attn|{_NAME_WORDS})\"?[ ]?[:=][ \t]{{0,12}}"
    rf"(?P<value>{_ANY})(?=\s*(?:[\n,;]|$))",
)
_ADDRESSED: Final = re.compile(
    rf"(?P<value>{_FULL})(?=[\"']?[ ]{{0,2}}(?:[<(\[]?[ ]?(?:mailto:)?[\w.+\-]+@[\w\-]+\.|<(?:EMAIL)_))"
)
_LAST_FIRST: Final = re.compile(
    rf"(?:^|[\n\t|;>][ ]?|\b(?i:from|to|cc|by|patient|for|name)[: ]+)(?P<value>{_WORD}(?:-{_WORD})?, {_WORD}(?:[ ](?:{_WORD}|{_INITIAL}))?)(?=\s*(?:$|[\n\t|;<(]| -| \d))"
)
_SIGN: Final = r"[\u3005\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_EAST_ASIAN: Final = re.compile(
    # A label with its value, or a name of one to four signs before a form of address.
    rf"(?:\u59d3\u540d|\u540d\u524d|\u6c0f\u540d|\u8054\u7cfb\u4eba|\u6536\u4ef6\u4eba|\u5ba2\u6237|\uc774\ub984|\uc131\uba85)[ ]?[:\uff1a][ ]?(?P<value>{_SIGN}{{2,6}}(?:[ ]{_SIGN}{{1,4}})?)"
    r"|(?P<named>[\u3400-\u9fff]{1,4}(?=\u5148\u751f|\u5973\u58eb)|[\u3400-\u9fff]{2,4}(?=[ ]?(?:\u3055\u3093|\u69d8))"
    r"|(?!\uace0\uac1d)[\uac00-\ud7af]{2,4}(?=[ ]?(?:\ub2d8|\uc528)))"
)
_PATTERNS: Final = (_TITLED, _GREETED, _LABELLED, _NAME_FIELD, _ADDRESSED, _LAST_FIRST)


@cache
def _no_names() -> frozenset[str]:
    """Read the words that are no names, when the first text comes, never at import."""
    data = files("recorder.redaction").joinpath("data", "no_names.txt").read_text("utf-8")
    return frozenset(word for word in data.split("\n") if word and word[0] != "#")


def people(text: str) -> Iterator[Hit]:
    """Give names of people where the words around them say that it is a name."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield from _trimmed(text, *match.span("value"))
    for match in _EAST_ASIAN.finditer(text):
        yield Hit(*match.span("value" if match["value"] else "named"), "PERSON")


_TOKEN: Final = re.compile(r"[^\s,]+")


def _trimmed(text: str, start: int, end: int) -> Iterator[Hit]:
    """Give the name without words at its edges that are no names; none when one is inside."""
    words = [(m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
    while words and _is_common(text[slice(*words[0])]):
        words.pop(0)
    while words and _is_common(text[slice(*words[-1])]):
        words.pop()
    if not words or any(_is_common(text[a:b]) for a, b in words):
        return
    if max(b - a for a, b in words) > 1:
        yield Hit(words[0][0], words[-1][1], "PERSON")


def _is_common(word: str) -> bool:
    return word.strip(".'\"").lower() in _no_names() or (word.isupper() and len(word) > 1)
