"""What a scanner of repositories finds by a token's form, redaction removes too.

detect-secrets 1.5: its plugins with expressions; entropy, keyword and public address plugins
are another kind of test.
"""

import re

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from recorder.redaction.text import TextRedactor

REDACTOR = TextRedactor()
_LEFT_OUT = {
    "Public IP (ipv4)",  # found as addresses, ports are left
    "NPM tokens",  # its expression takes the rest of the line with the token
    "JSON Web Token",  # its expression takes any two words with a full stop between
}
_AROUND = {
    "Private Key": ("-----", "-----\nMIIEpAIBAAKCAQEA\n"),
    "Basic Auth Credentials": ("https", "db.example.net/x"),
}
_KINDS: dict[str, type] = get_mapping_from_secret_type_to_class()
_PLUGINS: dict[str, RegexBasedDetector] = {
    name: kind()
    for name, kind in _KINDS.items()
    if issubclass(kind, RegexBasedDetector) and name not in _LEFT_OUT
}
FORMS = [(name, form) for name, plugin in _PLUGINS.items() for form in plugin.denylist]
_PRINTED = st.characters(min_codepoint=32, max_codepoint=126)


def _is_no_secret(value: str) -> bool:
    """Tell what may stay: `<password>` is a placeholder, letters alone are a name in code."""
    return not value or value.isalpha() or "<" in value or ">" in value


def _is_gone(text: str, secret: str) -> bool:
    start = text.rindex(secret)
    told = {at for span in REDACTOR.find(text) for at in range(span.start, span.end)}
    where = [at for at in range(start, start + len(secret)) if text[at].isalnum()]
    return sum(at in told for at in where) >= 0.9 * len(where)


@pytest.mark.parametrize(("name", "form"), FORMS, ids=lambda said: str(said)[:30])
def test_what_detect_secrets_finds_by_its_form_is_removed(name: str, form: re.Pattern[str]) -> None:
    before, after = _AROUND.get(name, ("use ", " now"))

    @settings(
        max_examples=8, database=None, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(st.from_regex(form, fullmatch=True, alphabet=_PRINTED))
    def check(token: str) -> None:
        text = before + token + after
        for secret in _PLUGINS[name].analyze_string(text):
            assert _is_no_secret(secret) or _is_gone(text, secret), token

    check()
