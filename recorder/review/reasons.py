"""Why something was taken out, in plain words."""

from typing import Final

from recorder.episodes.tally import entity_kind

_WORDS: Final = {
    "scope": "a window that you did not allow",
    "secure_field": "a password field",
    "unreadable": "text that could not be read, so it was painted to be safe",
    "text": "text, because reading it took too long",
    "layout": "text, because only the layout of this app is stored",
    "owner": "painted out by you",
    "EMAIL": "an e-mail address",
    "PHONE": "a phone number",
    "PERSON": "the name of a person",
    "ADDRESS": "a postal address",
    "NAME": "a name",
    "USERNAME": "a user name",
    "PASSWORD": "a password",
    "SECRET": "a key, token or other secret",
    "PRIVATE_KEY": "a private key",
    "URL_CREDENTIAL": "a password in a web address",
    "CRYPTO": "a wallet address",
    "CARD": "a card number",
    "IBAN": "a bank account number",
    "ACCOUNT": "an account number",
    "IP": "a network address",
    "MAC": "a hardware address",
    "SSN": "a social security number",
    "NATIONAL_ID": "a national identity number",
    "TAX_ID": "a tax number",
    "PASSPORT": "a passport number",
    "LICENCE": "a licence number",
    "BIRTH_DATE": "a date of birth",
    "PERSONAL": "one of your own words (recorder never)",
}
_MARKS: Final = {
    "secure_begin": "A password field had the focus: keys are not recorded",
    "secure_end": "The password field was left",
    "excluded_begin": "A window that you did not allow had the focus: nothing is recorded",
    "excluded_end": "Back in an allowed window",
    "pause": "Recording paused",
    "resume": "Recording went on",
    "gap": "Events were lost",
    "removed": "Something was removed here by you",
}
_WHY: Final = {
    "user": "by you",
    "hotkey": "by you, with the hotkey",
    "lock": "the screen was locked",
    "idle": "nothing happened for a while",
    "schedule": "by the schedule",
    "disk": "the disk was nearly full",
    "display_lost": "the display was lost",
    "suspend": "the computer slept",
    "stalled": "the recorder itself stood still for a while",
    "forgotten": "you asked to forget it",
    "queue_full": "too many at once",
    "platform": "the display server did not deliver them",
    "write_failed": "they could not be written",
}


def thing(mark: str) -> str:
    """Give in words what a mark such as EMAIL_1 or scope stands for."""
    kind = entity_kind(mark)
    return _WORDS.get(kind) or _WORDS.get(kind.upper()) or kind.replace("_", " ").lower()


def why(mark: str) -> str:
    """Give a sentence on a mark: what was there, and which mark stands for it."""
    numbered = entity_kind(mark) != mark
    same = f" Every {mark} of this episode was the same value." if numbered else ""
    return f"Taken out: {thing(mark)}.{same}"


def mark_text(kind: str, reason: str | None) -> str:
    """Give a sentence on a row that is no input: pause, gap, password field."""
    because = _WHY.get(reason or "", (reason or "").replace("_", " "))
    told = _MARKS.get(kind, kind.replace("_", " "))
    return f"{told}: {because}" if because and kind in {"pause", "gap"} else told
