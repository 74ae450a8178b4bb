"""Values are found by labels in many languages, and only the value goes."""

import pytest

from recorder.redaction.entities import EntityBook
from recorder.redaction.text import TextRedactor

REDACTOR = TextRedactor()


def redacted(text: str) -> str:
    return REDACTOR.redact(text, EntityBook(b"k" * 32)).text


@pytest.mark.parametrize(
    "label",
    [
        "Password", "Passwort", "Kennwort", "Mot de passe", "Contraseña", "Clave", "Senha",
        "Palavra-passe", "Parola", "Wachtwoord", "Hasło", "Lösenord", "Adgangskode", "Passord",
        "Salasana", "Heslo", "Jelszó", "Şifre", "Пароль", "Κωδικός", "סיסמה", "كلمة المرور",
        "密码", "パスワード", "비밀번호",
    ],
)  # fmt: skip
def test_a_password_goes_after_its_label_in_any_language(label: str) -> None:
    assert redacted(f"{label}: Zebra!7731").endswith(": <PASSWORD_1>")
    assert redacted(f"{label}\uff1aZebra!7731").endswith("\uff1a<PASSWORD_1>")
    assert "7731" not in redacted(f"{label} Zebra!7731 ok")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ihr Bestätigungscode lautet 482913", "SECRET"),
        ("Votre code de vérification est 482913", "SECRET"),
        ("Tu código de verificación es 482913", "SECRET"),
        ("Il codice di verifica è 482913", "SECRET"),
        ("Seu código é 482913", "SECRET"),
        ("Uw verificatiecode: 482913", "SECRET"),
        ("Kod weryfikacyjny: 482913", "SECRET"),
        ("Din verifieringskod är 482913", "SECRET"),
        ("Код подтверждения: 482913", "SECRET"),
        ("G-482913 is your verification code", "SECRET"),
        ("Reisepassnummer C01X00T47", "PASSPORT"),
        ("N° de passeport : 14AV12345", "PASSPORT"),
        ("Pasaporte nº AAB123456", "PASSPORT"),
        ("Paspoortnummer: NX12R5678", "PASSPORT"),
        ("Паспорт 45 09 123456", "PASSPORT"),
        ("Führerschein B072RRE2I55", "LICENCE"),
        ("Permis de conduire 13AA00002", "LICENCE"),
        ("Rijbewijsnummer 5123456789", "LICENCE"),
        ("Kontonummer 532013000", "ACCOUNT"),
        ("Numéro de compte 00012345678", "ACCOUNT"),
        ("Numer konta 12345678901", "ACCOUNT"),
        ("Расчётный счёт 40817810099910004312", "ACCOUNT"),
        ("Fecha de nacimiento: 4 de marzo de 1988", "BIRTH_DATE"),
        ("Data urodzenia: 04.03.1988", "BIRTH_DATE"),
        ("Дата рождения: 4 марта 1988", "BIRTH_DATE"),
        ("Teléfono: 912 34 56 78", "PHONE"),
        ("Тел.: 8 495 123-45-67", "PHONE"),
        ("Benutzername: lbrandt", "USERNAME"),
        ("Nom d'utilisateur : lbrandt", "USERNAME"),
        ("/app?user=lbrandt&x=1", "USERNAME"),
        ("/mnt/c/Users/lbrandt/x", "USERNAME"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "CRYPTO"),
        ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "CRYPTO"),
        ("eve:Zebra7731@tcp(db:3306)/shop", "PASSWORD"),
        ("Server=db;User Id=sa;Password=Zebra7731;", "PASSWORD"),
        ("Cookie: session=8f2a9c17d4e6", "SECRET"),
        ("HEROKU_LOGIN = '12345678-ABCD-ABCD-ABCD-1234567890AB'", "SECRET"),
        ("SWIFT: DEUTDEFF", "ACCOUNT"),
    ],
)
def test_a_labelled_value_becomes_a_mark_of_its_kind(text: str, kind: str) -> None:
    assert f"<{kind}_1>" in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Palabras clave: datos, redes", "error code: 404", "exit code is 137", "TERMINAL",
        "terraform plan -out=tfplan", "heroku config:set WEB_CONCURRENCY=3",
        "jira: fix flaky integration tests", "the parole board met",
        "git clone https://github.com/example/very-long-project-name-2.git",
    ],
)  # fmt: skip
def test_words_that_only_look_like_labels_leave_the_text(text: str) -> None:
    assert redacted(text) == text
