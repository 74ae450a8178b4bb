"""Rules for e-mail addresses, user names, IP and MAC addresses."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_EMAIL: Final = re.compile(
    r"(?<![\w.+\-])[\w][\w.!#$%&'*+/=?^`{|}~\-]{0,63}?@(?:[^\W_](?:[\w\-]{0,62}[^\W_])?\.)+[^\W\d_]{2,24}(?![\w\-])"
)
_EMAIL_SPELLED: Final = re.compile(
    r"\b[\w.+\-]{2,64}\s?(?:\(at\)|\[at\]|\{at\}| at )\s?[\w\-]{2,63}\s?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.)\s?"
    r"(?:[a-z]{2,3}|info|online)\b(?!\s?\()",
    re.IGNORECASE,
)
_TLD: Final = r"(?:com|org|net|edu|gov|info|eu|de|at|ch|fr|es|it|nl|pl|se|dk|fi|cz|ru|uk|jp)"
_EMAIL_APART: Final = re.compile(
    # As a recogniser reads it: with gaps beside @ or before the last dot.
    rf"(?<![\w.+\-])(?=[^\s@]*[\d._])[\w][\w.+\-]{{1,63}}(?: @ ?|@ )(?:[\w\-]{{2,63}}\.){{1,3}}{_TLD}\b(?!\s?[(\[.=])|"
    rf"(?<![\w.+\-])[\w][\w.+\-]{{1,63}}@[\w\-]{{2,63}}(?:\.[\w\-]{{2,63}}){{0,2}} \.{_TLD}\b(?!\s?[(\[.=])"
)
_EMAIL_QUOTED: Final = re.compile(
    r"(?<![\w.+\-])[\w][\w.+\-]{0,63}%40(?:[\w\-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![\w\-])"
)
"""As it stands in a link."""
_URL_LOGIN: Final = re.compile(r"://[^\s/@:]*:\Z")
"""In `https://kim:word@host` stand a password and a host, no e-mail address."""
_LONGEST_LOGIN: Final = 80


def emails(text: str) -> Iterator[Hit]:
    """Give e-mail addresses, also those spelled with (at) and (dot)."""
    for hit in hits_of(_EMAIL, text, "EMAIL"):
        at = text.index("@", hit.start)
        start = text.rfind("=", hit.start, at) + 1
        is_login = (
            _URL_LOGIN.search(text, max(0, hit.start - _LONGEST_LOGIN), hit.start) is not None
        )
        yield Hit(max(hit.start, start), at if is_login else hit.end, "EMAIL")
    yield from hits_of(_EMAIL_APART, text, "EMAIL")
    if "%40" in text:
        yield from hits_of(_EMAIL_QUOTED, text, "EMAIL")
    if "dot" in text or "(at)" in text or "[at]" in text:
        yield from hits_of(_EMAIL_SPELLED, text, "EMAIL")


_IPV4: Final = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)"
)
_IPV6: Final = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:)[0-9A-Fa-f:]{3,39}(?:\d{1,3}(?:\.\d{1,3}){3})?(?:%\w{1,15})?(?![\w:])|"
    r"(?<![\w.])(?<!::)(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?!\w)"
)
_GROUP: Final = re.compile(r"[0-9A-Fa-f]{3}")
"""Slices such as [1::2] have no group of three digits."""
_VERSION: Final = re.compile(
    r"(?:version|release|build|firmware|driver|nginx|firefox|chrome|ver\.?|v|[=~<>^]=|\u00a7|section|chapter)[\s/]*$",
    re.IGNORECASE,
)


def ip_addresses(text: str) -> Iterator[Hit]:
    """Give IPv4 and IPv6 addresses but those of the own machine and version numbers."""
    for match in _IPV4.finditer(text):
        before = text[max(0, match.start() - 10) : match.start()]
        if _tells(match[0]) and not _VERSION.search(before):
            yield Hit(*match.span(), "IP")
    if text.count(":") > 1:
        for match in _IPV6.finditer(text):
            if _GROUP.search(match[0]) and _tells(match[0].partition("%")[0]):
                yield Hit(*match.span(), "IP")


def _tells(address: str) -> bool:
    """Tell whether it is an address that says something about a person's network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (found.is_loopback or found.is_unspecified or address.startswith("255.255."))


_MAC: Final = re.compile(
    r"(?<![\w:\-])(?:[0-9A-Fa-f]{2}([:\-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![\w]|[:\-][0-9A-Fa-f]{2})"
)


