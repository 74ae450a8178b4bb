"""Rules for secrets that show by the label beside them: `password: …`, `token = "…"`, PIN."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of
from recorder.redaction.secret_words import CODE_WORDS, IS, PASSWORD_WORDS, any_of
from recorder.redaction.secrets import is_placeholder, reads_like_words

_LABEL: Final = (
    rf"(?:{any_of(PASSWORD_WORDS)}|pass|pw|secrete?s?|secret[ _\-]?key|"
    r"api[ _\-]?(?:key|token|secret)|apikey|access[ _\-]?key(?:[ _\-]?id)?|access[ _\-]?token|"
    r"private[ _\-]?key|signing[ _\-]?key|encryption[ _\-]?key|client[ _\-]?secret|"
    r"account[ _\-]?key|auth[ _\-]?(?:key|token)|authorization|auth|bearer|token|"
    r"credentials?|creds?|recovery[ _\-]?(?:key|code)|license[ _\-]?key)"
)
_OTHER_NAME: Final = (
    r"(?![ _\-.]?(?:count|rate|length|len|size|id|ids|name|names|type|types|url|uri|file|path|"
    r"hash|field|hint|expir\w*|limit|policy|min|max|santa|index|kind|mode|method|scheme|status|valid\w*|env|var\w*|"
    r"e?port\b|enger|ages?\b|reset|strength|manager|ring|ed\b|ing\b|er\b))"
)
_NAME: Final = (
    r"(?<![A-Za-z0-9_])(?:[A-Za-z0-9_.\-\u00df-\u00ff]{0,60}?[_.\-]|[A-Za-z0-9]{0,30}?)"
    rf"(?P<label>{_LABEL}){_OTHER_NAME}[A-Za-z0-9_.\-]{{0,60}}+(?:\[\])?"
)
_TIE: Final = r"""["'`]?\]?\)?(?:\[\d{0,4}\])?\s{0,8}(?::=|=>|===?|!==?|\?=|\|\||=|:(?!:)|->|,|\s(?=["']))\s{0,4}"""
_TYPE: Final = r"(?:(?:str(?:ing)?|String|SecretStr|&str|const\s+char\s*\*|string\?)\s*=\s*)?"

_QUOTED: Final = re.compile(
    rf"{_NAME}(?:{_TIE}|\s+(?:string|String|str)\s*=\s*){_TYPE}@?"
    r"""(?P<quote>["'`])(?P<value>(?:\\.|(?!(?P=quote))[^\n\\]){3,400})(?:(?P=quote)|$)""",
    re.IGNORECASE | re.MULTILINE,
)
_CALL: Final = re.compile(
    rf"{_NAME}(?:\.\w+)?\s*\(\s*"
    r"""(?P<quote>["'])(?P<value>(?:\\.|(?!(?P=quote))[^\n\\]){3,400})(?P=quote)""",
    re.IGNORECASE,
)
_ELEMENT: Final = re.compile(
    rf"<(?:\w{{1,20}}:)?[\w.\-]{{0,30}}?(?P<label>{_LABEL})s?(?:[.\-_]?value)?(?:\s[^<>\n]{{0,80}})?>(?P<value>[^<>\n]{{3,200}})</|"
    r"\stype=[\"']?password\b[^<>\n]{0,200}?\svalue=[\"'](?P<typed>[^\"'\n]{3,200})",
    re.IGNORECASE,
)
_REVERSED: Final = re.compile(
    r"""(?P<quote>["'])(?P<value>[^"'\n]{4,200})(?P=quote)\s*(?:===?|!==?)\s*"""
    rf"{_NAME}",
    re.IGNORECASE,
)


def quoted_secrets(text: str) -> Iterator[Hit]:
    """Give `name = "value"` where the name says secret, in code, JSON, YAML and calls."""
    for pattern in (_QUOTED, _CALL, _REVERSED):
        for match in pattern.finditer(text):
            if not _is_code_string(match["value"]):
                yield Hit(*match.span("value"), _kind(match["label"]))
    for match in _ELEMENT.finditer(text):
        group = "typed" if match["typed"] else "value"
        if not _is_code_string(match[group]):
            yield Hit(*match.span(group), _kind(match["label"] or "password"))


_HEADER_NAME: Final = re.compile(
    r"[A-Z][a-z]+(?:-[A-Z][a-z]+)*|https?://\S+|\w+\.\w+\(.*|[A-Z][A-Z0-9_]+_[A-Z0-9_]+|.{0,8}\$\{?\w+\}?.{0,4}|[A-Za-z ]{3,40}[:?] ?"
)


def _is_code_string(value: str) -> bool:
    """Tell whether a quoted text is a header's or variable's name, an address, a template."""
    return is_placeholder(value) or _HEADER_NAME.fullmatch(value) is not None


_BARE: Final = re.compile(
    rf"{_NAME}(?P<tie>[\"'`]?\]?\s{{0,8}}(?::=|=>|\?=|=(?!=)|:(?![:/]))[ \t]{{0,20}})"
    r"(?P<value>[^\s\"'`<>\[(][^\s]{2,400})(?P<rest>[^\n]{0,40})",
    re.IGNORECASE,
)
_CODE_VALUE: Final = re.compile(
    r"""(?:[A-Za-z_$][\w$]*(?:\.|->|::)[A-Za-z_]\w*.*      # an attribute
      | [A-Za-z_$][\w$.]*[(\[{].*                           # a call or index
      | (?:await|new|lambda|function|async|return|not|self|this|null|none|true|false|nil|str|
           int|bool|bytes|string|any|object|undefined|optional|float|list|dict|the|a|an|is|
           must|for|and|or|required|input|text|hidden|forgotten|expired|invalid)\b[,;:|)\]}]?.*
      | \$[({]?\w.* | [&*%]\w.* | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+[,;)]?  # a variable
      | /(?:[\w.\-]+/)*[\w.\-]* | \d{1,3}[,;)]? | [|&]+.*
      )""",
    re.VERBOSE | re.IGNORECASE,
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z_]*[,;)\]}:]*|[a-z]+(?:[A-Z][a-z]+)+[,;)]*")
_LEAST_SECRET: Final = 3
_LEAST_CHOSEN: Final = 8
_COUNT: Final = re.compile(r"\d{1,6}[,;)]?(?!\w)")
_NEXT_FIELD: Final = re.compile(r"&[\w.\-]+=")
_CLOSERS: Final = re.compile(r"[,;)\]}\"'`]+$")


