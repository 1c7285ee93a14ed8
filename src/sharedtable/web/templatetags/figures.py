"""Filters that write figures for people: `{{ jobs|count }}`, `|usd`, `|pct`, `|ratio`, `|change`, `|change_pct`.

All take a number or None. None means that the figure is not known (withheld, or never published), and is written as a
dash that a screen reader reads out as words; it is never written as 0. Codes and years need no filter.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()
Number = int | float | Decimal | None
MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


def _unknown() -> SafeString:
    return format_html(
        '<span class="unknown"><span aria-hidden="true">–</span><span class="sr-only">{}</span></span>', _("not known")
    )


def _write(value: int | float | Decimal, places: int, *, is_signed: bool = False) -> str:
    step = Decimal(1).scaleb(-places)
    exact = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    sign = MINUS if exact < 0 else ("+" if is_signed and exact > 0 else "")
    return sign + number_format(abs(exact), places, use_l10n=True, force_grouping=True)


@register.filter
def count(value: Number) -> str:
    """Jobs, establishments: 12,345."""
    return _unknown() if value is None else _write(value, 0)


@register.filter
def decimal(value: Number, places: int = 1) -> str:
    """A number with that many places, such as jobs per establishment: 12.3."""
    return _unknown() if value is None else _write(value, places)


@register.filter
def usd(value: Number) -> str:
    """Whole dollars: $61,250."""
    if value is None:
        return _unknown()
    text = _write(value, 0)
    return f"{MINUS}${text[1:]}" if text.startswith(MINUS) else f"${text}"


@register.filter
def pct(value: Number, places: int = 1) -> str:
    """A share: 12.3%. In Spanish with a space before the sign."""
    return _unknown() if value is None else _percent(_write(value, places))


@register.filter
def ratio(value: Number, places: int = 2) -> str:
    """A location quotient: 1.62."""
    return _unknown() if value is None else _write(value, places)


@register.filter
def change(value: Number) -> str:
    """A difference in jobs, with its sign: +1,250."""
    return _unknown() if value is None else _write(value, 0, is_signed=True)


@register.filter
def change_pct(value: Number, places: int = 1) -> str:
    """A difference in percent, with its sign: +4.2%."""
    return _unknown() if value is None else _percent(_write(value, places, is_signed=True))


@register.filter
def direction(value: Number) -> str:
    """The word `up`, `down`, `flat` or `unknown`, for a CSS class beside a change."""
    if value is None:
        return "unknown"
    return "up" if value > 0 else "down" if value < 0 else "flat"


def _percent(text: str) -> str:
    from django.utils.translation import get_language

    return f"{text}{NARROW_SPACE}%" if (get_language() or "").startswith("es") else f"{text}%"
