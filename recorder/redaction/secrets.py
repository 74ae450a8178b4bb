"""Rules for secrets that show by their own form: keys, tokens, credentials in addresses."""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_PEM: Final = re.compile(
    r"-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:.*?-----END[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----|.*)",
    re.DOTALL,
)
_PUTTY: Final = re.compile(r"PuTTY-User-Key-File-\d.*?(?:Private-MAC:\s*\w+|\Z)", re.DOTALL)


def private_keys(text: str) -> Iterator[Hit]:
    """Give PEM, OpenSSH, PGP and PuTTY private keys; a block without its end goes whole."""
    yield from hits_of(_PEM, text, "PRIVATE_KEY")
    yield from hits_of(_PUTTY, text, "PRIVATE_KEY")


@cache
def _provider_pattern() -> re.Pattern[str]:
    """Compile the pinned data once, when the first text comes, never at import."""
    data = files("recorder.redaction").joinpath("data", "provider_tokens.toml").read_text("utf-8")
    return re.compile(
        r"(?<![A-Za-z0-9_])(?:"
        + "|".join(tomllib.loads(data)["tokens"].values())
        + ")(?![A-Za-z0-9])"
    )


_LEAST_TOKEN: Final = re.compile(r"[\w~.\-:|/]{8}")


def provider_tokens(text: str) -> Iterator[Hit]:
    """Give tokens in a form that one provider issues; the forms are pinned data."""
    if _LEAST_TOKEN.search(text):
        yield from hits_of(_provider_pattern(), text, "SECRET")


_URL_PASSWORD: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]{1,20}://(?P<user>[^\s/:@\"'<>]{0,128}):"
    r"(?P<password>[^\s\"'<>]{1,256}?(?:@[^\s\"'<>@.:/?#]{1,64}/[^\s\"'<>@?#]{0,128})?)"
    r"@(?=(?:[\w\-][\w.\-]*|\[[0-9A-Fa-f:.]+\])(?:[:/?#,;)\s\"'`]|$))"
)
_URL_TOKEN: Final = re.compile(
    r"[a-z][a-z0-9+.\-]{1,20}://(?P<user>[^\s/:@\"'<>]{12,256})@[\w\-]", re.IGNORECASE
)
_DATA_SOURCE: Final = re.compile(
    r"(?<![\w.\-/])[\w.\-]{1,64}:(?P<value>[^\s\"'`:]{3,128})@(?:tcp|unix|udp)\("
)
_CONNECTION: Final = re.compile(
    r"(?:Password|Pwd|AccountKey|SharedAccessKey|SharedAccessSignature|SharedSecret)\s*=\s*"
    r"(?P<value>\"[^\"]{1,200}\"|'[^']{1,200}'|[^\s;\"',<>{}$(\[]{3,200}?)(?=[;\"']|\s|$)",
    re.IGNORECASE,
)


def url_credentials(text: str) -> Iterator[Hit]:
    """Give the password (or lone token) in `scheme://user:password@host`."""
    for match in _URL_PASSWORD.finditer(text):
        if not is_placeholder(match["password"]):
            yield Hit(*match.span("password"), "URL_CREDENTIAL")
    yield from hits_of(_URL_TOKEN, text, "URL_CREDENTIAL", "user")


def connection_strings(text: str) -> Iterator[Hit]:
    """Give passwords and keys in `Server=…;Password=…;` strings and `user:x@tcp(…)`."""
    if ";" in text:
        yield from hits_of(_CONNECTION, text, "PASSWORD", "value")
    yield from hits_of(_DATA_SOURCE, text, "PASSWORD", "value")


_PLACEHOLDER: Final = re.compile(
    r"""\s*(?:
        \$\(?\{{0,2}[\w.\s:|\-]*\}{0,2}\)?      # $NAME, ${NAME}, $(command)
      | \{{1,2}(?!\w*[A-Z]\w*\d\w*[A-Z])[\w.\s|]*\}{1,2}  # {name}, {{ name }}
      | <%?[^<>]{0,40}%?>                       # <password>
      | %\(?\w{0,20}\)?[sdr%]?                  # %s, %(name)s, %NAME%
      | [*\u2022\u25cf.xX_\-]+                  # ••••, xxxx
      | (?i:null|none|nil|true|false|undefined|redacted|hidden|empty|n/?a|yes|no)
      | (?i:(?:your|my|insert|enter|changeme|change_me|example|placeholder)[\w\-]*here?)
    )\s*""",
    re.VERBOSE,
)


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands for a secret without being one."""
    return _PLACEHOLDER.fullmatch(value) is not None


_CANDIDATE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9+/_.~\-!@#$%^&*=]{18,}[A-Za-z0-9=!]")
_PIECES: Final = re.compile(r"[/\\.:,;=&?#@]+")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX: Final = re.compile(r"(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)")
_SRI: Final = re.compile(r"(?:sha(?:1|224|256|384|512)|md5)[-:=].*", re.IGNORECASE)
_DATA_URI: Final = re.compile(
    r"data:[\w.+/;=\-]{0,60}base64,[A-Za-z0-9+/=]*|sha\d{3}-[A-Za-z0-9+/=]+|integrity=\S+"
)
_FILLER: Final = re.compile(r"(.)\1{11,}")
_ALPHABET: Final = re.compile(r"abcdefgh|ABCDEFGH|0123456789|hijklmn", re.IGNORECASE)
_FILE_END: Final = re.compile(r"\.(?:[a-z]{1,5}\d?)$", re.IGNORECASE)
_LEAST_MIXED: Final = 20
_LEAST_EACH: Final = 2


def mixed_tokens(text: str) -> Iterator[Hit]:
    """Give tokens of 20 characters and more that mix upper case, lower case and digits.

    UUIDs, hashes, integrity values, embedded images, names of files and identifiers in
    which words can be read are left alone.
    """
    skip = [match.span() for match in _DATA_URI.finditer(text)]
    for match in _CANDIDATE.finditer(text):
        if any(a <= match.start() < b for a, b in skip) or _SRI.match(match[0]):
            continue
        at = match.start()
        for piece in _pieces(match[0]):
            start = at + piece[0]
            if _is_mixed(match[0][piece[0] : piece[1]]):
                yield Hit(start, at + piece[1], "SECRET")


def _pieces(token: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in _PIECES.finditer(token):
        yield at, gap.start()
        at = gap.end()
    yield at, len(token)


def _is_mixed(piece: str) -> bool:
    piece = piece.strip("-_=+!")
    if len(piece) < _LEAST_MIXED or _UUID.fullmatch(piece) or _HEX.fullmatch(piece):
        return False
    if _FILE_END.search(piece) or _ALPHABET.search(piece) or _FILLER.search(piece):
        return False
    upper, lower, digits = (
        _count(piece, str.isupper),
        _count(piece, str.islower),
        _count(piece, str.isdigit),
    )
    if min(upper, lower, digits) < _LEAST_EACH:
        return False
    return not reads_like_words(piece)


_WORD_RUN: Final = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}(?![a-z])|[A-Z]{2,3}(?=_|$)")


def reads_like_words(piece: str) -> bool:
    """Tell whether most of a token is runs of letters as long as words."""
    covered = sum(len(run) for run in _WORD_RUN.findall(piece))
    return covered > len(piece) * 0.55


def _count(piece: str, test: Callable[[str], bool]) -> int:
    return sum(map(test, piece))
