"""Secrets and dates told with words between the label and the value, in many languages."""

import pytest

from recorder.redaction.birth_dates import birth_dates
from recorder.redaction.folding import fold
from recorder.redaction.labelled_numbers import labelled_numbers
from recorder.redaction.text import TextRedactor

_DATE = "03.05.1956"
_WORD = "Sommer4711!"
_REDACTOR = TextRedactor()


def _dates(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in birth_dates(fold(text).text)]


def _secrets(text: str) -> list[str]:
    spans = _REDACTOR.find(text)
    return [text[s.start : s.end] for s in spans if s.kind in {"PASSWORD", "SECRET"}]


@pytest.mark.parametrize(
    "before",
    ["date_of_birth: ", '"birthDate": "', "Date of birth (DD/MM/YYYY): ", "her birthday is on ",
     "born in Leeds on ", "geb. am ", "N\u00e9(e) le ", "Naissance : ", "Naci\u00f3 el ", "Fecha nac. ",
     "Nascida a ", "nata a Roma il ", "Urodzi\u0142a si\u0119 ", "Syntynyt ", "\u0420\u043e\u0434\u0438\u043b\u0441\u044f ",
     "\u0394\u03b1\u03c4\u03b1. \u0393\u03b5\u03bd\u03bd\u03ae\u03b8\u03b7\u03ba\u03b5 \u03c3\u03c4\u03b9\u03c2 ", "12\tMary Poole\t", "12,Mary Poole,"],
)  # fmt: skip
def test_a_date_of_birth_is_found_by_the_words_before_it(before: str) -> None:
    """Or by the name in the cell before it."""
    assert _dates(before + _DATE) == [_DATE]


@pytest.mark.parametrize("date", ["October 19, 1994", "28 January 1962", "28 gennaio 1962"])
@pytest.mark.parametrize("row", ["Leonie Goodwin\t{}", "6989,Leonie Goodwin,{}"])
def test_a_date_of_birth_is_found_behind_a_name_whatever_its_month_is_written_as(
    row: str, date: str
) -> None:
    assert _dates(row.format(date)) == [date]


def test_a_date_of_birth_is_found_by_the_word_behind_it() -> None:
    """As German puts it."""
    assert _dates(f"Sie wurde am {_DATE} in Ulm geboren.") == [_DATE]


@pytest.mark.parametrize(
    "text",
    ["Born to run 1975", "the band was reborn 12.03.2011", "Rebirth 03.05.1999",
     "Order\tNew York\t2026-11-03", "Invoice 17 of 2026-11-03"],
)  # fmt: skip
def test_other_dates_are_left_alone(text: str) -> None:
    """A date alone says nothing of a person."""
    assert _dates(text) == []


@pytest.mark.parametrize(
    "text",
    [f"I changed my password to {_WORD}", f"the password for the printer is {_WORD}",
     f"[sudo] password for mary: {_WORD}", f"Mot de passe du wifi : {_WORD}", f"log in with {_WORD}",
     f"Password di rete: {_WORD}", f"Codice di accesso: {_WORD}", f"wifi: {_WORD}", f"WLAN key {_WORD}",
     f"echo {_WORD} | sudo -S ls", f"net user mary {_WORD} /add", f"IDENTIFIED BY '{_WORD}'",
     f"Password (required): {_WORD}", f"Password \u2192 {_WORD}", f"| password | {_WORD} |",
     f"Parola d'accesso: {_WORD}", f"wifi: home / {_WORD}", f"creds mary:{_WORD}",
     f"password ({_WORD})", f"Passwort [{_WORD}]", f"smbclient -U kim%{_WORD} //files/share",
     f"rpcclient -U 'OFFICE\\kim%{_WORD}' host", f"requirepass {_WORD}", f"wpa_passphrase home {_WORD}", f'psk="{_WORD}"'],
)  # fmt: skip
def test_a_password_is_found_some_words_behind_its_label(text: str) -> None:
    """And in commands that take it without a flag."""
    assert any(_WORD in found for found in _secrets(text))


@pytest.mark.parametrize("after", [":51234", ".443 > host", ": icmp_seq=1", "]:8080/"])
def test_a_port_may_stand_behind_an_address(after: str) -> None:
    """With eight groups it is clear where the address ends."""
    address = "2a02:1111:2222:3333:4444:5555:6666:7777"
    found = _REDACTOR.find(f"from {address}{after}")
    assert address in [f"from {address}{after}"[s.start : s.end] for s in found if s.kind == "IP"]


def test_a_password_may_begin_as_a_variable_does() -> None:
    """Mixed characters tell it from `$userPassword2`."""
    assert _secrets("Password: $G7eIKOYta#T") == ["$G7eIKOYta#T"]
    assert _secrets("password: $userPassword2") == []


