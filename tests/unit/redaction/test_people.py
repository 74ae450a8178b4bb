"""Names in a fixed form: labels, titles, greetings, forms of address."""

import pytest

from recorder.redaction.people import people


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\u59d3\u540d\uff1a\u5218\u4e3d\u534e", "\u5218\u4e3d\u534e"),
        ("\u5c71\u7530\u592a\u90ce\u3055\u3093\u3078", "\u5c71\u7530\u592a\u90ce"),
        ("\u738b\u5148\u751f\u60a8\u597d", "\u738b"),
        ("\uae40\ubbfc\uc218\ub2d8 \uc548\ub155", "\uae40\ubbfc\uc218"),
        ("Termin bei Fr. Kowalczyk", "Fr. Kowalczyk"),
        ("Cita con la Dra. Olmedo", "Dra. Olmedo"),
        ("Kontoinhaber: Lena Brandt", "Lena Brandt"),
        ("Dear Ms Okafor,", "Ms Okafor"),
        ("Naam: Maarten Achterkamp", "Maarten Achterkamp"),
        ("Ad Soyad: Yilmaz Demir", "Yilmaz Demir"),
    ],
)
def test_a_name_in_a_fixed_form_is_found(text: str, name: str) -> None:
    assert {text[hit.start : hit.end] for hit in people(text)} == {name}


@pytest.mark.parametrize("text", ["Fr Mar 6", "\u304a\u5ba2\u3055\u3093", "\uace0\uac1d\ub2d8"])
def test_what_only_has_the_form_stays(text: str) -> None:
    assert list(people(text)) == []
