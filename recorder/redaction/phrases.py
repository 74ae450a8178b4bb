"""Rule for secrets in parts behind their label: pass phrases, words of a wallet, recovery codes."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_IS: Final = r"(?: ?[:=]| (?:is|ist|est|es))\s{1,3}"
_PLAIN: Final = r"[^\W\d_]{2,12}"
_NUMBERED: Final = rf"(?:\d{{1,2}}[.):]? ?)?{_PLAIN}"
_WALLET: Final = re.compile(
    r"(?:(?:seed|recovery|backup|wallet|secret recovery|secret backup|mnemonic) (?:phrase|words)|mnemonic|"
    r"phrase (?:de r\u00e9cup\u00e9ration|secr\u00e8te|mn\u00e9monique)|"
    r"frase (?:semilla|de recuperaci\u00f3n|di recupero|segreta)|wiederherstellungs(?:phrase|w\u00f6rter))"
    rf"{_IS}(?P<value>{_NUMBERED}(?:[ ,\n]{{1,3}}{_NUMBERED}){{5,24}})",
    re.IGNORECASE,
)
_HELP: Final = (
    r"(?:[^\n]{0,80}\b(?:your|must|should|cannot|please|characters|required|optional)\b|"
    r"(?:is|was|may|can|has|have|for|to|the|this|used|needed|set|stored|not|no|never|only|or|and|if|in|of|"
    r"incorrect|wrong|invalid|expired|missing|empty|leave|enter|type|choose|use|write)\b)"
)
"""What a form says about a pass phrase."""
_PASS_PHRASE: Final = re.compile(
    rf"pass ?phrase{_IS}(?!{_HELP})(?P<value>{_PLAIN}(?:[ \-]{_PLAIN}){{2,11}}(?=[.!]? *(?:$|\n)))",
    re.IGNORECASE,
)
_SETUP_KEY: Final = re.compile(
    r"\b(?:set-?up|secret|manual|entry|authenticator|totp|otp|2fa|mfa) (?:key|code|secret)"
    rf"{_IS}(?P<value>[A-Z2-7]{{4}}(?:[ \-][A-Z2-7]{{4}}){{3,12}})(?!\w)",
    re.IGNORECASE,
)
_CODE: Final = (
    r"(?=[^\s,;]{0,8}\d)(?:[A-Z0-9]{4,6}-[A-Z0-9]{4,6}|\d{4} \d{4}|[A-Z0-9]{8,10})(?![\w\-])"
)
_RECOVERY_CODES: Final = re.compile(
    r"\b(?:(?:recovery|backup|scratch|emergency) codes?|wiederherstellungscodes?|"
    r"codes? de (?:secours|r\u00e9cup\u00e9ration)|c\u00f3digos? de (?:recuperaci\u00f3n|respaldo))"
    rf"(?:{_IS}|[ \n]{{1,3}})(?P<value>{_CODE}(?:[ ,;\n\t]{{1,3}}{_CODE}){{0,19}})",
    re.IGNORECASE,
)


def phrases(text: str) -> Iterator[Hit]:
    """Give pass phrases of three words and more, wallet words, keys in groups, recovery codes."""
    for pattern in (_WALLET, _PASS_PHRASE, _SETUP_KEY, _RECOVERY_CODES):
        yield from hits_of(pattern, text, "PASSWORD", "value")
