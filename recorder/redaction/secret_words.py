"""Words that announce a secret, in the languages in which labels are known.

Used by the rules for labelled secrets and by typed text, which holds back what follows.
"""

from typing import Final

PASSWORD_WORDS: Final = (
    # English
    r"pass[ _\-]?(?:word|wort|phrase|code|wd)s?", "passwd", "pwd",
    # German, Dutch, Danish, Norwegian, Swedish, Finnish
    "kennwort", "zugangscode", "wachtwoord", "adgangskode", "kodeord", "passord",
    "l\u00f6senord", "salasana",
    # French, Spanish, Portuguese, Italian, Romanian
    r"mots?[ _]de[ _]passe", "mdp", "contrase(?:\u00f1|n)a", "(?<!palabra )(?<!palabras )clave", "senha",
    r"palavra[ \-]passe", "parola (?:d'ordine|d'accesso|di accesso|chiave|segreta)",
    "chiave (?:d'accesso|di accesso|di sicurezza|di rete|segreta|wi-?fi)", "codice (?:d'accesso|di accesso|segreto)",
    "(?:wi-?fi|wlan|network|security|wireless) key", "key ?phrase", "secret phrase", "passkey",
    "parol[a\u0103]",
    # Polish, Czech, Slovak, Hungarian, Croatian, Turkish
    "has(?:\u0142|l)o", "heslo", "jelsz(?:\u00f3|o)", "lozinka", "(?:\u015f|s)ifre",
    # Russian, Ukrainian, Bulgarian, Serbian, Greek
    "\u043f\u0430\u0440\u043e\u043b\u044c", "\u043f\u0430\u0440\u043e\u043b\u0430",
    "\u043b\u043e\u0437\u0438\u043d\u043a\u0430",
    "\u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2(?: \u03c0\u03c1\u03cc\u03c3\u03b2\u03b1\u03c3\u03b7\u03c2)?",
    "\u03c3\u03c5\u03bd\u03b8\u03b7\u03bc\u03b1\u03c4\u03b9\u03ba\u03cc",
    # Arabic, Hebrew, Hindi
    "\u0643\u0644\u0645\u0629 (?:\u0627\u0644\u0645\u0631\u0648\u0631|\u0627\u0644\u0633\u0631)",
    "\u05e1\u05d9\u05e1\u05de[\u05d4\u05d0]", "\u092a\u093e\u0938\u0935\u0930\u094d\u0921",
    # Chinese, Japanese, Korean, Vietnamese, Indonesian
    "\u5bc6[\u7801\u78bc]", "\u53e3\u4ee4", "\u30d1\u30b9\u30ef\u30fc\u30c9",
    "\u6697\u8a3c\u756a\u53f7", "\ube44\ubc00\ubc88\ud638", "\uc554\ud638",
    "m\u1eadt kh\u1ea9u", "kata sandi",
)  # fmt: skip
"""Regular expressions of words for a password, to be matched in any case."""

CODE_WORDS: Final = (
    r"pin(?:[ -]?(?:code|kod|nummer|number))?", "passcode", "otp", "tan", "mfa", "2fa",
    r"one[- ]time (?:code|pass(?:word|code))",
    "(?:verification|security|confirmation|login|auth(?:entication)?|access|sms|backup|sign[- ]?in|door|gate|alarm|entry|unlock|safe|two[- ]factor) code",
    "puk", "(?:safe|lock) combination", "(?:sicherheits|t\u00fcr|alarm|best\u00e4tigungs|einmal|freischalt|zugangs)-?code",
    "code (?:de v(?:\u00e9|e)rification|de s\u00e9curit\u00e9|secret|de confirmation|\u00e0 usage unique)",
    "c(?:\u00f3|o)digo(?: de (?:verificaci[o\u00f3]n|verifica\u00e7\u00e3o|seguridad|seguran\u00e7a|confirma\\w+|acceso))?",
    "codice(?: di (?:verifica|sicurezza|conferma))?", "verificatiecode", "beveiligingscode",
    "kod (?:weryfikacyjny|potwierdzaj\u0105cy|sms)", "verifieringskod", "bekr\u00e6ftelseskode",
    "engangskode", "vahvistuskoodi",
    "(?:\u043a\u043e\u0434 (?:\u043f\u043e\u0434\u0442\u0432\u0435\u0440\u0436\u0434\u0435\u043d\u0438\u044f|\u0438\u0437 \u0441\u043c\u0441|\u0434\u043e\u0441\u0442\u0443\u043f\u0430)|\u043f\u0438\u043d(?:-\u043a\u043e\u0434)?)",
    "\u9a8c\u8bc1\u7801", "\u8a8d\u8a3c\u30b3\u30fc\u30c9", "\uc778\uc99d\ubc88\ud638",
    "cvv2?", "cvc2?", "csc", "cid", "card verification(?: value)?",
)  # fmt: skip
"""Regular expressions of words for a PIN, a one-time code, a card's check value."""

HINTS: Final = (
    "pass", "pwd", "pw", "wort", "code", "kod", "secret", "key", "token", "auth", "bearer", "cred",
    "senha", "contrase", "mot", "mdp", "clave", "palavra", "parol", "has\u0142o", "haslo",
    "heslo", "jelsz", "lozinka", "sifre", "wachtwoord", "salasana", "sandi", "ordine", "chiave", "codice", "accesso",
)  # fmt: skip
"""One of these stands in every label of a secret that is written in ASCII."""


def may_announce(text: str) -> bool:
    """Tell cheaply whether a label of a secret may stand in the text."""
    lowered = text.lower()
    return not text.isascii() or any(hint in lowered for hint in HINTS)


IS: Final = r"is|was|are|to|ist|war|lautet|est|es|\u00e8|\u00e9|jest|\u00e4r|er|on|\u03b5\u03af\u03bd\u03b1\u03b9|:|=|\u2014|\u2013|-"
"""What stands between a label and its value."""


def any_of(words: tuple[str, ...]) -> str:
    """Give one group that matches any of the words."""
    return "(?:" + "|".join(words) + ")"


_TELLING: Final = (
    "@", "login", "log-in", "account", "user", "zugang", " with ", "wifi", "wi-fi", "wlan", "wpa",
    "psk", "chiave", "accesso", "acc\u00e8s",
)  # fmt: skip


def may_tell(text: str) -> bool:
    """Tell cheaply whether a sentence may tell a password or a login."""
    lowered = text.lower()
    return may_announce(text) or any(part in lowered for part in _TELLING)
