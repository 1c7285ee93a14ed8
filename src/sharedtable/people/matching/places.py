"""Addresses in the form in which they are compared: house number, road, ZIP, city."""

from __future__ import annotations

import re
from functools import lru_cache

from sharedtable.people.matching.names import folded

_NO_WORD = re.compile(r"[^\w]+")
_KINDS = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "aven": "ave", "boulevard": "blvd", "boul": "blvd",
    "bl": "blvd", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct", "circle": "cir", "place": "pl",
    "square": "sq", "terrace": "ter", "parkway": "pkwy", "pky": "pkwy", "highway": "hwy", "expressway": "expy",
    "trail": "trl", "turnpike": "tpke", "plaza": "plz", "way": "way", "alley": "aly", "crescent": "cres",
}  # fmt: skip
KINDS = frozenset(_KINDS.values()) | frozenset({"pike", "row", "walk", "loop", "run", "bend", "path"})
_SIDES = {
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se",
    "southwest": "sw",
}  # fmt: skip
SIDES = frozenset(_SIDES.values())
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip
_UNIT = re.compile(
    r"\b(?:suite|ste|apt|apartment|unit|floor|fl|room|rm|bldg|building|dept|lot|#)\b\.?\s*#?\s*[\w-]+.*$|#.*$"
)
_BETWEEN = re.compile(r"\b(?:between|near|off|at|across from|corner of)\b.*$")
_NUMBER = re.compile(r"^(\d+)(?:\s*[-/]\s*\d+)?[a-z]?(?:\s+1/2)?$")


@lru_cache(maxsize=65_536)
def street_of(text: str) -> tuple[str, str]:
    """House number and road of a street line: "435 S. La Cienega Blvd., Suite 2" is ("435", "la cienega").

    What kind of road it is and on which side of town are left out: lists disagree about them most. An address that does
    not begin with a number goes through usaddress; what that cannot read either gives ("", all its words).
    """
    line = _BETWEEN.sub("", _UNIT.sub("", folded(text).replace(".", ""))).strip(" ,")
    words = [word for word in _NO_WORD.sub(" ", line).split() if word]
    if not words:
        return "", ""
    if not words[0][0].isdigit() and any(sign.isdigit() for sign in line):
        house, rest = _tagged(line)
        if house:
            words = [house, *rest.split()]
    found = _NUMBER.match(words[0])
    house = found.group(1) if found and (len(words) > 1) else ""
    road = words[1:] if house else words
    # "12 1 2 main" comes from "12-1/2 Main"
    plain = [_ORDINALS.get(word, _SIDES.get(word, _KINDS.get(word, word))) for word in road]
    kept = [word for word in plain if word not in SIDES and word not in KINDS]
    return house.lstrip("0"), " ".join(kept or plain)


def _tagged(line: str) -> tuple[str, str]:
    """House number and road by usaddress, for lines such as "Rear of 12 Main St"; empty when it cannot tell."""
    import usaddress  # takes a while to load, and few lines need it

    try:
        found, _kind = usaddress.tag(line)
    except usaddress.RepeatedLabelError:
        return "", ""
    return found.get("AddressNumber", ""), _NO_WORD.sub(" ", found.get("StreetName", ""))


def written(street: str, city: str, state_code: str, zip_code: str) -> str:
    """The street line as the Postal Service writes it, or as it was given when scourgify cannot read it."""
    from scourgify import normalize_address_record
    from scourgify.exceptions import AddressNormalizationError

    if not street.strip():
        return ""
    record = {
        "address_line_1": street, "address_line_2": None, "city": city or "X", "state": state_code or "OH",
        "postal_code": zip_code or "43215",
    }  # fmt: skip
    try:
        found = normalize_address_record(record)
    except (AddressNormalizationError, ValueError, KeyError, TypeError, AttributeError):
        return " ".join(street.split())
    return " ".join(part for part in (found["address_line_1"], found["address_line_2"]) if part)


@lru_cache(maxsize=65_536)
def city_of(text: str) -> str:
    """A city's name folded: "St. Louis" and "Saint Louis" are one."""
    words = _NO_WORD.sub(" ", folded(text).replace(".", "")).split()
    return " ".join({"st": "saint", "mt": "mount", "ft": "fort"}.get(word, word) for word in words)


def zip_of(text: str) -> str:
    """The first five digits of a ZIP code, as text."""
    digits = text.strip()[:5]
    return digits if len(digits) == 5 and digits.isdigit() else ""
