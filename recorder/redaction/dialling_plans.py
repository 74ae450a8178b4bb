"""Whether a number is valid in a numbering plan, and grouped as people group it there.

The plans are those of the library phonenumbers. Its own checks are not used: they compile their
expressions anew when there are more than Python keeps, which took 4 ms for each KB of text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

import phonenumbers

_REGIONS: Final = (
    "US", "CA", "GB", "GG", "DE", "FR", "ES", "IT", "NL", "BE", "AT", "CH", "PL", "PT", "SE", "NO", "DK",
    "FI", "IE", "CZ", "HU", "AU", "NZ", "BR", "MX", "IN", "JP", "CN", "KR", "ZA", "IL", "TR",
    "RU", "UA", "GR", "RO", "SK", "AE", "AR", "CO", "SG", "HK",
)  # fmt: skip
_SORTS: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip",
    "pager", "uan", "voicemail",
)  # fmt: skip
_GROUP: Final = re.compile(r"\d+")
_NO_PART: Final = re.compile(r"\s?(?:x|ext).*|\(0\)", re.IGNORECASE)
"""An extension, and the trunk zero of `+44 (0)20`."""
_BY_THREES: Final = (3, 6, 9)
"""How Spain, Portugal, Poland and others group nine digits, besides the plan's own form."""
_PLACE: Final = re.compile(r"\\\d")
_NO_COUNTRY: Final = "001"
_CODE_DIGITS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a plan groups numbers, for those that begin in a certain way."""

    begins: re.Pattern[str]
    groups: re.Pattern[str]
    has_prefix: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """A country's plan: all its numbers, and their groups."""

    prefix: str
    numbers: re.Pattern[str]
    forms: tuple[_Form, ...]


def is_international(raw: str) -> bool:
    """Tell whether a number with `+` or `00` in front is valid where its country code says."""
    digits = "".join(_GROUP.findall(_NO_PART.sub("", raw))).lstrip("0")
    return any(
        _plan(region, digits[:size]).numbers.fullmatch(digits, size)
        for size in _CODE_DIGITS
        for region in _regions_of(digits[:size])
    )


def _regions_of(code: str) -> tuple[str, ...]:
    """Give the countries of a country code; none when there is no such code."""
    return phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code), ()) if code else ()


def is_national(raw: str) -> bool:
    """Tell whether a number is valid in one of forty plans, and grouped as there.

    With a trunk zero or an area code in parentheses the groups behind it may be any; without,
    they must be those of the plan.
    """
    plain = _NO_PART.sub("", raw)
    groups = _GROUP.findall(plain)
    digits, ends = "".join(groups), tuple(accumulate(map(len, groups)))
    is_marked = plain[0] in "0("
    for region in _REGIONS:
        for usual in _usual_ends(digits, _plan(region)):
            if is_marked and (len(ends) == 1 or usual[0] in ends):
                return True
            if len(ends) > 1 and (set(ends) <= {1, *usual} or ends == _BY_THREES):
                return True
    return False


def _usual_ends(digits: str, plan: _Plan) -> Iterator[tuple[int, ...]]:
    """Give, for each reading as a number of the plan, where its groups end."""
    starts = {0, len(plan.prefix)} if digits.startswith(plan.prefix) else {0}
    for start in starts:
        if not plan.numbers.fullmatch(digits, start):
            continue
        for form in plan.forms:
            found = (
                form.groups.fullmatch(digits, start) if form.begins.match(digits, start) else None
            )
            if found:
                if not form.has_prefix or start:
                    yield tuple(found.end(group) for group in range(1, form.groups.groups + 1))
                break


@cache
def _plan(region: str, code: str = "") -> _Plan:
    """Compile a plan when it is first needed: some tenths of a millisecond each."""
    data = main = _data(region, code)
    if not data.number_format and region != _NO_COUNTRY:
        main = _data(_regions_of(str(data.country_code))[0], code)
    kinds = [getattr(data, name) for name in _SORTS]
    numbers = [kind.national_number_pattern for kind in kinds if kind]
    return _Plan(
        data.national_prefix or "",
        re.compile("|".join(f"(?:{number})" for number in numbers if number) or "(?!)"),
        tuple(_form(form, data.national_prefix) for form in main.number_format),
    )


def _data(region: str, code: str) -> phonenumbers.PhoneMetadata:
    """Give what the library knows of a country, or of a code that belongs to none."""
    known = phonenumbers.PhoneMetadata
    found = (
        known.metadata_for_nongeo_region(int(code))
        if region == _NO_COUNTRY
        else known.metadata_for_region(region)
    )
    if found is None:
        raise LookupError(f"no numbering plan for {region}")
    return found


def _form(form: phonenumbers.NumberFormat, prefix: str | None) -> _Form:
    rule = _PLACE.sub("", form.national_prefix_formatting_rule or "")
    begins = form.leading_digits_pattern[-1] if form.leading_digits_pattern else ""
    return _Form(
        re.compile(begins), re.compile(form.pattern or ""), bool(prefix) and str(prefix) in rule
    )
