"""What people typed, made fit to be kept, or refused in a sentence; and dates that are months away."""

from __future__ import annotations

import calendar
from datetime import date

from django.utils.translation import gettext as _

from sharedtable.errors import Refused


def line(text: str, most: int, what: str, *, is_needed: bool = False) -> str:
    """One line of text without space around it. Fails with Refused when too long, unreadable or needed and empty."""
    found = " ".join(text.split())
    return _checked(found, most, what, is_needed)


def paragraphs(text: str, most: int, what: str, *, is_needed: bool = False) -> str:
    """A longer text with its line breaks. Fails like `line`."""
    return _checked(text.replace("\r\n", "\n").strip(), most, what, is_needed)


def _checked(found: str, most: int, what: str, is_needed: bool) -> str:
    if is_needed and not found:
        raise Refused(_("“%(field)s” is empty. Fill it in.") % {"field": what})
    if len(found) > most:
        raise Refused(_("“%(field)s” is too long. Keep it under %(most)d letters.") % {"field": what, "most": most})
    if "\0" in found:
        raise Refused(_("“%(field)s” holds signs that cannot be read. Write it again.") % {"field": what})
    return found


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month.

    >>> months_later(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
