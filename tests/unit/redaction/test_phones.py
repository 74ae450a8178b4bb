"""Phone numbers: what is one by its label or its form, and which other numbers are not."""

import pytest

from recorder.redaction.phones import phones


def _found(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in phones(text)]


@pytest.mark.parametrize(
    "number",
    ["+49 30 23125 766", "+44 (0)20 7946 0123", "0049 171 1234567", "+800 1234 5678",
     "(415) 612-1234", "212-712-1234", "1-800-212-1234", "905-674-3793", "020 7946 0123",
     "07911 123456", "0171 1234567", "06-24312407", "01 42 12 12 12", "612 345 678",
     "347 123 4567", "070-123 45 67", "8 (916) 123-45-67", "697 123 4567", "138 1234 5678"],
)  # fmt: skip
def test_a_number_in_the_form_of_a_plan_needs_no_label(number: str) -> None:
    """As in a table of contacts: a tab stands on each side."""
    assert _found(f"x\t{number}\tactive") == [number]


@pytest.mark.parametrize(
    ("text", "number"),
    [("Tel. 12 345 67 89", "12 345 67 89"), ("mobile: 7234567", "7234567"),
     ("My number is 4155552671", "4155552671"), ("Call me on 12 345 67 89 after lunch", "12 345 67 89"),
     ("How can we reach you? You can call 469 34 883", "469 34 883"), ("Desk: 540 233 1188", "540 233 1188"),
     ("call Elias on +1 (690) 555-0112", "+1 (690) 555-0112"), ("(88) 684-334 office", "(88) 684-334"),
     ("They're not answering at 99 668472", "99 668472")],
)  # fmt: skip
def test_a_label_makes_a_number_of_any_form_a_phone_number(text: str, number: str) -> None:
    """People group their numbers as they like."""
    assert number in _found(text)


@pytest.mark.parametrize(
    "text",
    ["Order number 38515830", "Registration number 14164474", "Work item 471115",
     "Part number 415-612-1234", "ISBN-10: 0306406152", "ISSN 1234-5678", "Zoom meeting 812 3456 7890",
     "Office 2021 build 16.0.12018.6176", "Version 131.0.6778.86", "gcc 13.2.0 20231013",
     "48.858370, 2.294481", "lat 52.520008 lon 13.404954", "[    1.234567] usb 1-1: new device",
     "1990-2000 2001-2010", "2024-2025-2026", "22.11.2026 10:12", "20261122-101231",
     "1 2 3 4 5 6 7 8 9 10", "6-4 3-6 7-6 6-2", "Lotto 3 12 24 33 41 45", "0.123 0.456 0.789",
     "Home page views: 371 732", "called 1 234 567 times", "Messages: 12345678 unread",
     "Population 3 645 000 in 2023", "12 345 678 rows", "CAS 7732-18-5", "HS 8471.30.0100",
     "sample 44100 48000 96000", "-rw-r--r--  1 1000 1000  123456 2026-11-22 data.bin",
     "GTIN 00012345600012", "612 345 678 views", "Bestellnummer 0171 1234567"],
)  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    """Orders, versions, places, dates, scores, amounts."""
    assert _found(text) == []