def bare_secrets(text: str) -> Iterator[Hit]:
    """Give `name: value` and `NAME=value` without quotes; program code is left alone."""
    for match in _BARE.finditer(text):
        value, rest = match["value"], match["rest"].strip()
        if match["tie"] == "=" and text[match.start() : match.start("tie")].isupper():
            rest = ""  # a variable set for one command, `PGPASSWORD=… psql`
        if not _is_mixed_dollar(value) and (
            is_placeholder(value) or _is_code(value, rest, match["tie"])
        ):
            continue
        if match["label"].lower().startswith("token") and _COUNT.match(value):
            continue
        start, end = match.span("value")
        if "=" in match["tie"] and (next_field := _NEXT_FIELD.search(value)):
            end = start + next_field.start()
        if (closers := _CLOSERS.search(value)) and "{" not in value and "(" not in value:
            end = min(end, start + closers.start())
        if end - start >= _LEAST_SECRET:
            yield Hit(start, end, _kind(match["label"]))


def _is_code(value: str, rest: str, tie: str) -> bool:
    if value.startswith(("{{", "${", "$(", "#{")):
        return True
    if _CODE_VALUE.fullmatch(value):
        return not _has_symbols(value)
    if _IDENTIFIER.fullmatch(value):
        spaced = tie.startswith(" ") and "=" in tie
        return spaced or bool(rest) or value[-1] in ",;)]}:" or "_" in value
    return False


_DOLLAR: Final = re.compile(r"\$(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)[A-Za-z0-9!#$%+=?&*]{8,40}")


def _is_mixed_dollar(value: str) -> bool:
    """Tell whether it is a password that happens to begin as a variable does."""
    return _DOLLAR.fullmatch(value) is not None and not reads_like_words(value)


def _has_symbols(value: str) -> bool:
    """Tell whether a value mixes letters, digits and signs as only a password does."""
    signs = {char for char in value if not char.isalnum() and char not in "_.()"}
    few = 2 if any(char.isdigit() for char in value) else 5
    return len(signs) >= few and not value.startswith("$")


