"""The rule for dates of birth: after a word for birth, before one, or beside a name in a table."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_MONTH: Final = (
    r"(?:jan|feb|f[e\u00e9]v|m(?:ar|\u00e4r|ai|a[gj]|rt|ei)|a[pv]r|abr|may|giu|lug|set|ott|gen|ju[nli]|aug|ago|ao[\u00fbu]|sep|o[ck]t|"
    r"nov|de[czks]|d\u00e9c|dic|dez|ene|out|sty|lut|kwi|maj|cze|lip|sie|wrz|pa\u017a|lis|gru|\u044f\u043d\u0432|\u0444\u0435\u0432|\u043c\u0430\u0440|"
    r"\u0430\u043f\u0440|\u043c\u0430[\u0439\u044f]|\u0438\u044e[\u043d\u043b]|\u0430\u0432\u0433|\u0441\u0435\u043d|\u043e\u043a\u0442|\u043d\u043e\u044f|\u0434\u0435\u043a|"
    r"\u0399\u03b1\u03bd|\u03a6\u03b5\u03b2|\u039c\u03b1[\u03c1\u0390\u03ca]|\u0391\u03c0\u03c1|\u0399\u03bf\u03c5|\u0391\u03c5\u03b3|\u03a3\u03b5\u03c0|\u039f\u03ba\u03c4|\u039d\u03bf[\u03b5\u03ad]|\u0394\u03b5\u03ba)[^\W\d_]*\.?"
)
_DATE: Final = (
    rf"(?P<value>\d{{1,4}}(?:[\-./ ]| [\-./\u00b7] )\d{{1,2}}(?:[\-./ ]| [\-./\u00b7] )\d{{2,4}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|er|\.|\u00ba)?[ \-/]?(?:de |of )?{_MONTH}(?: de|,)?[ \-/]?['\u2019]?\d{{2,4}}|"
    rf"{_MONTH}[ \-]\d{{1,2}}(?:st|nd|rd|th)?,?[ \-]['\u2019]?\d{{2,4}}|\d{{1,2}}[. \-/]{{1,2}}[IVX]{{1,4}}[. \-/]{{1,2}}\d{{2,4}}|"
    rf"\d{{4}}[ \-]{_MONTH}[ \-]\d{{1,2}}|"
    rf"(?:19|20)\d{{6}}|(?:19|20)\d\d ?\u5e74 ?\d{{1,2}} ?\u6708 ?\d{{1,2}} ?\u65e5|(?:\u660e\u6cbb|\u5927\u6b63|\u662d\u548c|\u5e73\u6210|\u4ee4\u548c) ?(?:\d{{1,2}}|\u5143) ?\u5e74 ?\d{{1,2}} ?\u6708 ?\d{{1,2}} ?\u65e5|\d{{4}}\ub144 ?\d{{1,2}}\uc6d4 ?\d{{1,2}}\uc77c)(?!\d)"
)
BIRTH_WORDS: Final = (
    # English, German, Dutch
    r"(?:date|day)[ _]of[ _]birth|birth[ _\-]?(?:date|day)?|d\.?o\.?b\.?|b-?day|bo(?:rn|m)|"
    r"geb(?:oren(?:e[rn]?)?|\.|[.]?[ -]?datum|urtsdatum|urtstag)?|geboorte(?:datum)?|verjaardag|"
    # French, Spanish, Portuguese, Italian, Romanian
    r"(?:date (?:de )?)?naiss(?:ance|\.)?|n\u00e9(?:\(?e\)?)?(?= (?:le|\u00e0|en) )|anniversaire|"
    r"(?:fecha|f\.) (?:de )?nac(?:imiento|\.)?|nacimiento|nacid[oa]|naci\u00f3|cumplea\u00f1os|"
    r"(?:data|d\.) (?:de )?nasc(?:imento|\.)?|nascimento|nascid[oa]|nasceu|anivers\u00e1rio|"
    r"(?:data|luogo e data) di nascita|nascita|nat[oa](?= (?:il|a|l'))|compleanno|data na\u0219terii|n\u0103scut\u0103?|"
    # Polish, Czech, Hungarian, Turkish, the North
    r"data (?:urodzenia|ur\.)|ur\.|urodzon[yae]|urodzi\u0142[a]?(?: si\u0119)?|datum narozen\u00ed|naroz(?:en[\u00fda]?|\.)|nar\.|sz\u00fclet\u00e9si (?:id\u0151|d\u00e1tum)|sz\u00fcletett|do\u011fum tarihi|"
    r"f\u00f6delse(?:datum|dag)|f\u00f8dselsdato|f\u00f8dselsdag|f\u00f8dt|f\u00f6dd|syntym\u00e4aika|syntynyt|"
    # Russian, Ukrainian, Greek, Arabic, Chinese, Japanese, Korean
    r"(?:\u0434\u0430\u0442\u0430|\u0434\u0435\u043d\u044c) (?:\u0440\u043e\u0436\u0434\w{0,5}\.?|\u043d\u0430\u0440\u043e\u0434\u0436\u0435\u043d\u043d\u044f)|\u0440\u043e\u0434\u0438\u043b(?:\u0441\u044f|\u0430\u0441\u044c)|\u0440\u043e\u0436\u0434[\u0451\u0435]\u043d\w{0,2}|\u0434\. ?\u0440\.|\u043d\u0430\u0440\u043e\u0434\u0438\u0432\u0441\u044f|\u043d\u0430\u0440\u043e\u0434\u0438\u043b\u0430\u0441\u044f|"
    r"(?:\u03b7\u03bc\u03b5\u03c1\w{0,8}\.? )?\u03b3\u03ad\u03bd\u03bd\u03b7\u03c3\u03b7\u03c2?|\u03b3\u03b5\u03bd\u03bd\u03ae\u03b8\u03b7\u03ba[\u03b5\u03b1]|\u03b3\u03b5\u03bd\u03bd\u03b7\u03bc\u03ad\u03bd\w{1,2}|\u03b3\u03b5\u03bd\u03ad\u03b8\u03bb\u03b9\u03b1|"
    r"\u062a\u0627\u0631\u064a\u062e \u0627\u0644\u0645\u064a\u0644\u0627\u062f|\u0645\u0648\u0627\u0644\u064a\u062f|\u51fa\u751f(?:\u65e5\u671f|\u4e8e|\u5e74\u6708\u65e5)?|\u751f\u65e5|\u751f\u5e74\u6708\u65e5|\uc0dd\ub144\uc6d4\uc77c"
)
"""Regular expression of words for birth, in any case."""
_FORMAT: Final = (
    r"(?:\s{0,2}[\(\[][dmyjatg]{1,4}[\-./ ]{0,2}[dmyjatg]{1,4}[\-./ ]{0,2}[dmyjatg]{1,4}[\)\]])?"
)
_PLACE_AND_DAY: Final = r"(?:(?:in|at|en|\u00e0|a|em|no|na|te|w|i|\u0432|\u03c3\u03c4\w{1,3})\s[^\d\n,.;]{2,30}?[\s,]\s?)?"
_LEAD: Final = r"(?:[^\W\d_]{2,10}\.?, )?(?:(?:is|was|on|the|am|den|der|wurde|war|ist|est|le|fue|es|el|d\u00eda|il|l'|\u00e8|em|no|dia|a|op|de|dn\.|dnia|i|\u03c3\u03c4\u03b9\u03c2|\u03c4\u03b7\u03bd|\u03c4\u03bf\u03bd)\s{0,2}){0,3}"
_AFTER_BIRTH: Final = re.compile(
    rf"(?<![^\W_])(?:{BIRTH_WORDS})(?![^\W\d_])[\"']?{_FORMAT}[\s:=(|,\uff1a]{{0,4}}\"?{_PLACE_AND_DAY}{_LEAD}{_DATE}",
    re.IGNORECASE,
)
_BEFORE_BIRTH: Final = re.compile(
    rf"(?<!\d){_DATE}(?: in [^\d\n,.;]{{2,30}}?)? (?:geboren|geb\.|born|n\u00e9e?\b|nacid[oa]|f\u00f6dd|f\u00f8dt)",
    re.IGNORECASE,
)
_BESIDE_NAME: Final = re.compile(
    r"(?:^|[\t|;,(])[ ]{0,3}[^\W\d_a-z][\w'.\-]{1,24}(?: [^\W\d_a-z][\w'.\-]{0,24}){1,3}[ ]{0,3}(?:[\t|;(]|,(?! ))[ ]{0,3}"
    rf"(?i:{_DATE})(?=[ ]{{0,3}}(?:$|[\t|;,)]))",
    re.MULTILINE,
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19[2-9]|200)\d(?!\d)")
"""Who is named in a table was born before 2010; most other dates there are younger."""


_LABEL: Final = re.compile(
    rf"(?:{BIRTH_WORDS}|n\u00e9(?:\(?e\)?)? le|nat[oa] il)(?: (?:am|on|le|il|el|den|em|op|dne|dnia))?{_FORMAT}",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    rf"(?:[^\W\d_]{{2,12}}[.,]{{1,2}} )?{_DATE}(?: ?\u0433\.?)?", re.IGNORECASE
)
"""With the day of the week in front."""


def is_birth_label(text: str) -> bool:
    """Tell whether a bare label or heading says `born`, and nothing else."""
    return _LABEL.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is a date and nothing else."""
    return _WHOLE.fullmatch(text) is not None


def birth_dates(text: str) -> Iterator[Hit]:
    """Give dates after or before words for birth, and behind the name in a row of a table."""
    yield from hits_of(_AFTER_BIRTH, text, "BIRTH_DATE", "value")
    yield from hits_of(_BEFORE_BIRTH, text, "BIRTH_DATE", "value")
    for match in _BESIDE_NAME.finditer(text):
        if _YEAR.search(match["value"]):
            yield Hit(*match.span("value"), "BIRTH_DATE")