def mac_addresses(text: str) -> Iterator[Hit]:
    """Give hardware addresses: six pairs with colons or hyphens, or three dotted groups."""
    for hit in hits_of(_MAC, text, "MAC"):
        if len({*text[hit.start : hit.end]} - {":", "-", "."}) > 1:  # no broadcast, no zeros
            yield hit


_LOGIN: Final = re.compile(
    r"\b(?:user[ _]?name|user[ _]?id|login(?:[ _]name)?|benutzer(?:name)?|nutzername|anmeldename|"
    r"(?:nom d')?utilisateur|identifiant|(?:nombre de )?usuario|(?:nome )?utente|(?:nome de )?usu\u00e1rio|gebruiker(?:snaam)?|"
    r"(?:nazwa )?u\u017cytkownik[a]?|anv\u00e4ndarnamn|brukernavn|brugernavn|k\u00e4ytt\u00e4j\u00e4tunnus|u\u017eivatel(?:sk\u00e9 jm\u00e9no)?|kullan\u0131c\u0131(?: ad\u0131)?|"
    r"\u0438\u043c\u044f \u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442\u0435\u043b\u044f|\u043b\u043e\u0433\u0438\u043d|\u7528\u6237\u540d|\u30e6\u30fc\u30b6\u30fc\u540d|screen[ _]name|handle)\"?\s{0,2}[:=]\s{0,3}\"?"
    r"(?P<value>[A-Za-z0-9][\w.\-]{1,40})(?=[\s,;\"&]|$)(?!\s*[(=.\[])",
    re.IGNORECASE,
)
_USER_WITH_PASSWORD: Final = re.compile(
    r"\buser\s?[:=]\s?(?P<value>[A-Za-z0-9][\w.\-]{1,40})(?=[\s,;&]+(?:pass|pwd|pw)\w{0,7}\s?[:=])",
    re.IGNORECASE,
)
_PARAMETER: Final = re.compile(
    r"[?&;](?:user(?:_?name|_?id)?|login|uid|owner|author|member|nick|screen_name|assignee|account(?:_?name)?)="
    r"(?P<value>[A-Za-z][\w.\-]{2,40})(?=[&#;\s\"']|$)",
    re.IGNORECASE,
)
_AT_HOST: Final = re.compile(
    r"\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id)\b[^\n@]{0,80}?\s(?P<value>[a-z_][\w.\-]{0,31})@(?=[\w.\-]+)",
    re.IGNORECASE,
)
_PROMPT: Final = re.compile(
    r"(?:^|\s|[(\[])(?P<value>[a-z_][\w.\-]{0,31})@[\w.\-]+:[~/]\S*\s?[$#%]", re.MULTILINE
)
_HOME: Final = re.compile(
    r"(?:(?:(?<![\w.])|/mnt/[a-z]|/var|/export)/(?:home|Users)/|/(?:var/(?:mail|spool/(?:mail|cron/crontabs))|run/media|media)/|%2F(?:home|Users)%2F|(?<![\w/.])~(?=[a-z]{3,32}/)|\\\\[\w.\-]{1,60}\\(?:Users|home)\\|[A-Za-z]:[\\/]{1,2}(?:Users|Benutzer|Documents and Settings)[\\/]{1,2})(?P<value>[^/\\\s:\"'<>|,;)%]{2,40})"
)
_NOBODY: Final = frozenset(
    [
        "root", "user", "users", "admin", "administrator", "guest", "public", "shared",
        "default", "ubuntu", "debian", "ec2-user", "runner", "app", "node", "build",
        "builder", "test", "demo", "docker", "vagrant", "git", "www-data", "postgres",
        "mysql", "nobody", "me", "you", "name", "username", "your", "none", "null", "true",
        "false", "str", "string", "required", "optional", "pi", "linuxbrew", "circleci",
        "vsts", "jenkins", "media", "cdrom", "disk", "usb", "floppy", "docs", "lib", "share",
    ]
)  # fmt: skip


def user_names(text: str) -> Iterator[Hit]:
    """Give account names after labels, before `@host`, and in home folders."""
    for pattern in (_LOGIN, _USER_WITH_PASSWORD, _PARAMETER, _AT_HOST, _PROMPT, _HOME):
        for match in pattern.finditer(text):
            if match["value"].lower() not in _NOBODY:
                yield Hit(*match.span("value"), "USERNAME")