_TELLS: Final = r"(?=[^\s]{0,60}[\d!@#$%^&*])"
"""A password in a sentence has a digit or a sign: plain words are words."""
_PROSE: Final = re.compile(
    rf"(?<!\w)(?:{any_of(PASSWORD_WORDS)}|secret|api key|token|credentials)"
    rf"(?:\s{{1,4}}(?:{IS})|\s{{1,4}}(?:for|to|of|f\u00fcr|pour|para|per|voor|do|till)\s{{1,4}}[\w.@\-]{{1,40}}\s{{1,4}}(?:{IS}))?\s{{0,4}}(?::|\s)\s{{0,4}}"
    rf"(?P<value>{_TELLS}(?!\w+=)[^\s,;\"'<>(){{}}|=][^\s,;\"'<>(){{}}|]{{3,80}})",
    re.IGNORECASE,
)
_STRICT: Final = r"(?:(?=\S{0,60}\d)(?=\S{0,60}[A-Za-z])|(?=\S{1,30}?[!#$%&+=?*^]\S{0,30}?[!#$%&+=?*^]))(?!\w+://)(?![\w.\-]+@)[^\s,;\"'<>(){}|/]{5,80}(?<![.:])"
"""With a letter and a digit or two signs: some words further from the label, less else is a password."""
_TOLD: Final = re.compile(
    rf"(?<!\w)(?:{any_of(PASSWORD_WORDS)})(?:[ \t][^\W\d_][\w.@'\-]{{0,30}}){{0,4}}?(?:\s?\([^)\n]{{1,20}}\))?\s{{0,3}}(?::|->|\u2192|\||\?|\s(?:{IS}))\s{{1,4}}(?P<value>{_STRICT})|"
    rf"\b(?:log(?:ged|s)?[ -]?(?:in|on)|sign(?:ed|s)?[ -]?in|unlock(?:s|ed)?|decrypt(?:s|ed)?)\b(?:[ \t][\w.@\-]{{1,40}}){{0,5}}? with (?P<with>{_STRICT})|"
    rf"\b(?:wi-?fi|wlan|wpa2?|psk|creds?|credentials?|parola chiave|chiave|(?:codice|chiave) di accesso|code d'acc\u00e8s|zugangsdaten)(?:[ _](?:key|code|pass|schl\u00fcssel))?\s{{0,2}}[:=]\s{{0,4}}(?:\w{{1,30}}\s?[:/]\s?)?(?P<wifi>{_STRICT})|"
    rf"\b(?:creds?|credentials?)[: \t]{{1,3}}[\w.@\-]{{2,40}}[:/](?P<creds>{_STRICT})|"
    rf"\b(?:PW|pass|wlan key|wi-?fi key)[ \t]+(?P<short>{_STRICT})|"
    rf"(?<!\w)(?:{any_of(PASSWORD_WORDS)}|PW|pass)\s{{0,3}}[(\[]\s?(?P<enclosed>{_STRICT})\s?[)\]]",
    re.IGNORECASE,
)
_AS_PASSWORD: Final = re.compile(
    rf"(?<!\S)(?P<value>{_TELLS}(?!\w+://)[^\s,;\"'<>(){{}}|]{{6,80}})\s{{1,4}}"
    r"(?:as|als|comme|como|come|som|jako)\s{1,4}(?:\w{1,8}\s{1,4}){0,2}?"
    rf"(?:{any_of(PASSWORD_WORDS)})(?!\w|\s+(?!(?:for|to|on|in|of|and|f\u00fcr|pour|para|per|voor)\b)\w)",
    re.IGNORECASE,
)
_AFTER_LOGIN: Final = re.compile(
    r"(?<=[A-Za-z0-9._%+\-])@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}\s{0,8}(?:/|\||;|:|,|\s-\s)\s{0,8}"
    rf"(?P<value>{_TELLS}(?![\w.\-]+@)[^\s,;\"'<>()/]{{6,80}})"
)
_LOGIN_PAIR: Final = re.compile(
    r"\b(?:login|log-in|credentials|zugang|account|user(?:name)?)\b[:\s]{1,4}[\w.@\-]{2,60}\s{0,4}(?:/|\||:)\s{0,4}"
    rf"(?P<value>{_TELLS}[^\s,;\"'<>()/]{{6,80}})",
    re.IGNORECASE,
)


def spoken_secrets(text: str) -> Iterator[Hit]:
    """Give `my password is …`, `use … as the password`, `login a@b.org / …` and the like."""
    for pattern in (_PROSE, _AS_PASSWORD):
        for match in pattern.finditer(text):
            value = match["value"]
            is_code = is_placeholder(value) or _CODE_VALUE.fullmatch(value) is not None
            if not is_code or _is_mixed_dollar(value):
                yield Hit(*match.span("value"), "PASSWORD")
    for match in _TOLD.finditer(text):
        group = match.lastgroup or "value"
        value = match[group]
        if _is_mixed_dollar(value) or (not is_placeholder(value) and _is_chosen(value)):
            yield Hit(*match.span(group), "PASSWORD")
    yield from hits_of(_AFTER_LOGIN, text, "PASSWORD", "value")
    yield from hits_of(_LOGIN_PAIR, text, "PASSWORD", "value")