@pytest.mark.parametrize(
    "text",
    ["the password for the printer is on the wall", "Password policy: min 8 characters",
     "password reset on 2026-11-22", "unlocked with level2", "wlan: wlan0mon", "WPA: WPA2-PSK",
     "All tests pass in py311", "pass --dry-run2", "Your code compiles in 1234 ms", "error code: 1234",
     "your code has 123456 lines", "echo $PASS | sudo -S ls",
     "password (optional)", "Password (again)", "password (sha256)", "Password (min 8)", 'printf("%s -U %s")',
     'password = getpass.getpass("Password: ")'],
)  # fmt: skip
def test_talk_of_passwords_and_codes_is_left_alone(text: str) -> None:
    """Nothing in it opens anything."""
    assert _secrets(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("Use code 1234 to sign in", "1234"), ("Enter 482910 to verify", "482910"), ("Code: 482910", "482910"),
     ("The PIN of the card is 1234", "1234"), ("Enter the code 1234", "1234"), ("PUK: 12345678", "12345678"),
     ("482910 lautet Ihr Code", "482910"), ("alarm code: 1234", "1234")],
)  # fmt: skip
def test_a_code_to_enter_is_found(text: str, code: str) -> None:
    """Whether it stands before or behind what says so."""
    assert _secrets(text) == [code]


@pytest.mark.parametrize(
    "text",
    ["passport (UK): C4X123456", "Travel document no. C4X123456", "Passport / Pass C4X123456",
     "Passport of the traveller: C4X123456", "passport, number C4X123456,"],
)  # fmt: skip
def test_a_passport_number_is_found_some_words_behind_its_label(text: str) -> None:
    """In forms and in sentences."""
    assert [text[h.start : h.end] for h in labelled_numbers(text)][:1] == ["C4X123456"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [("sshpass -p 'S3cr3t Pa55' ssh x", "S3cr3t Pa55"), ("mysql -u root -p'blue cow 9' db", "blue cow 9"),
     ("x --password 'blue cow' y", "blue cow"), ("useradd -p bluecow kim", "bluecow"),
     (r"net use Z: \\srv\share /user:kim bluecow", "bluecow"),
     (r"net use Z: \\srv\share bluecow /user:kim", "bluecow"),
     ("openssl enc -aes-256-cbc -k bluecow", "bluecow"), ("PGPASSWORD=bluecow psql", "bluecow"),
     ("<password>bluecow</password>", "bluecow"), ("<db:apiKey env='x'>bluecow</db:apiKey>", "bluecow"),
     ('<input type="password" name="p" value="bluecow">', "bluecow")],
)  # fmt: skip
def test_a_plain_word_goes_where_only_a_secret_can_stand(text: str, secret: str) -> None:
    assert _secrets(text) == [secret]


@pytest.mark.parametrize(
    "text",
    ["<password>${DB_PASSWORD}</password>", "<label>Password</label>", "AUTH_MODE=ldap ./run",
     "<UserSecretsId>79a3edd0-2092-40a2-a04d-dcb46d5ca9ed</UserSecretsId>",
     '<input type="password" name="pw" value="">', "useradd -m -s /bin/bash", "net use: not found"],
)  # fmt: skip
def test_what_stands_there_without_being_a_secret_stays(text: str) -> None:
    assert not _secrets(text)


def test_a_password_with_signs_of_an_address_goes_whole() -> None:
    text = "postgres://app:p@ss/w0rd@db:5432/x"
    assert "p@ss/w0rd" in [text[s.start : s.end] for s in _REDACTOR.find(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("to john.doe @ example.org now", "john.doe @ example.org"),
     ("to john@example .org now", "john@example .org"),
     ("?email=john.doe%40example.org&x=1", "john.doe%40example.org"),
     ("NI AB 12 34 56 C", "AB 12 34 56 C"), ("4111.1111.1111.1111", "4111.1111.1111.1111"),
     ("\u751f\u5e74\u6708\u65e5 \u662d\u548c62\u5e744\u67083\u65e5", "\u662d\u548c62\u5e744\u67083\u65e5")],
)  # fmt: skip
def test_values_written_apart_or_in_another_way_go(text: str, value: str) -> None:
    assert [text[s.start : s.end] for s in _REDACTOR.find(text)] == [value]


@pytest.mark.parametrize(
    "text",
    ["loss = x_1 @ w.de(3)", "follow us @ example.com", "%40 of users", "BG 12 34 56 C",
     "Python 3.11.4 (main, Jun  7 2023, 10:13:09) [GCC 12.2.0] on linux"],
)  # fmt: skip
def test_code_figures_and_dates_of_builds_stay(text: str) -> None:
    assert not _REDACTOR.find(text)
