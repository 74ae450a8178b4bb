"""Rules for postal addresses: street words, house numbers, postcodes, boxes, labels."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit

_W: Final = r"[^\W\d_][\w'\u2019.\-]*+"
_UP_W: Final = r"[A-Z\u00c0-\u00de][\w'\u2019.\-]*+"
_EN_STREET: Final = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way|Walk|Close|Crescent|Cres|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|"
    r"Row|Mews|Grove|Gardens?|Hill|Park|Quay|Wharf|Green|View|Views|Ridge|Bridge|Forge|Forks?|Meadows?|Mill|Mills|Point|Port|Ports|Island|Islands|Junctions?|Divide|Plaza|Estates?|Common|Creek|Crossing|Extension|"
    r"Falls|Fields?|Fort|Freeway|Glen|Harbors?|Heights|Hollow|Inlet|Isle|Keys?|Knolls?|Lakes?|Landing|Loop|Manors?|Mountains?|Oval|Pass|Path|Pike|Pine|Pines|Plains?|Prairie|Radial|Ramp|Ranch|Rapids|Rest|Roads|River|Route|"
    r"Run|Shoals?|Shores?|Skyway|Springs?|Spurs?|Station|Stravenue|Stream|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Turnpike|Underpass|Unions?|Valleys?|Via|Viaduct|Village|Villages|Ville|Vista|Walks|Wall|Ways|Wells?|Haven|Causeway|Shore|Curve|Alley|Annex|Arcade|Bayou|Beach|Bend|Bluffs?|Bottom|Branch|Brooks?|Burgs?|Bypass|Camp|Canyon|Cape|Cent(?:er|re)s?|Cliffs?|Club|Corners?|Course|Coves?|Crest|Crossroads?|Dale|Dam|Drives|Expressway|Ferry|Flats?|Ford|Forest|Garden|Gateway|Grove|Mall|Mission|Motorway|Neck|Orchard|Overpass|Parks|Passage|Spring|Marg|Chowk|Nagar|Zila|Ganj|Path|Colony|Sector)"
)
_SUFFIX_STREET: Final = (
    r"[^\W\d_][\w\-]{1,30}(?i:stra(?:\u00df|ss)e|str\.|str|weg|platz|allee|gasse|damm|ufer|steig|pfad|"
    r"straat|laan|plein|kade|gracht|dijk|singel|hof|gatan|gata|v\u00e4gen|veien|vei|vegen|vej|gade|all\u00e9|stien|katu|kuja|polku|utca)"
)
_PREFIX_STREET: Final = (
    r"(?:Rue|rue|Avenue|avenue|Boulevard|boulevard|Place|Chemin|chemin|Impasse|Quai|All\u00e9e|Calle|calle|Avenida|avenida|Plaza|Paseo|Carrer|Via|via|Viale|viale|Piazza|Corso|Rua|rua|R|Travessa|Largo|Pra\u00e7a|"
    r"ul\.|Ul\.|ulica|al\.|os\.|pl\.|ulice|n\u00e1m\u011bst\u00ed|Strada|Calea|C\.|C/|Camino|Ronda|V\.le)"
)
_NUM: Final = r"\d{1,5}[A-Za-z]?(?:[\-/]\d{1,4}[A-Za-z]?)?"
_UNIT: Final = r"(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|Box|Studio|Bldg|Building|#|Wohnung|Top|Stiege|lok\.|m\.)\.?\s?#?\d{1,5}[A-Za-z]?"
_ZIP: Final = r"(?:[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{5}-\d{4}|(?:[A-Z]{1,2}-?)?\d{4,6}|\d{3}\s\d{2}|\d{2}-\d{3}|\d{4}\s?[A-Z]{2}|\d{4}-\d{3})"
_TOWN: Final = rf"(?:{_W})(?:[ \-]{_W}){{0,3}}"
_TAIL: Final = rf"(?:(?:\s*,?\s*|\s*\n\s*){_UNIT})?(?:\s*[,\n]\s*(?:{_ZIP}\s+{_TOWN}|{_ZIP}(?!\w)|{_TOWN})){{0,3}}(?:[ ,\n\-]+{_ZIP}(?!\w))?"
_ENGLISH: Final = re.compile(
    rf"(?<![\w.])(?:{_UNIT}\s*,\s*)?{_NUM},?\s(?:{_W}\s){{1,4}}{_EN_STREET}\b\.?(?:\s\d{{1,5}}\b)?{_TAIL}"
)
_UNIT_FIRST: Final = re.compile(
    rf"(?<!\w){_UNIT}\s*,\s*{_TOWN}(?:\s*,\s*{_TOWN}){{1,3}}\s*,?\s*{_ZIP}(?!\w)"
)
_SUFFIXED: Final = re.compile(
    rf"(?<!\w)(?:{_NUM}\s)?(?:{_UP_W}[ \-]){{0,2}}{_SUFFIX_STREET}\s{_NUM}(?!\w){_TAIL}"
)
_PREFIXED: Final = re.compile(
    rf"(?<!\w)(?:{_NUM}(?:\s?(?:bis|ter))?,?\s)?{_PREFIX_STREET}\s(?:{_W}\s?){{1,5}},?\s?(?:n\u00ba\s?)?{_NUM}(?!\w){_TAIL}"
)
_RUSSIAN: Final = re.compile(
    r"(?<!\w)(?:\u0443\u043b\u0438\u0446\u0430|\u0443\u043b|\u043f\u0440\u043e\u0441\u043f\u0435\u043a\u0442|\u043f\u0440\u043e\u0441\u043f|\u043f\u0440-\u0442|\u043f\u0435\u0440\u0435\u0443\u043b\u043e\u043a|\u043f\u0435\u0440|\u0431\u0443\u043b\u044c\u0432\u0430\u0440|\u0448\u043e\u0441\u0441\u0435|\u043d\u0430\u0431|\u043f\u043b\u043e\u0449\u0430\u0434\u044c|\u0432\u0443\u043b\u0438\u0446\u044f|\u0432\u0443\u043b)"
    rf"\.?\s(?:{_W}\s?){{1,4}},?\s?(?:(?:\u0434\u043e\u043c|\u0434|\u0431\u0443\u0434|\u043a\u043e\u0440\u043f|\u043a\u0432)\.?\s?)?{_NUM}(?!\w){_TAIL}",
    re.IGNORECASE,
)
_PREFIXED_FRENCH: Final = re.compile(
    rf"(?<!\w){_NUM}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|place|chemin|impasse|quai|all\u00e9e|route)\s(?:{_W}\s?){{1,5}}{_TAIL}",
    re.IGNORECASE,
)
_MILITARY: Final = re.compile(
    r"(?<!\w)(?:PSC|CMR|Unit|USNS|USS|USNV|USCGC)\s[^\n]{1,30}\n?,?\s*(?:[A-Z]PO|FPO)\s(?:A[AEP])\s\d{5}",
    re.IGNORECASE,
)
_PO_BOX: Final = re.compile(
    rf"(?<!\w)(?:\d{{1,4}}\s)?(?:P\.?\s?O\.?\s?Box|Postfach|Apartado|Bo\u00eete Postale|BP)\s?\d{{1,6}}(?!\w){_TAIL}",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"\b(?:(?:home|mailing|postal|street|shipping|billing|delivery|business|permanent|current|work)?\s?address|anschrift|adresse|direcci\u00f3n|indirizzo|domicile)\s?[:=]\s*(?P<value>(?=[^\n]{0,60}\d)(?![\w.+\-]+@|https?:|0x|\d{1,3}\.)[^\n]{6,90}(?:\n\s*[^\n:]{2,40}\d{3,6}\.?)?)",
    re.IGNORECASE,
)
_ZIP_LABELLED: Final = re.compile(
    rf"\b(?:zip(?:\s?code)?|post(?:al\s?)?code|plz|postleitzahl|cap|c\u00f3digo postal)\s?[:=]?\s?(?P<value>{_ZIP})(?!\w)",
    re.IGNORECASE,
)
_UNIT_ALONE: Final = re.compile(
    r"(?:^|\n|[,>]\s?)\s?(?P<value>(?:Apt|Apartment|Suite|Ste|Flat|Wohnung)\.?\s\d{1,5}[A-Za-z]?)(?=\s*(?:[\n,]|$))"
)
_ZIP_TOWN: Final = re.compile(rf"(?<![\w.\-])(?:{_TOWN},\s[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?)(?!\w)")
_PATTERNS: Final = (
    _ENGLISH, _UNIT_FIRST, _SUFFIXED, _PREFIXED, _RUSSIAN, _PREFIXED_FRENCH, _MILITARY, _PO_BOX,
    _LABELLED, _ZIP_LABELLED, _UNIT_ALONE, _ZIP_TOWN,
)  # fmt: skip


def street_addresses(text: str) -> Iterator[Hit]:
    """Give postal addresses of the forms used in Europe and the Americas."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = "value" if "value" in pattern.groupindex else 0
            start, end = match.span(group)
            end = start + len(text[start:end].rstrip(" ,\n"))
            if end > start:
                yield Hit(start, end, "ADDRESS")