_NO_COUNT: Final = (
    r"(?!\s?(?:ms|s|sec\w*|min\w*|lines?|times|files?|rows?|bytes?|[kmg]b|px|errors?|users?|%)\b)"
)
_CODE_VALUE_OF: Final = (
    r"(?P<value>\d{3}[ -]?\d{3,5}|\d{3,10}|\d(?: \d){3,7}|[A-Z]-\d{5,8})(?!\d|[\w.]\w)" + _NO_COUNT
)
_CODE_TOLD: Final = re.compile(
    rf"\b(?:pin|passcode|puk|otp)(?:\s(?:of|for|to)(?:\s[^\W\d_]{{1,20}}){{1,3}}?)(?:\s(?:{IS})|:)?\s{{1,3}}(?P<value>\d{{4,8}})\b|"
    r"\b(?:use|enter|type|share|the|this|that|following|new|verwende\w*|mit|den|utilisez|avec|le|usa|el|o|il)\s(?:code|kode|c\u00f3digo|codice)(?:\s(?:is|ist|est)|:)?\s(?P<code>\d{4,8})(?!\w)"
    + _NO_COUNT
    + r"|"
    r"\b(?:use|enter|type)\s(?P<first>\d{4,8})\s(?:to (?:sign|log|verify|confirm|continue|unlock)|as your|for your)|"
    r"(?<!\S)(?P<said>\d{4,8}) (?:lautet|ist) (?:ihr|dein)\b[^\n\d]{0,24}code|"
    r"(?:^|[.!?,\n]\s{0,2})(?:code|kode|c\u00f3digo|codice)(?:\s?:|\sis)\s?(?P<alone>\d{4,8})(?=[\s.,]*(?:$|\n))",
    re.IGNORECASE,
)
_PLAIN_NAME: Final = re.compile(r"[a-z]+\d{1,4}[a-z]*|v?[\d.\-:]+[a-z]{0,3}", re.IGNORECASE)
_TERM: Final = re.compile(r"(?:wpa|wlan|sha|md5|802)\S*|-\S*", re.IGNORECASE)


def _is_chosen(value: str) -> bool:
    """Tell whether it is no name such as sha256, level2, WPA2-PSK, and no date or version."""
    if _TERM.fullmatch(value):
        return False
    is_name = _PLAIN_NAME.fullmatch(value) is not None
    return not is_name or (
        len(value) >= _LEAST_CHOSEN and value[-1].isdigit() and value[0].isalpha()
    )


_CODES: Final = re.compile(
    rf"(?<!\w){any_of(CODE_WORDS)}(?!\w)"
    rf"(?:\s*(?:{IS}|no\.?|number|code|#))?\s{{0,3}}[:#=]?\s{{0,3}}{_CODE_VALUE_OF}",
    re.IGNORECASE,
)
_YOUR_CODE: Final = re.compile(
    r"\b(?:your|ihr|dein|votre|ton|tu|su|seu|il tuo|uw|je|tw\u00f3j|din|\u0432\u0430\u0448)\b[^\n\d]{0,40}?"
    r"(?:code|c\u00f3digo|codice|kod|kode|koodi|\u043a\u043e\u0434)\b[^\n\d]{0,24}?"
    + _CODE_VALUE_OF,
    re.IGNORECASE,
)
_CODE_FIRST: Final = re.compile(
    r"(?P<value>\b(?:[A-Z]-)?\d{3}[ -]?\d{1,5}\b) (?:is|ist|est|es|\u00e8|\u00e9) "
    r"(?:your|ihr|dein|votre|tu|su|seu|il tuo|uw|je) [\w ]{0,40}(?:code|c\u00f3digo|codice|pin|otp|passcode)",
    re.IGNORECASE,
)


def one_time_codes(text: str) -> Iterator[Hit]:
    """Give PINs, one-time codes and card verification values after their labels."""
    yield from hits_of(_CODES, text, "SECRET", "value")
    yield from hits_of(_YOUR_CODE, text, "SECRET", "value")
    yield from hits_of(_CODE_FIRST, text, "SECRET", "value")
    for match in _CODE_TOLD.finditer(text):
        yield Hit(*match.span(match.lastgroup or "value"), "SECRET")


_PASSWORD: Final = re.compile(rf"{any_of(PASSWORD_WORDS)}|pass|pw", re.IGNORECASE)


def _kind(label: str) -> str:
    return "PASSWORD" if _PASSWORD.match(label) else "SECRET"
