"""Text redaction: what each rule removes, what it leaves, and the laws of redacting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.redaction.entities import EntityBook
from recorder.redaction.hits import MARK, Hit, Rule
from recorder.redaction.rules import RULES
from recorder.redaction.text import RedactionFailed, Span, TextRedactor

REDACTOR = TextRedactor()


def redacted(text: str) -> str:
    return REDACTOR.redact(text, EntityBook(b"k" * 32)).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to kim.larsen@post.example.dk now", "write to <EMAIL_1> now"),
        ("kim (at) example (dot) org", "<EMAIL_1>"),
        ("paid with 4000 0566 5566 5556 today", "paid with <CARD_1> today"),
        ("DE89 3704 0044 0532 0130 00 is mine", "<IBAN_1> is mine"),
        ("ring +44 20 7946 0018 later", "ring <PHONE_1> later"),
        ("host 203.0.113.77 is up", "host <IP_1> is up"),
        ("from 2001:db8:85a3::8a2e:370:7334", "from <IP_1>"),
        ("link 3c:5a:b4:01:fe:9d", "link <MAC_1>"),
        ("SSN 219-09-9999", "SSN <ID_1>"),
        ("passport no. C01X00T47", "passport no. <PASSPORT_1>"),
        ("account number 70872490", "account number <ACCOUNT_1>"),
        ("date of birth: 4 March 1988", "date of birth: <BIRTH_DATE_1>"),
        ("CVV 921", "CVV <SECRET_1>"),
        ("your PIN is 4417", "your PIN is <SECRET_1>"),
        ("password: Zebra!7731", "password: <PASSWORD_1>"),
        ("use Zebra!7731 as the password for it", "use <PASSWORD_1> as the password for it"),
        ("nimm Zebra7731 als neues Passwort", "nimm <PASSWORD_1> als neues Passwort"),
        ('"passwd": "open sesame now"', '"passwd": "<PASSWORD_1>"'),
        ("export MY_TOKEN=ab12cd34ef56gh78", "export MY_TOKEN=<SECRET_1>"),
        ("mysql -u eve -pZebra7731 shop", "mysql -u eve -p<PASSWORD_1> shop"),
        ("deploy --password Zebra7731 --yes", "deploy --password <PASSWORD_1> --yes"),
        ("postgres://eve:Zebra7731@db.example.net/x", "postgres://eve:<URL_CREDENTIAL_1>@db.example.net/x"),
        ("AKIAQ3EGSMJ7T2LXW5VB", "<SECRET_1>"),
        ("Kp7Qz2Lm9Xv4Tn8Rb3Wd6", "<SECRET_1>"),
        ("Dear Ms Okafor,", "Dear <PERSON_1>,"),
        ("Account holder: Lena Brandt", "Account holder: <PERSON_1>"),
        ("come to 14 Cherry Lane, Springton, SP4 7QQ", "come to <ADDRESS_1>"),
        ("wohnhaft Lindenstraße 12, 50674 Köln", "wohnhaft <ADDRESS_1>"),
        ("ls /home/lbrandt/notes", "ls /home/<USERNAME_1>/notes"),
    ],
)  # fmt: skip
def test_a_value_is_replaced_by_its_mark(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "id 6f1c2a34-98ab-4c1d-8a77-0c5d2e9b7f10",
        "integrity=sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "listening on 127.0.0.1:8080 and [::1]:8080",
        "password = os.environ['X']",
        "v1.2.3 as the password store",
        "def login(self, password: str) -> None:",
        "token = request.headers.get('Authorization')",
        "Password must have eight characters",
        "max_tokens=4096",
        "Order 4021337890 shipped on 2026-03-04",
        "pandas==2.2.3",
        "value[1::2]",
        "File Edit View Help",
        "password: ${DB_PASSWORD}",
    ],
)
def test_a_look_alike_stays(text: str) -> None:
    assert redacted(text) == text


def test_a_private_key_goes_whole_even_without_its_end() -> None:
    head = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\nBG5vbmU"
    assert redacted(f"{head}\n-----END OPENSSH PRIVATE KEY-----\nnext") == "<PRIVATE_KEY_1>\nnext"
    assert redacted(head) == "<PRIVATE_KEY_1>"


def test_typography_does_not_hide_a_value() -> None:
    assert redacted("ki\u200bm@post.example.dk") == "<EMAIL_1>"
    assert redacted("4000\u00a00566\u00a05566\u00a05556") == "<CARD_1>"
    assert redacted("\uff14\uff10\uff10\uff100566 5566 5556") == "<CARD_1>"


def test_spellings_of_one_value_share_a_number() -> None:
    found = redacted(
        "DE89370400440532013000 or DE89 3704 0044 0532 0130 00 or A@b.example.org a@b.example.org"
    )
    assert found == "<IBAN_1> or <IBAN_1> or <EMAIL_1> <EMAIL_1>"


def test_entities_are_named_in_order() -> None:
    book = EntityBook(b"k" * 32)
    text = REDACTOR.redact("a@b.example.org, c@d.example.org, a@b.example.org", book)
    assert text.entities == ("EMAIL_1", "EMAIL_2", "EMAIL_1")


def test_overlapping_hits_become_one_of_the_earlier_rule() -> None:
    first = Rule("first", lambda _: [Hit(2, 5, "CARD")])
    second = Rule("second", lambda _: [Hit(0, 3, "EMAIL"), Hit(6, 7, "IP")])
    spans = TextRedactor([first, second]).find("abcdefgh")
    assert [(s.start, s.end, s.kind) for s in spans] == [(0, 5, "CARD"), (6, 7, "IP")]


def test_a_rule_that_raises_drops_the_text() -> None:
    def broken(_text: str) -> list[Hit]:
        raise ZeroDivisionError

    with pytest.raises(RedactionFailed, match="broken"):
        TextRedactor([Rule("broken", broken)]).find("x")


def test_a_huge_text_is_refused() -> None:
    with pytest.raises(RedactionFailed):
        REDACTOR.find("x" * 200_001)


def test_the_repr_of_a_span_hides_its_value() -> None:
    assert "sesame" not in repr(Span(0, 6, "PASSWORD", "sesame"))


PIECES = st.sampled_from(
    ["password: ", "Zebra7731", "a@b.example.org", "4000 0566 5566 5556", " ", "\n", "my pin is ",
     "12", "Mr ", "Kim ", "=", "<EMAIL_1>", "<PASSWORD_3>", "token=", "'", "://", "user:", "@x.example.net",
     "+44 20 7946 0018", "phone "],
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=6), max_size=8).map("".join))
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once


@given(st.text(max_size=80), st.text(max_size=40))
def test_an_address_never_survives(before: str, after: str) -> None:
    assert "kim.larsen@post.example.dk" not in redacted(
        f"{before} kim.larsen@post.example.dk {after}"
    )


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_number_that_no_episode_counts_to_makes_no_mark() -> None:
    assert MARK.fullmatch("<CARD_12>")
    assert not MARK.fullmatch("<CARD_4539148803436467>")
