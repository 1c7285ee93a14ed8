"""Places and industries by their codes, for rooms that keep a code beside something else and ask no figures."""

from __future__ import annotations

from functools import lru_cache

from sharedtable.errors import Missing
from sharedtable.lmi import naics
from sharedtable.lmi.places import areas

NEWEST = naics.VINTAGES[-1]
_RANGES = (("31", "33"), ("44", "45"), ("48", "49"))  # sectors that the official list writes as one code, '31-33'


@lru_cache(maxsize=1)
def states() -> dict[str, str]:
    """The two letters of each state, by these letters and by its name, both in small letters.

    >>> states()["ohio"], states()["oh"]
    ('OH', 'OH')
    """
    found = {one.name.casefold(): one.abbr for one in areas.states()}
    return found | {one.abbr.casefold(): one.abbr for one in areas.states()}


def county_of(digits: str) -> str:
    """The five digits of a county, a leading zero put back, or '' where there is no such county.

    >>> county_of("1001"), county_of("99999")
    ('01001', '')
    """
    try:
        return areas.county(digits.zfill(5)).code
    except Missing:
        return ""


def area_title(code: str) -> str:
    """A county's or state's name, or the code itself where it is not known."""
    try:
        return areas.area_title(code)
    except Missing:
        return code


def is_industry(code: str) -> bool:
    """Whether the newest list of industries has this code; totals such as '10' are no industry."""
    return naics.is_known(code, NEWEST) and not code.startswith("10")


def was_industry(code: str) -> bool:
    """Whether any list of industries since 2007 has this code, as old lists write it.

    So '32' of '31-33' counts, and the six digits of construction that the jobs figures split in two.

    >>> was_industry("32"), was_industry("238210"), was_industry("345678")
    (True, True, False)
    """
    if len(code) == 2 and any(int(first) <= int(code) <= int(last) for first, last in _RANGES):
        return True
    known = {code, code[:5]} if len(code) == 6 and code.startswith("238") else {code}
    return any(naics.is_known(one, vintage) for vintage in naics.VINTAGES for one in known)


def industry_title(code: str) -> str:
    """What an industry code means, or the code itself where it is not known."""
    try:
        return naics.title(code, NEWEST)
    except Missing:
        return code
