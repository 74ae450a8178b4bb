"""Tables of the figures of redaction, for a terminal and for the docs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

Figures = Mapping[str, object]

NAMES: Final = {
    "ACCOUNT": "bank account number", "ADDRESS": "postal address", "BIRTH_DATE": "birth date",
    "CARD": "payment card", "CODE": "PIN or one-time code", "CRYPTO": "wallet address",
    "CVV": "card security code", "EMAIL": "e-mail address", "IBAN": "IBAN", "IP": "IP address",
    "LICENCE": "driving licence", "MAC": "MAC address", "NATIONAL_ID": "national identity number",
    "PASSPORT": "passport number", "PASSWORD": "password", "PERSON": "name of a person",
    "PERSON in a sentence": "name of a person in a sentence", "PHONE": "phone number",
    "PRIVATE_KEY": "private key", "SECRET": "token, API key or cookie", "SSN": "social security number (US)",
    "TAX_ID": "tax number", "URL_CREDENTIAL": "password in an address", "USERNAME": "user name in a path",
}  # fmt: skip
LANGUAGES: Final = {
    "ar": "Arabic", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fr": "French",
    "it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian",
    "sv": "Swedish", "zh": "Chinese",
}  # fmt: skip
_SORTS: Final = ("numbers", "passwords", "names", "addresses")
Row = Sequence[str]


def tables(found: Mapping[str, Figures]) -> Iterator[tuple[str, Sequence[Row]]]:
    """Give a title and rows, the head first, for each table of the parts measured."""
    text, screens, typed = (found.get(name, {}) for name in ("text", "screens", "typed"))
    if text or screens:
        yield "What is found", list(_kinds(text, screens))
    if text or screens:
        yield "As a whole", list(_wholes(text, screens))
    if text:
        yield "By language", list(_languages(text))
    if screens:
        yield (
            "By the look of a page",
            list(_plain("page", "values painted over", part(screens, "by_look"))),
        )
    if typed:
        yield "Typed values that can be read afterwards", list(_typed(typed))
        manners = part(typed, "by_manner")
        yield "By the manner of typing", list(_plain("typed", "can be read", manners))
    if found.get("cpu"):
        yield "Cost of a 1080p frame", list(_costs(found["cpu"]))
    if campaign := found.get("campaign"):
        yield "Real programs", list(_campaign(campaign))


def as_text(found: Mapping[str, Figures]) -> str:
    """Give all tables as plain text."""
    parts = []
    for title, rows in tables(found):
        widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
        lines = ["  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)) for row in rows]
        parts.append("\n".join([title, *(line.rstrip() for line in lines)]))
    return "\n\n".join(parts)


def as_markdown(found: Mapping[str, Figures]) -> str:
    """Give all tables for a page of the docs."""
    parts = []
    for title, (head, *rows) in tables(found):
        lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
        parts.append("\n".join([f"### {title}", "", *lines]))
    return "\n\n".join(parts)


def part(figures: Figures, name: str) -> dict[str, Sequence[float]]:
    """Give a table of shares of the figures, empty when there is none."""
    return cast("dict[str, Sequence[float]]", figures.get(name, {}))


def shown(found: Sequence[float] | None) -> str:
    """Give a share as `98.5 % (97.1 to 99.2, n 840)`, a dash for none."""
    if not found:
        return "-"
    value, n, low, high = found
    return f"{value * 100:.1f} % ({low * 100:.1f} to {high * 100:.1f}, n {n:.0f})"


def _kinds(text: Figures, screens: Figures) -> Iterator[Row]:
    yield "kind", "in lines of text", "on drawn pages"
    for kind, name in NAMES.items():
        yield name, shown(part(text, "recall").get(kind)), shown(part(screens, "recall").get(kind))


def _wholes(text: Figures, screens: Figures) -> Iterator[Row]:
    yield "what", "figure"
    if text:
        yield "lines of which nothing is left readable", shown(_share(text, "clean_lines"))
        yield "of what is taken out, share that was private", shown(_share(text, "precision"))
        touched = part(text, "touched")
        yield "ordinary lines that look like private ones, touched", shown(touched["ordinary"])
        yield "lines of code touched", shown(touched["code"])
        yield "time for short lines", f"{text['ms_per_kb']} ms a KB"
        block = cast("dict[str, float]", text["block_ms"])
        yield (
            "time for blocks of 1 KB",
            f"median {block['p50']} ms, 95 of 100 below {block['p95']} ms",
        )
        growth = cast("dict[str, object]", text["largest_growth"])
        yield "time for twice the text, at most", f"{growth['times']} times as long"
    if screens:
        yield "values on pages painted over", shown(_share(screens, "all"))
        yield "pages of which nothing is left readable", shown(_share(screens, "clean_pages"))
        other = float(str(screens["other_pixels_painted"]))
        yield "other parts of pages painted over", f"{other * 100:.1f} % of the pixels"


def _languages(text: Figures) -> Iterator[Row]:
    yield "language", *_SORTS
    found = part(text, "by_language")
    for code, name in sorted(LANGUAGES.items(), key=lambda item: item[1]):
        yield name, *(shown(found.get(f"{code} {sort}")) for sort in _SORTS)


def _typed(typed: Figures) -> Iterator[Row]:
    yield "kind", "in a line, at level text", "alone, at level text"
    told, alone = part(typed, "by_kind"), part(typed, "by_kind_alone")
    for kind, name in NAMES.items():
        if kind in told or kind in alone:
            yield name, shown(told.get(kind)), shown(alone.get(kind))
    yield "all", shown(_share(typed, "in_a_line")), shown(_share(typed, "alone"))
    yield "all, at level class", shown(_share(typed, "readable_at_class")), ""


def _plain(what: str, share: str, rows: Mapping[str, Sequence[float]]) -> Iterator[Row]:
    yield what, share
    for name, found in rows.items():
        yield name, shown(found)


def _costs(cpu: Figures) -> Iterator[Row]:
    yield "case", "CPU of one core"
    for name, ms in cast("dict[str, int]", cpu["cpu_ms"]).items():
        yield name, f"{ms} ms"
    yield "peak memory", f"{cpu['peak_memory_mb']} MB"


def _campaign(campaign: Figures) -> Iterator[Row]:
    """Give values readable afterwards, by kind and place."""
    found = part(campaign, "by_kind_and_place")
    places = sorted({name.partition("/")[2] for name in found})
    yield "kind", *places
    for kind in sorted({name.partition("/")[0] for name in found}):
        cells = (found.get(f"{kind}/{place}") for place in places)
        yield (
            NAMES.get(kind, kind),
            *(f"{c[0] * c[1]:.0f} of {c[1]:.0f}" if c else "-" for c in cells),
        )
    yield "readable in the tables", shown(_share(campaign, "in_tables")), *[""] * (len(places) - 1)
    yield "readable in a picture", shown(_share(campaign, "in_pictures")), *[""] * (len(places) - 1)


def _share(figures: Figures, name: str) -> Sequence[float]:
    return cast("Sequence[float]", figures[name])
