import pytest

from recorder.redaction.form_fields import bare_label, field_kind


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("Password:", "correct horse", "PASSWORD"),
        ("Confirm password", "x", "PASSWORD"),
        ("Full name", "Emmett Bracken", "PERSON"),
        ("Nachname *", "von Stein", "PERSON"),
        ("Address", "glove Street, Alderbury", "ADDRESS"),
        ("Date of birth.", "1996-08-27", "BIRTH_DATE"),
        ("Tax ID", "40828408G", "ID"),
        ("IBAN", "32686771 00874892760", "IBAN"),
        ("MAC address", "63:f6:89:73:f6:42", "MAC"),
        ("Contrase\u00f1a", "correct horse", "PASSWORD"),
        ("Beneficiary", "Emmett Bracken", "PERSON"),
        ("Fecha de nacimiento", "1996-08-27", "BIRTH_DATE"),
        ("Kontonummer", "8123 4567", "ACCOUNT"),
    ],
)
def test_a_label_that_says_nothing_else_names_its_value(label: str, value: str, kind: str) -> None:
    assert field_kind(bare_label(label), value) == kind


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Name", "report.odt"),
        ("Size", "40828408"),
        ("Full name", "1234"),
        ("Phone", "not given"),
        ("IBAN", "see the invoice"),
        ("The tax number of 2024", "40828408"),
    ],
)
def test_other_labels_and_values_that_do_not_fit_tell_nothing(label: str, value: str) -> None:
    assert field_kind(bare_label(label), value) is None
