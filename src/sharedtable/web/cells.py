"""Figures of long tables, written fast: the same words as the filters of `templatetags.figures`, without their cost.

A table of all industries has thousands of figures. Those of the facts engine are rounded already, and both languages
group by comma with a decimal point (see `config.formats`), so Python's own formatting gives the same text; a test
compares the two.
"""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sharedtable.web.templatetags import figures

MINUS = figures.MINUS


class Writer:
    """Writes figures in the active language; None is the dash that is read out as "not known"."""

    def __init__(self) -> None:
        self.unknown: SafeString | str = figures.count(None)
        self.percent = f"{figures.NARROW_SPACE}%" if (get_language() or "").startswith("es") else "%"

    def count(self, value: int | None) -> str:
        """12,345."""
        return self.unknown if value is None else f"{value:,}"

    def decimal(self, value: float | None) -> str:
        """12.3."""
        return self.unknown if value is None else f"{value:,.1f}"

    def ratio(self, value: float | None) -> str:
        """1.62."""
        return self.unknown if value is None else f"{value:,.2f}"

    def usd(self, value: int | None) -> str:
        """$61,250."""
        return self.unknown if value is None else f"${value:,}"

    def pct(self, value: float | None) -> str:
        """12.3%."""
        return self.unknown if value is None else f"{value:,.1f}{self.percent}"

    def change(self, value: int | None) -> str:
        """+1,250."""
        return self.unknown if value is None else f"{_sign(value)}{abs(value):,}"

    def change_pct(self, value: float | None) -> str:
        """+4.2%."""
        return self.unknown if value is None else f"{_sign(value)}{abs(value):,.1f}{self.percent}"


def _sign(value: float) -> str:
    return "+" if value > 0 else MINUS if value < 0 else ""
