"""Postal addresses in the orders and words of some thirty languages."""

import random
from collections.abc import Callable
from typing import Final

from benchmarks.tagger.interface import interface_places
from benchmarks.tagger.names import PARTICLES, Names
from benchmarks.tagger.pools import Pool, is_latin, romanised

_Form = tuple[int, Callable[[], str]]
"""How often, and what gives one."""
STREETS: Final = (
    "* Street|* St|* St.|* Road|* Rd|* Rd.|* Avenue|* Ave|* Ave.|* Lane|* Ln|* Drive|* Dr|* Dr.|* Court|"
    "* Ct|* Place|* Pl|* Boulevard|* Blvd|* Way|* Terrace|* Close|* Crescent|* Parkway|* Highway|* Hwy|"
    "* Circle|* Square|* Gardens|* Grove|* Hill|* Row|* Mews|* Walk|* Loop|* Trail|* Park|* Green|* View|"
    "* Ridge|* Crossing|* Meadows|* Cliffs|* Forge|* Creek|* Wharf|* Quay|* Plaza|*straße|*strasse|*str.|"
    "* Straße|* Strasse|* Str.|*weg|*gasse|*platz|*allee|*ring|*damm|*ufer|*berg|Am *|Auf der *|An der *|"
    "Im *|Unter den *|Zum *|Alt *|Hinter *|Rue *|rue *|Rue de *|Rue du *|Rue des *|Avenue *|Avenue de *|"
    "avenue du *|Boulevard *|Chemin de *|chemin des *|Impasse *|Place *|Quai *|Allée des *|Route de *|"
    "Calle *|Calle de *|C/ *|C. *|Avenida *|Avda. *|Avda. de *|Av. *|Paseo *|Plaza *|Plaza de *|Ronda *|"
    "Carrer *|Carrer de *|Camino *|Glorieta *|Travesía *|Via *|via *|Viale *|Piazza *|Corso *|Vicolo *|"
    "Contrada *|Largo *|Strada *|Rua *|Rua da *|Rua do *|R. *|R *|Travessa *|Estrada *|Praça *|Alameda *|"
    "*straat|*laan|*plein|*gracht|*kade|*dreef|*singel|*dijk|*hof|*pad|Grote *|Oude *|*vej|*gade|*vænget|"
    "*parken|*stræde|* Allé|*gatan|*vägen|*stigen|*gränd|*torget|* väg|*veien|*gata|*gaten|*vegen|*vei|"
    "* gate|*tie|*katu|*kuja|*polku|*ntie|*nkatu|*tori|ul. *|ul *|Ul. *|ulica *|al. *|os. *|pl. *|plac *|"
    "* utca|* u.|* út|* útja|* tér|* köz|* sétány|* ulica|* cesta|* ulice|* náměstí|* třída|*ova|*ská|*ská cesta|"
    "nám. *|Na *|U *|Pod *|Ulica *|Trg *|trg *|Put *|Bulevar *|Strada *|Str. *|Bd. *|Calea *|Aleea *|"
    "* Sokak|* Sk.|* Sokağı|* Caddesi|* Cad.|* Mah.|* Bulvarı|Jalan *|Jl. *|Gang *|Odos *|*|*|* gatvė|"
    "* g.|* iela|* tänav|* mnt|* puiestee|*braut|*stígur|*vegur|*tún|*holt|*hlíð|* Marg|* Nagar|* Chowk|"
    "* Salai|* Colony|*-ro|*-gil|*-dong|*-chō|*-ku|* Lu|* Jie|* Dajie|Đường *|Phố *|Rr. *|Rruga *|ulitsa *|"
    "ул. *|улица *|проспект *|пр. *|пер. *|вул. *|οδός *|* Ulitsa|Prospekt *|Sitio *|Colonia *|Quinta *|"
    "Bairro *|Vila *|Barrio *|Urb. *|Priv. *|Cerrada *|Prolongación *|Circuito *|Andador *|Bygade *|Quartier *|"
    "* Hills|* Springs|* Junction|* Heights|* Point|* Bypass|* Tunnel|* Island|* Estates|* Rapids|* Mall"
).split("|")  # fmt: skip
UNITS: Final = (
    "Apt. *|Apt *|apt. *|apt *|Apartment *|Suite *|suite *|Ste *|Ste. *|Unit *|Flat *|# *|#*|Floor *|* OG|*. OG|Top *|"
    "Whg. *|bte *|Bte *|*º|*o Dto|Piso *|Bloque *|lok. *|m. *|Room *|Esc. *|Interno *|int. *|kat *|Lot *|"
    "Box *|Hus *|lgh *|Appartement *|Étage *|Building *|Bldg *|Tower *|Stiege *|Studio *|Door *|Block *|"
    "кв. *|Office *|Level *|Portal *|Depto. *"
).split("|")
_STATES: Final = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
    "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC NSW VIC QLD WA SA TAS ON QC BC AB MB NS RM MI TO NA BO FI "
    "SP RJ MG BA RS PR ZH BE GE NO nan"
).split()
_POSTCODES: Final = (
    "#####", "#####", "#####", "#####", "####", "####", "######", "#####-####", "##-###", "### ##",
    "####-###", "#### @@", "@#@ #@#", "@@# #@@", "@@## #@@", "@# #@@", "@#@ #@@", "###-####", "@@-####", "D-#####",
    "CH-####", "A-####", "F-#####", "SE-### ##", "@@@####", "### ####",
)  # fmt: skip
_UNIT_NUMBERS: Final = ("#", "##", "###", "###", "@", "#@", "####", "@#", "#-#")
_BOXES: Final = (
    "PO Box #", "P.O. Box #", "P.O. Box ##", "PO BOX ###", "Postfach #", "Apartado #", "BP #", "Casilla #",
    "Box #", "Postbus #", "Boîte postale #", "Caixa Postal #", "C.P. #", "## P.O. Box ###", "Private Bag #",
    "Postboks #", "Skr. poczt. #", "Locked Bag #",
)  # fmt: skip
_FORCES: Final = (
    "Unit #### Box ####", "PSC ####, Box ####", "PSC #### Box ####", "CMR ### Box ####", "USS *", "USNS *",
    "USNV *", "USCGC *",
)  # fmt: skip
_CROSSINGS: Final = (
    "{0} and {1}", "{0} and {1}", "{0} and {1}", "{0} & {1}", "{0} / {1}", "corner of {0} and {1}", "the corner of {0} and {1}",
    "the corner {0} and {1}", "between {0} and {1}", "{0} at {1}", "Ecke {0}/{1}", "{0} esq. {1}",
    "the intersection of {0} and {1}",
)  # fmt: skip
_KNOWN_PLACES: Final = 0.85
_PLACE_FORMS: Final = (
    "San {first}", "Santa {first}", "Los {last}", "Las {last}", "St. {first}", "Saint {first}", "Saint-{first}", "Sankt {first}",
    "Mount {last}", "Lake {last}", "Port {last}", "Fort {last}", "New {town}", "Bad {last}", "{town} Airport", "{last} Museum",
    "{last} Park", "{last} Bay", "{last} Bridge", "Villa {last}", "Monte {last}", "{town} Hauptbahnhof", "Gare de {town}",
)  # fmt: skip
_SEPARATORS: Final = (", ", "\n", " ", "\n ", " - ", "; ", " ,", "\n, ", "\n\n ", "\n\n")
_SEPARATOR_WEIGHTS: Final = (10, 5, 4, 3, 1, 0.4, 0.5, 0.8, 1, 0.5)


