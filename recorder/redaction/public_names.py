"""A second opinion on the tagger's hits: names that everybody knows are nobody's.

A hit stays out when it is nothing but public names (`data/public_names.txt`), or names what
is called after a person: `Doppler Effect`, `Nobel Prize`. Pure but for reading the list once.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
_JOINT: Final = re.compile(
    r"\s*[,/;|\u2013]\s*|\s+(?:and|und|et|y|e|i|og|och|en|oder|or|to|&|-|\u2013)\s+", re.IGNORECASE
)
_TOWN_AND_STATE: Final = re.compile(r"[^\W\d_]+, (?P<state>[^,]+)")
_CALLED_AFTER: Final = (
    r"(?:effect|theorem|hypothesis|conjecture|sequence|equations?|transform|distribution|"
    r"algorithm|prize|award|medal|symphony|sonata|concerto|orchestra|philharmonic|technique|"
    r"encyclop(?:a)?edia|chronicle|tribune|herald|gazette|academy|university|museum|airport|opera|"
    r"chamber of|syndrome|disease|telescope|library of|stock exchange)"
)
_DISCOVERER: Final = (
    r"(?:alzheimer|amdahl|asperger|bayes|benford|bernoulli|boyle|brooks|cauchy|conway|coulomb|crohn|"
    r"cushing|dijkstra|euclid|euler|faraday|fermat|fick|fourier|gauss|goodhart|graves|green|halley|"
    r"hick|hodgkin|hooke|hubble|huntington|kepler|laplace|maxwell|moore|murphy|newton|ohm|parkinson|"
    r"pascal|planck|poisson|raynaud|riemann|schr\u00f6dinger|shannon|snell|stokes|taylor|tourette|weber|zipf)"
)
"""Whose law or disease everybody knows; `Kowalski's disease` is that of somebody."""
_BEHIND: Final = re.compile(
    rf"(?P<owned>['\u2019]s[ ](?:law|{_CALLED_AFTER})\b)|[ ]{_CALLED_AFTER}\b", re.IGNORECASE
)
_AT_END: Final = re.compile(
    rf"{_DISCOVERER}['\u2019]s[ ](?:law|{_CALLED_AFTER})|[^\s'\u2019]+[ ]{_CALLED_AFTER}",
    re.IGNORECASE,
)
_DISCOVERERS: Final = re.compile(_DISCOVERER, re.IGNORECASE)


def is_public(text: str, start: int, end: int) -> bool:
    """Tell whether the words from `start` to `end` name something public, no person."""
    value = text[start:end]
    if any(map(str.isdigit, value)):
        return False
    parts = _JOINT.split(value)
    if _plain(value) in _names() or all(_plain(part) in _names() for part in parts):
        return True
    town = _TOWN_AND_STATE.fullmatch(value)
    if town is not None and _plain(town["state"]) in _names():
        return True
    if " " in value:
        return _AT_END.fullmatch(value) is not None
    behind = _BEHIND.match(text, end)
    if behind is None:
        return False
    return not behind["owned"] or _DISCOVERERS.fullmatch(value) is not None


def _plain(value: str) -> str:
    return " ".join(_WORD.findall(value.lower().replace("&", " and ")))


@cache
def _names() -> frozenset[str]:
    """Read the list when the first hit is judged, never at import."""
    data = files("recorder.redaction").joinpath("data", "public_names.txt").read_text("utf-8")
    return frozenset(name for name in data.split("\n") if name and name[0] != "#")
