"""Rules for secrets that show by the label beside them: `password: …`, `--token …`, PIN."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of
from recorder.redaction.secrets import is_placeholder

_LABEL: Final = (
    r"(?:pass[ _\-]?(?:word|wort|phrase|code|wd)s?|passwd|pass|pwd|pw|passwort|kennwort|"
    r"mot[ _]de[ _]passe|contrase(?:\u00f1|n)a|senha|secrete?s?|secret[ _\-]?key|"
    r"api[ _\-]?(?:key|token|secret)|apikey|access[ _\-]?key(?:[ _\-]?id)?|access[ _\-]?token|"
    r"private[ _\-]?key|signing[ _\-]?key|encryption[ _\-]?key|client[ _\-]?secret|"
    r"account[ _\-]?key|auth[ _\-]?(?:key|token)|authorization|auth|bearer|token|"
    r"credentials?|creds?|recovery[ _\-]?(?:key|code)|license[ _\-]?key)"
)
_OTHER_NAME: Final = (
    r"(?![ _\-.]?(?:count|rate|length|len|size|id|ids|name|names|type|types|url|uri|file|path|"
    r"hash|field|hint|expir\w*|limit|policy|min|max|santa|index|kind|status|valid\w*|env|var\w*|"
    r"reset|strength|manager|ring|ed\b|ing\b|er\b))"
)
_NAME: Final = (
    r"(?<![A-Za-z0-9])(?:[A-Za-z0-9_.\-\u00df-\u00ff]{0,40}?[_.\-]|[A-Za-z0-9]{0,30}?)"
    rf"(?P<label>{_LABEL}){_OTHER_NAME}[A-Za-z0-9_.\-]{{0,60}}+(?:\[\])?"
)
_TIE: Final = r"""["'`]?\]?\)?\s{0,3}(?::=|=>|===?|!==?|\?=|\|\||=|:(?!:)|->|,|\s(?=["']))\s{0,4}"""
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


_HEADER_NAME: Final = re.compile(
    r"[A-Z][a-z]+(?:-[A-Z][a-z]+)*|https?://\S+|\w+\.\w+\(.*|[A-Z][A-Z0-9_]+_[A-Z0-9_]+|.{0,8}\$\{?\w+\}?.{0,4}"
)


def _is_code_string(value: str) -> bool:
    """Tell whether a quoted text is a header's or variable's name, an address, a template."""
    return is_placeholder(value) or _HEADER_NAME.fullmatch(value) is not None


_BARE: Final = re.compile(
    rf"{_NAME}(?P<tie>[\"'`]?\s{{0,3}}(?::=|=>|\?=|=(?!=)|:(?![:/]))[ \t]{{0,4}})"
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
_LEAST_LONE_USER: Final = 6
"""`curl -u token:` without a password: the name is the secret."""
_COUNT: Final = re.compile(r"\d{1,6}[,;)]?(?!\w)")
_NEXT_FIELD: Final = re.compile(r"&[\w.\-]+=")
_CLOSERS: Final = re.compile(r"[,;)\]}\"'`]+$")


def bare_secrets(text: str) -> Iterator[Hit]:
    """Give `name: value` and `NAME=value` without quotes; program code is left alone."""
    for match in _BARE.finditer(text):
        value, rest = match["value"], match["rest"].strip()
        if is_placeholder(value) or _is_code(value, rest, match["tie"]):
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


def _has_symbols(value: str) -> bool:
    """Tell whether a value mixes letters, digits and signs as only a password does."""
    signs = {char for char in value if not char.isalnum() and char not in "_.()"}
    few = 2 if any(char.isdigit() for char in value) else 5
    return len(signs) >= few and not value.startswith("$")


_PROSE: Final = re.compile(
    r"\b(?P<label>pass ?(?:word|phrase|code)|passwort|kennwort|pwd|secret|api key|token|credentials)"
    r"(?:\s+(?:is|was|ist|lautet|=)|\s+(?:for|to|of)\s+[\w.@\-]{1,40}\s+is)?\s*(?::|\s)\s*"
    r"(?P<value>(?=[^\s]{0,60}[\d!@#$%^&*])[^\s,;\"'<>(){}=|]{4,80})",
    re.IGNORECASE,
)
_AFTER_LOGIN: Final = re.compile(
    r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}\s*(?:/|\||;|:|,|\s-\s)\s*"
    r"(?P<value>(?=[^\s]{0,60}[\d!@#$%^&*])(?![\w.\-]+@)[^\s,;\"'<>()/]{6,80})"
)
_LOGIN_PAIR: Final = re.compile(
    r"\b(?:login|log-in|credentials|zugang|account|user(?:name)?)\b[:\s]+[\w.@\-]{2,60}\s*(?:/|\||:)\s*"
    r"(?P<value>(?=[^\s]{0,60}[\d!@#$%^&*])[^\s,;\"'<>()/]{6,80})",
    re.IGNORECASE,
)


def spoken_secrets(text: str) -> Iterator[Hit]:
    """Give `my password is …`, `login a@b.org / …` and the like in plain sentences."""
    for match in _PROSE.finditer(text):
        value = match["value"]
        if not is_placeholder(value) and not _CODE_VALUE.fullmatch(value):
            yield Hit(*match.span("value"), "PASSWORD")
    yield from hits_of(_AFTER_LOGIN, text, "PASSWORD", "value")
    yield from hits_of(_LOGIN_PAIR, text, "PASSWORD", "value")


_CODES: Final = re.compile(
    r"\b(?:pin(?:[ -]?(?:code|nummer|number))?|passcode|otp|one[- ]time (?:code|pass(?:word|code))|tan|mfa|2fa|"
    r"(?:verification|security|confirmation|login|auth(?:entication)?|access|sms|backup) code|"
    r"sicherheitscode|code de v(?:\u00e9|e)rification|cvv2?|cvc2?|csc|cid|card verification(?: value)?)"
    r"\b(?:\s*(?:is|ist|lautet|no\.?|number|code))?\s*[:#=]?\s*(?P<value>\d{3}[ -]?\d{3,5}|\d{3,10}|\d(?: \d){3,7})(?![\w.])",
    re.IGNORECASE,
)
_CODE_FIRST: Final = re.compile(
    r"(?P<value>\b\d{3}[ -]?\d{1,5}\b) is your [\w ]{0,40}(?:code|pin|otp|passcode)", re.IGNORECASE
)


def one_time_codes(text: str) -> Iterator[Hit]:
    """Give PINs, one-time codes and card verification values after their labels."""
    yield from hits_of(_CODES, text, "SECRET", "value")
    yield from hits_of(_CODE_FIRST, text, "SECRET", "value")


_FLAG: Final = re.compile(
    r"(?:^|\s)--?(?:[\w\-]*(?:password|passwd|passphrase|secret|token|api-?key|access-key)|pass|pw|auth)(?:=|\s+)"
    r"(?P<quote>[\"']?)(?P<value>(?!-)[^\s\"']{3,300})(?P=quote)",
    re.IGNORECASE,
)
_SHORT_P: Final = re.compile(
    r"\b(?:mysql\w*|mariadb\w*|mysqladmin|sshpass|mongo\w*|sqlcmd|psql|docker login|redis-cli|ldap\w+|7z|zip|unzip|smbclient|"
    r"htpasswd|cqlsh|influx|clickhouse-client)\b[^\n|;]{0,200}?\s-(?:p|a|P|w)\s?(?P<quote>[\"']?)(?P<value>(?!-)[^\s\"']{4,200})(?P=quote)"
)
_CURL_USER: Final = re.compile(
    r"\b(?:curl|wget|http|https)\b[^\n]{0,400}?\s(?:-u|--user|--proxy-user)[ =]?\s*"
    r"(?P<quote>[\"']?)(?P<user>[^\s:\"']{0,100}):(?P<quote2>[\"']?)(?P<value>[^\s\"']{0,200})",
    re.DOTALL,
)
_HEADER: Final = re.compile(
    r"(?:proxy-)?authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?\s{0,3}(?:(?:basic|bearer|token|api-?token|apikey|digest|aws4-hmac-sha256|negotiate|key)[ =]\s{0,3})?"
    r"(?P<value>[A-Za-z0-9+/_.=~@\-:]{8,2000})|"
    r"\bx-[a-z\-]{0,30}(?:key|token|secret|auth|api)\s{0,2}:\s{0,3}(?P<value2>[^\s\"'$<]{6,400})|"
    r"\b(?:bearer|basic)\s+(?P<value3>(?=[A-Za-z+/_.=~\-]*\d)[A-Za-z0-9+/_.=~\-]{16,2000})",
    re.IGNORECASE,
)
_COOKIE: Final = re.compile(
    r"\b(?:set-)?cookie\s*:\s*(?P<value>[^\n\"']{6,2000})|\b(?:sessionid|session_id|phpsessid|jsessionid|sid|csrftoken)=(?P<value2>[A-Za-z0-9%._\-]{12,300})",
    re.IGNORECASE,
)
_QUERY: Final = re.compile(
    r"[?&#;](?:[\w\-]{0,30}(?:token|secret|passw(?:or)?d|pwd|api_?key|apikey|signature|auth|sig)|code|key|otp|pass|jwt|ticket|sid|session)="
    r"(?P<value>[^\s&#\"'<>]{6,2000})",
    re.IGNORECASE,
)


def command_line_secrets(text: str) -> Iterator[Hit]:
    """Give passwords in flags: `--password x`, `mysql -px`, `curl -u user:x`."""
    for pattern in (_FLAG, _SHORT_P, _CURL_USER):
        for match in pattern.finditer(text):
            if match["value"] and not is_placeholder(match["value"]):
                yield Hit(*match.span("value"), "PASSWORD")
    for match in _CURL_USER.finditer(text):
        if not match["value"] and len(match["user"]) >= _LEAST_LONE_USER:
            yield Hit(*match.span("user"), "PASSWORD")


def header_secrets(text: str) -> Iterator[Hit]:
    """Give credentials in HTTP headers, cookies and query strings."""
    for pattern in (_HEADER, _COOKIE, _QUERY):
        for match in pattern.finditer(text):
            for name in match.groupdict():
                value = match[name]
                if (
                    value
                    and not is_placeholder(value)
                    and any(c.isdigit() or c in "=+/" for c in value)
                ):
                    yield Hit(*match.span(name), "SECRET")


def _kind(label: str) -> str:
    lowered = label.lower()
    return (
        "PASSWORD"
        if lowered.startswith(("pass", "pw", "kenn", "mot", "contra", "senha"))
        else "SECRET"
    )