class Addresses:
    """Draws addresses: whole ones, single lines, parts, crossings, boxes, posts of armies."""

    def __init__(self, pools: list[Pool], names: Names, rng: random.Random) -> None:
        self._pools = [pool for pool in pools if pool.streets]
        self._named = [pool for pool in pools if pool.companies]
        self._countries = [
            pool for pool in self._pools if pool.countries and is_latin(pool.countries[0])
        ]
        self._english = next(pool for pool in pools if pool.locale == "en_US")
        self._names = names
        self._rng = rng
        self._forms: list[_Form] = [
            (14, self._of_faker),
            (7, self.crossing),
            (4, self._of_forces),
            (3, lambda: self._with_town(self.digits(rng.choice(_BOXES)))),
            (75, self._of_parts),
        ]

    def place(self) -> str:
        """Draw a town, country or sight, many of which sound like people."""
        rng = self._rng
        if rng.random() < _KNOWN_PLACES:
            return rng.choice(interface_places())
        form = rng.choice(_PLACE_FORMS)
        return form.format(first=self._names.first(), last=self._names.last(), town=self.town())

    def whole(self) -> str:
        """Draw an address, most often with a town, sometimes over several lines."""
        forms = [form for _, form in self._forms]
        return self._rng.choices(forms, [weight for weight, _ in self._forms])[0]()

    def line(self) -> str:
        """Draw street and number alone."""
        street, number, rng = self.street(), self.number(), self._rng
        form = rng.choices(
            (
                "{1} {0}",
                "{0} {1}",
                "{0}, {1}",
                "{1}, {0}",
                "{1} {0} {2}",
                "{1} {2} {0}",
                "{0} n. {1}",
                "{0} nº {1}",
                "{0} No. {1}",
            ),
            (50, 36, 5, 3, 9, 5, 1, 1, 1),
        )[0]
        return form.format(street, number, self.number().strip("."))

    def street(self) -> str:
        """Draw the name of a street."""
        rng = self._rng
        pool = rng.choice(self._pools)
        if rng.random() < 0.3:
            return self._written(rng.choice(pool.streets))
        of = rng.choice(
            (self._names.last, self._names.first, self._names.last, self.town, self._two_words)
        )()
        pattern = rng.choice(STREETS)
        if pattern.startswith("*") and pattern[1:2].islower() and rng.random() < 0.9:
            of = of.split()[0]
        return pattern.replace("*", of)

    def _two_words(self) -> str:
        middle = self._rng.choice(("", "", self._rng.choice(PARTICLES)))
        return f"{self._names.first()} {middle}{self._names.last()}"

    def number(self) -> str:
        """Draw a house number."""
        rng = self._rng
        number = str(rng.randrange(1, 10 ** rng.choices((1, 2, 3, 4, 5), (2, 6, 4, 2, 2))[0]))
        if rng.random() < 0.05:
            number = "0" + number
        if rng.random() < 0.12:
            number += rng.choice(
                ("a", "b", "c", "A", "B", " a", "bis", " bis", "/2", "-3", "/14", "-" + number, ".")
            )
        return number

    def crossing(self) -> str:
        """Draw a crossing of two streets."""
        streets = [self.street(), self.street()]
        if self._rng.random() < 0.4:
            streets = [self.line(), self.line()]
        if self._rng.random() < 0.3:
            streets[0] = self._rng.choice((self._names.first, self._names.last, self.town))()
        return self._rng.choice(_CROSSINGS).format(*streets)

    def unit(self) -> str:
        """Draw a flat, suite or floor."""
        return self._rng.choice(UNITS).replace("*", self.digits(self._rng.choice(_UNIT_NUMBERS)))

    def postcode(self) -> str:
        """Draw a postcode of some country."""
        pool = self._rng.choice(self._pools)
        if pool.postcodes and self._rng.random() < 0.35:
            return self._written(self._rng.choice(pool.postcodes))
        return self.digits(self._rng.choice(_POSTCODES))

    def town(self) -> str:
        """Draw a town, sometimes one that only sounds like it."""
        rng = self._rng
        pool = rng.choice(self._pools)
        if rng.random() < 0.3:
            return self._names.invented(pool, "city", pool.cities)
        town = self._written(rng.choice(pool.cities))
        return town.upper() if rng.random() < 0.06 else town

    def country(self) -> str:
        """Draw the name of a country, most often in English."""
        pool = self._english if self._rng.random() < 0.65 else self._rng.choice(self._countries)
        return self._rng.choice(pool.countries)

    def state(self) -> str:
        """Draw a state, province or its short form."""
        with_states = [pool for pool in self._pools if pool.states]
        if self._rng.random() < 0.6:
            return self._rng.choice(_STATES)
        return self._written(self._rng.choice(self._rng.choice(with_states).states))

    def company(self) -> str:
        """Draw a company from Faker's lists."""
        return self._written(self._rng.choice(self._rng.choice(self._named).companies))

    def digits(self, form: str) -> str:
        """Give the form with digits for `#`, capitals for `@` and a family name for `*`."""
        drawn = (
            self._rng.choice("0123456789") if char == "#"
            else self._rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") if char == "@" else char
            for char in form
        )  # fmt: skip
        return "".join(drawn).replace("*", self._names.last())

    def _of_faker(self) -> str:
        address = self._written(self._rng.choice(self._rng.choice(self._pools).addresses))
        return address.replace("\n", self._separator())

    def _of_forces(self) -> str:
        rng = self._rng
        post = f"{rng.choice(('APO', 'FPO', 'DPO'))}{rng.choice((' ', ', '))}{rng.choice(('AA', 'AE', 'AP'))}"
        head = self.digits(rng.choice(_FORCES))
        gap = rng.choice(("\n", ", ", " "))
        return f"{head}{gap}{post} {self.digits('#####')}"

    def _of_parts(self) -> str:
        units = self._rng.choices((0, 1, 2), (60, 37, 3))[0]
        parts = [self.line(), *(self.unit() for _ in range(units))]
        if self._rng.random() < 0.04:
            parts.reverse()
        return self._with_town(*parts)

    def _with_town(self, *parts: str) -> str:
        rng, lines = self._rng, list(parts)
        if rng.random() < 0.82:
            lines += self._town_lines()
            if rng.random() < 0.42:
                country = self.country()
                after = (country, f"{country} {self.postcode()}", f"{country} {self.postcode()}")
                lines.append(rng.choice(after))
        separator = self._separator()
        address = lines[0]
        for line in lines[1:]:
            address += (separator if rng.random() < 0.86 else rng.choice((", ", " "))) + line
        return address

    def _town_lines(self) -> list[str]:
        town, code, state = self.town(), self.postcode(), self.state()
        forms = (
            [f"{code} {town}"], [f"{code} {town}"], [f"{town}, {state} {code}"], [f"{town} {state} {code}"],
            [f"{town} {code}"], [town, state], [town, code], [town, state, code], [town], [town],
            [f"{town}, {code}"], [f"{code}, {town}"], [f"{code} {town} ({state})"], [town, f"{state} {code}"],
            [code], [f"{town}-{state}", code],
        )  # fmt: skip
        return self._rng.choice(forms)

    def _separator(self) -> str:
        return self._rng.choices(_SEPARATORS, _SEPARATOR_WEIGHTS)[0]

    def _written(self, text: str) -> str:
        return text if is_latin(text) or self._rng.random() > 0.6 else romanised(text)
