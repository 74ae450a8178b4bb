"""Pass phrases, words of a wallet, keys in groups and recovery codes go; help beside them stays."""

import pytest

from recorder.redaction.phrases import phrases

_WORDS = "ripple scissors kick mammal hire column"


def _found(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in phrases(text)]


@pytest.mark.parametrize("label", ["Recovery phrase: ", "seed phrase is ", "Mnemonic: ",
                                   "Frase de recuperaci\u00f3n: ", "Phrase secr\u00e8te : "])  # fmt: skip
@pytest.mark.parametrize("words", [_WORDS, _WORDS.replace(" ", ", "), _WORDS.replace(" ", "\n"),
                                   "1. ripple 2. scissors 3. kick 4. mammal 5. hire 6. column"])  # fmt: skip
def test_words_of_a_wallet_go(label: str, words: str) -> None:
    assert _found(label + words) == [words]


@pytest.mark.parametrize("label", ["passphrase: ", "SSH passphrase is ", "Pass phrase = "])
def test_a_pass_phrase_of_plain_words_goes(label: str) -> None:
    assert _found(f"{label}correct horse battery staple\n$ ") == ["correct horse battery staple"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("2FA setup key: JBSW Y3DP EHPK 3PXP", "JBSW Y3DP EHPK 3PXP"),
     ("Secret key: jbsw y3dp ehpk 3pxp", "jbsw y3dp ehpk 3pxp"),
     ("Recovery codes:\n1f3a-99d2\n77b0-c1e4\n", "1f3a-99d2\n77b0-c1e4"),
     ("backup code 8f3k-29dk", "8f3k-29dk"),
     ("Backup codes: 4821 7736, 1093 5527", "4821 7736, 1093 5527")],
)  # fmt: skip
def test_keys_and_codes_in_groups_go(text: str, value: str) -> None:
    assert _found(text) == [value]


@pytest.mark.parametrize(
    "text",
    ["Passphrase: must be at least 8 characters", "Enter passphrase for key 'id_rsa':",
     "Passphrase is used to decrypt your key", "Passphrase: leave it blank", "Passphrase: required",
     "The recovery phrase is shown once", "Recovery codes can be used once", "error code: E4021",
     "Secret key: press Save keys to keep them"],
)  # fmt: skip
def test_what_a_form_says_about_them_stays(text: str) -> None:
    assert not _found(text)
