"""The next date, chosen in the room: up to three on the screen, hands by phone, one that the facilitator settles.

A date is what the clock in the room will show ("2027-02-23T09:00"), with the name of its zone beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

from sharedtable.wall import rules

MOST_DATES = 3
FIELDS = ("dates", "date", "zone")
_CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_A_DAY = timedelta(days=1)  # zones are at most this far apart


def fits(name: str, value: Any, now: int) -> bool:
    """Whether a field of the stage that is about the next date may be set to this."""
    if name == "zone":
        return isinstance(value, str) and value in _zones()
    if name == "date":
        return value == "" or _is_ahead(value, now)
    return (
        isinstance(value, list)
        and len(value) <= MOST_DATES
        and all(_is_ahead(one, now) for one in value)
        and len(set(value)) == len(value)
    )


def say(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """Which of the dates on the screen suit the sender; said again, it takes the place of what they said before."""
    days, shown = command.get("dates"), context.state.stage["dates"]
    if not isinstance(days, list) or not all(isinstance(day, str) for day in days):
        raise rules.Turned("unreadable", rules.UNREADABLE)
    if not shown:
        raise rules.Turned("closed", _("No dates are on the screen at the moment."))
    if not set(days) <= set(shown):
        raise rules.Turned("changed", rules.CHANGED, context.state.stage)
    return rules.Outcome("date.said", "stage", {"dates": [day for day in shown if day in days]})


def moment_of(day: str, zone: str) -> datetime | None:
    """The instant of a date on the stage, in its zone; None without one."""
    if not _CLOCK.fullmatch(day) or zone not in _zones():
        return None
    return datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))


def _is_ahead(value: Any, now: int) -> bool:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        return False
    try:
        at = datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        return False
    return at > datetime.fromtimestamp(now / 1000, UTC) - _A_DAY


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
