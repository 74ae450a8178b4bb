"""The tagger of names and addresses: what it removes, what it leaves, how it cuts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.redaction.street_addresses import street_addresses
from recorder.redaction.tagger import names_and_addresses
from recorder.redaction.tagger_tokens import tokens


def removed(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in names_and_addresses(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chat with Ingrid Solheim | Slack", "Ingrid Solheim"),
        ("Rafaela Quintanilha - Contact - HubSpot", "Rafaela Quintanilha"),
        ("Incoming call from Bartosz Zieliński", "Bartosz Zieliński"),
        ("Interview: Oluwaseun Adeyemi", "Oluwaseun Adeyemi"),
        ("lunch with tobias on friday", "tobias"),
        ("did marianne send the slides yet?", "marianne"),
        ("my name is katarzyna wrona", "katarzyna wrona"),
        ("I spoke to Dr. Hargreaves about the scan.", "Dr. Hargreaves"),
        ("Lindqvist, Annika", "Lindqvist, Annika"),
        ("Termin mit Annegret Vollmer um 14 Uhr", "Annegret Vollmer"),
        ("Rendez-vous avec Thibault Marchand demain", "Thibault Marchand"),
        ("Reunión con Lucía Fernández el martes", "Lucía Fernández"),
        ("Ciao Giuseppe, ci vediamo domani", "Giuseppe"),
        ("Pozdrawiam, Agnieszka", "Agnieszka"),
        ("Привет, Светлана!", "Светлана"),
        ("commit 4be1c7a by Priyanka Raghunathan", "Priyanka Raghunathan"),
        ("Verity Quayle said the delivery was late.", "Verity Quayle"),
        ("Anneke van der Velde wrote the report", "Anneke van der Velde"),
    ],
)
def test_a_name_is_found(text: str, name: str) -> None:
    assert removed(text) == [name]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("we moved to 27 Hawthorn Crescent, Leeds LS8 1QB", "27 Hawthorn Crescent, Leeds LS8 1QB"),
        ("Lieferung an: Birkenweg 14, 50825 Köln", "Birkenweg 14, 50825 Köln"),
        ("J'habite 8 rue des Tilleuls, 69003 Lyon", "8 rue des Tilleuls, 69003 Lyon"),
        ("Vivo en Calle Mayor 31, 28013 Madrid", "Calle Mayor 31, 28013 Madrid"),
        ("ul. Polna 7, 00-625 Warszawa", "ul. Polna 7, 00-625 Warszawa"),
        ("Kerkstraat 112\n1017 GP Amsterdam", "Kerkstraat 112\n1017 GP Amsterdam"),
        ("4410 Maple Ridge Drive\nSuite 210\nBoise, ID 83702", "4410 Maple Ridge Drive\nSuite 210\nBoise, ID 83702"),
        ("Directions to Storgata 19, 0184 Oslo - Google Maps", "Storgata 19, 0184 Oslo"),
    ],
)  # fmt: skip
def test_an_address_is_found_whole(text: str, address: str) -> None:
    assert removed(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "def merge(left: list[int], right: list[int]) -> list[int]:",
        "for key, value in sorted(table.items()):",
        "2026-03-04 11:20:09 WARN pool: 3 connections dropped",
        "File Edit Selection View Go Run Terminal Help",
        "Settings - Privacy & Security - Firefox",
        "SELECT name, price FROM products WHERE stock > 10",
        "12 files changed, 40 insertions(+), 7 deletions(-)",
        "thanks for the quick answer, the meeting is at noon",
        "She said the weather would be fine. He did not agree.",
        "Total: 1,204.50 EUR for 3 boxes",
        "Merge branch into main",
        "Kubernetes - Wikipedia",
        "Can we ship the release on Tuesday?",
        "https://docs.python.org/3/library/array.html",
        "LATIN SMALL LETTER C WITH CARON",
        "Open settings and choose a theme",
        "3 drive bays, 2 power supplies, rack unit 14",
        "kubectl get pods --all-namespaces",
        "... --- ...",
        "12345 67890",
        "",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert removed(text) == []


@pytest.mark.parametrize(
    "text",
    ["Speicherort w\u00e4hlen", "Einstellungen speichern", "Ouvrir le dossier contenant",
     "Nouvelle fen\u00eatre priv\u00e9e", "Cerrar todas las ventanas", "Cronologia recente",
     "Ustawienia zaawansowane", "Zapisz jako", "Guardar altera\u00e7\u00f5es",
     "Tallenna nimell\u00e4", "Yeni Sekme", "Ulo\u017eit jako", "Ment\u00e9s m\u00e1sk\u00e9nt",
     "\u0421\u043e\u0445\u0440\u0430\u043d\u0438\u0442\u044c \u043a\u0430\u043a", "Enter 482910 to verify"],
)  # fmt: skip
def test_words_of_interfaces_stay_in_many_languages(text: str) -> None:
    assert removed(text) == []


def test_a_town_behind_a_russian_street_goes_too() -> None:
    text = "\u0443\u043b. \u0417\u0435\u043b\u0451\u043d\u0430\u044f, \u0434. 153, \u0433\u043e\u0440\u043e\u0434 \u0421\u0430\u043c\u0430\u0440\u0430"
    assert [text[hit.start : hit.end] for hit in street_addresses(text)] == [text]


def test_a_misread_name_is_found() -> None:
    assert removed("Chat with lngrid So1heim | Slack") == ["lngrid So1heim"]


def test_a_name_beside_a_mark_is_found_and_the_mark_left() -> None:
    assert removed("From: Ingrid Solheim <EMAIL_3>") == ["Ingrid Solheim"]
    assert not any("<" in value for value in removed("Hi <PERSON_1>, ask <PERSON_2> about it"))


def test_a_name_and_an_address_are_told_apart() -> None:
    hits = list(names_and_addresses("Ingrid Solheim\n27 Hawthorn Crescent\nLeeds LS8 1QB"))
    assert [hit.kind for hit in hits] == ["PERSON", "ADDRESS"]


def test_tokens_are_words_numbers_signs_and_marks() -> None:
    row = tokens("Ada 12b,\n<EMAIL_1> 東京")
    assert [token.word for token in row] == ["Ada", "12", "b", ",", "\n", "<EMAIL_1>", "東", "京"]
    assert [token.gap for token in row] == ["3", "1", "0", "0", "0", "3", "1", "0"]


def test_the_repr_of_a_token_hides_its_word() -> None:
    assert "Ingrid" not in repr(tokens("Ingrid"))


@given(st.text(max_size=120))
def test_hits_lie_in_the_text_in_order(text: str) -> None:
    at = 0
    for hit in names_and_addresses(text):
        assert at <= hit.start < hit.end <= len(text)
        at = hit.end


@pytest.mark.parametrize("unit", ["a", "Jane ", "1 ", "Jane Doe, ", "\n", "_", "\u017f", "東"])
def test_no_text_makes_the_tagger_slow(unit: str) -> None:
    text = unit * (4_000 // len(unit))
    began = time.process_time()
    list(names_and_addresses(text))
    assert time.process_time() - began < 2
