"""The one ordered list of rules. Where values overlap, the earlier rule names the kind.

A rule is a pure function from a text to hits. A rule that raises drops the whole item.
To add a detector, write its function in a file of its own and add one line here.
"""

from collections.abc import Sequence
from typing import Final

from recorder.redaction.birth_dates import birth_dates
from recorder.redaction.command_secrets import command_line_secrets, header_secrets
from recorder.redaction.hits import Rule, has_any, has_digits
from recorder.redaction.labelled_numbers import labelled_numbers, social_security
from recorder.redaction.labelled_secrets import (
    bare_secrets,
    one_time_codes,
    quoted_secrets,
    spoken_secrets,
)
from recorder.redaction.national_ids import bank_codes, device_ids, national_ids
from recorder.redaction.network import emails, ip_addresses, mac_addresses, user_names
from recorder.redaction.numbers import cards, ibans, wallets
from recorder.redaction.people import people
from recorder.redaction.personal_words import Finds
from recorder.redaction.phones import phones
from recorder.redaction.phrases import phrases
from recorder.redaction.secret_words import may_announce, may_tell
from recorder.redaction.secrets import (
    connection_strings,
    mixed_tokens,
    private_keys,
    provider_tokens,
    url_credentials,
)
from recorder.redaction.services import names_service, service_secrets
from recorder.redaction.street_addresses import street_addresses
from recorder.redaction.tagger import has_letters, names_and_addresses

RULES: Final[tuple[Rule, ...]] = (
    # Secrets, from the most certain form to the least.
    Rule("private key", private_keys, has_any("private key", "putty-user-key")),
    Rule("credentials in an address", url_credentials, has_any("://")),
    Rule("provider token", provider_tokens),
    Rule("connection string", connection_strings, has_any("password", "pwd", "key", "secret", "@tcp", "@u")),
    Rule("password in a command", command_line_secrets, has_any("-", ":_", "identified", "pass", "net use", "echo", "psk=")),
    Rule("credentials in a header", header_secrets, has_any(":", "=", "bearer", "basic")),
    Rule("quoted secret after its label", quoted_secrets, may_announce),
    Rule("secret after its label", bare_secrets, may_announce),
    Rule("key of a service", service_secrets, names_service),
    Rule("secret in a sentence", spoken_secrets, may_tell),
    Rule("secret in parts", phrases, has_any("phrase", "mnemonic", "frase", " words", "w\u00f6rter", "key", "code", " secret", "c\u00f3digo")),
    Rule("PIN or one-time code", one_time_codes, has_digits(3)),
    # Numbers and addresses that prove themselves.
    Rule("e-mail address", emails, has_any("@", "dot", "(at)", "[at]", "%40")),
    Rule("IBAN", ibans, has_digits(8)),
    Rule("payment card", cards, has_digits(12)),
    Rule("MAC address", mac_addresses, has_any(":", "-", ".")),
    Rule("IP address", ip_addresses, has_any(".", ":")),
    Rule("wallet", wallets),
    Rule("social security number", social_security, has_digits(9)),
    # Numbers that show by their label, then those with a check digit only.
    Rule("birth date", birth_dates, has_digits(3)),
    Rule("labelled number", labelled_numbers, has_digits(4)),
    Rule("phone number", phones, has_digits(6)),
    Rule("device or insurance number", device_ids, has_digits(6)),
    Rule("bank code", bank_codes),
    Rule("national or tax number", national_ids, has_digits(2)),
    # People and places by their context.
    Rule("street address", street_addresses, has_digits(1)),
    Rule("user name", user_names, has_any(":", "=", "@", "/", "\\", "~", "%2f")),
    Rule("name of a person", people),
    Rule("name or address told by training", names_and_addresses, has_letters),
    # Last, what is a secret by its mixture of characters alone.
    Rule("mixed token", mixed_tokens, has_digits(2)),
)  # fmt: skip


def rules_with(own: Finds, more: Sequence[Rule] = ()) -> tuple[Rule, ...]:
    """Give the rules with a person's words in front, which name the kind, and own rules behind."""
    return (Rule("personal word", own), *RULES, *more)
