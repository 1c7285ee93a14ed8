"""In which time zone a team reads the clock: the usual one of its state to begin with, any IANA name by choice."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
_EASTERN = "CT DE DC FL GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV"
_CENTRAL = "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI"
_MOUNTAIN = "CO MT NM UT WY"
_PACIFIC = "CA NV OR WA"
# The zone in which most people of a state live. A team near a border chooses its own in the settings.
USUAL: dict[str, str] = {
    **dict.fromkeys(_EASTERN.split(), EASTERN),
    **dict.fromkeys(_CENTRAL.split(), CENTRAL),
    **dict.fromkeys(_MOUNTAIN.split(), MOUNTAIN),
    **dict.fromkeys(_PACIFIC.split(), PACIFIC),
    "AK": "America/Anchorage",
    "AZ": "America/Phoenix",
    "HI": "Pacific/Honolulu",
    "ID": "America/Boise",
    "IN": "America/Indiana/Indianapolis",
    "KY": "America/Kentucky/Louisville",
    "MI": "America/Detroit",
    "AS": "Pacific/Pago_Pago",
    "GU": "Pacific/Guam",
    "MP": "Pacific/Saipan",
    "PR": "America/Puerto_Rico",
    "VI": "America/St_Thomas",
}
_AREAS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def usual_zone(state_code: str) -> str:
    """The zone of most people in a state; empty where none is known.

    >>> usual_zone("OH"), usual_zone("XX")
    ('America/New_York', '')
    """
    return USUAL.get(state_code.upper(), "")


@cache
def names() -> tuple[str, ...]:
    """Every zone that can be chosen: those of the United States first, then the rest by name."""
    first = tuple(dict.fromkeys((EASTERN, CENTRAL, MOUNTAIN, PACIFIC, *sorted(USUAL.values()))))
    rest = sorted(name for name in available_timezones() if name.startswith(_AREAS) and name not in first)
    return ("UTC", *first, *rest)


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of a name; UTC for none, and for one that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
