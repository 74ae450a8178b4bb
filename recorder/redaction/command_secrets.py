"""Rules for secrets in commands and in the traffic of the web: flags, headers, cookies, queries."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit
from recorder.redaction.secrets import is_placeholder

_FLAG: Final = re.compile(
    r"(?:^|\s)--?(?:[\w\-]*(?:password|passwd|passphrase|secret|token|api-?key|access-key)|pass|pw|auth)(?:=|\s+)"
    r"(?P<quote>[\"']?)(?P<value>(?!-)(?:(?<=[\"'])[^\n\"']{3,300}|[^\s\"']{3,300}))(?P=quote)",
    re.IGNORECASE,
)
_SHORT_P: Final = re.compile(
    r"\b(?:mysql\w*|mariadb\w*|mysqladmin|sshpass|mongo\w*|sqlcmd|psql|docker login|redis-cli|ldap\w+|7z|zip|unzip|smbclient|"
    r"htpasswd|cqlsh|influx|clickhouse-client|useradd|usermod)\b[^\n|;]{0,200}?\s-(?:p|a|P|w)\s?"
    r"(?P<quote>[\"']?)(?P<value>(?!-)(?:(?<=[\"'])[^\n\"']{4,200}|[^\s\"']{4,200}))(?P=quote)"
)
_CURL_USER: Final = re.compile(
    r"\b(?:curl|wget|http|https)\b(?:[^\n]|\\\n){0,400}?\s(?:-u|--user|--proxy-user)[ =]?\s*"
    r"[\"']?(?P<user>[^\s:\"']{0,100})[\"']?:[\"']?(?P<value>[^\s\"']{0,200})",
)
_SAMBA_USER: Final = re.compile(
    r"\s(?:-U|--user(?:name)?)[ =]?\s{0,3}(?P<quote>[\"']?)[\w.@\\/$+\-]{1,80}%(?P<value>[^\s\"']{3,200})(?P=quote)"
)
"""`smbclient -U user%secret`, and so net, rpcclient, wmic, winexe."""
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
_NPM: Final = re.compile(
    r":_(?:authToken|password|auth)\s{0,64}=\s{0,64}(?P<value>[^\s$][^\s]{2,400})"
)
_OTHER_COMMAND: Final = re.compile(
    r"\bIDENTIFIED (?:WITH \w+ )?BY\s+['\"](?P<value>[^'\"\n]{4,200})|\brequirepass\s+(?P<redis>[^\s\"']{4,200})|"
    r"\bnet user\s+\w[\w.\-]{0,30}\s+(?P<net>(?![/*])\S{4,100})|\bhtpasswd\s+-\w*b\w*\s+\S{1,100}\s+\S{1,60}\s+(?P<web>\S{4,100})|"
    r"\bnet use\b[^\n]{0,200}?\s/user:\S{1,80}\s+(?P<share>(?![/*])\S{4,100})|\bnet use\s[^\n]{0,100}?\\\\\S{1,200}\s+(?P<map>(?![/*])\S{4,100})\s+/user:|"
    r"\bopenssl enc\b[^\n|;]{0,200}?\s-k\s+(?P<openssl>[^\s\"'$]{4,200})|"
    r"\bwpa_passphrase\s+\S{1,60}\s+(?P<wifi>\S{8,63})|\bpsk=\"(?P<psk>[^\"\n]{8,63})|"
    r"\becho\s+(?:-n\s+)?['\"]?(?P<piped>[^\s'\"$|]{4,100})['\"]?\s*\|\s*(?:sudo\s+-S|(?:sudo\s+)?(?:passwd|chpasswd|kinit|docker login)\b)",
    re.IGNORECASE,
)
_LEAST_LONE_USER: Final = 6
"""`curl -u token:` without a password: the name is the secret."""
_QUERY: Final = re.compile(
    r"[?&#;](?:[\w\-]{0,30}(?:token|secret|passw(?:or)?d|pwd|api_?key|apikey|signature|auth|sig)|code|key|otp|pass|jwt|ticket|sid|session)="
    r"(?P<value>[^\s&#\"'<>]{6,2000})",
    re.IGNORECASE,
)


def command_line_secrets(text: str) -> Iterator[Hit]:
    """Give passwords in flags: `--password x`, `mysql -px`, `curl -u user:x`; and in .npmrc."""
    for pattern in (_FLAG, _SHORT_P, _CURL_USER, _SAMBA_USER, _NPM):
        for match in pattern.finditer(text):
            if match["value"] and not is_placeholder(match["value"]):
                yield Hit(*match.span("value"), "PASSWORD")
    for match in _OTHER_COMMAND.finditer(text):
        if not is_placeholder(match[match.lastgroup or 0]):
            yield Hit(*match.span(match.lastgroup or 0), "PASSWORD")
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
