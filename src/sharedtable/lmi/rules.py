"""Rules on industries: how large, how well paid, how fast growing an industry has to be to count (C26).

A rule compares one measure of an industry with a number. Rows are the rows of a ranking: a dictionary by column name,
None where a figure is withheld or not known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from sharedtable.errors import Missing, Refused

# Column → (words, unit). What is not here cannot be a rule, so that a typing mistake is refused and not ignored.
MEASURES: dict[str, tuple[str, str]] = {
    "employment_jobs": ("jobs", "jobs"),
    "establishments": ("establishments", "count"),
    "jobs_per_establishment": ("jobs per establishment", "number"),
    "average_annual_pay_usd": ("average annual pay", "usd"),
    "employment_change_2y_jobs": ("change in jobs over 2 years", "jobs"),
    "employment_change_2y_pct": ("change in jobs over 2 years", "pct"),
    "employment_change_10y_jobs": ("change in jobs over 10 years", "jobs"),
    "employment_change_10y_pct": ("change in jobs over 10 years", "pct"),
    "location_quotient_ratio": ("location quotient", "number"),
    "projected_change_pct": ("projected change", "pct"),
}
_SIDES = {">=": ("at least", "minimum", "below"), "<=": ("at most", "maximum", "above")}


@dataclass(frozen=True)
class Rule:
    """`measure` (a column of a ranking row), `side` ('>=' or '<=') and `value` in the unit of the column."""

    measure: str
    side: str
    value: float

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise Refused(f"There is no measure “{self.measure}” for a rule. There are: {', '.join(MEASURES)}.")
        if self.side not in _SIDES:
            raise Refused(f"A rule on {self.measure} needs >= (at least) or <= (at most), not “{self.side}”.")
        if not math.isfinite(self.value):
            raise Refused(f"The rule on {self.measure} needs a number, not {self.value}.")

    @classmethod
    def minimum(cls, measure: str, value: float) -> Self:
        """The measure has to be at least this."""
        return cls(measure, ">=", float(value))

    @classmethod
    def maximum(cls, measure: str, value: float) -> Self:
        """The measure may be at most this."""
        return cls(measure, "<=", float(value))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 'average_annual_pay_usd >= 45000'. Fails with Refused when it is no such comparison."""
        found = re.fullmatch(r"\s*(\w+)\s*(\S+)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*", text)
        if found is None:
            raise Refused(f"“{text}” is no rule. Write, for example, average_annual_pay_usd >= 45000.")
        try:
            value = float(found[3])
        except ValueError:
            raise Refused(f"The rule “{text}” needs a number such as 45000 or 1.2.") from None
        return cls(found[1], found[2], value)

    def to_text(self) -> str:
        """The rule as `parse` reads it."""
        value = float(self.value)
        return f"{self.measure} {self.side} {int(value) if value.is_integer() and abs(value) < 1e15 else repr(value)}"

    def describe(self) -> str:
        """'average annual pay of at least $45,000'."""
        words, _ = MEASURES[self.measure]
        return f"{words} of {_SIDES[self.side][0]} {self.shown(self.value)}"

    def shown(self, value: float) -> str:
        """A value of this measure as people write it."""
        number = f"{abs(value):,.2f}".rstrip("0").rstrip(".")
        sign = "-" if value < 0 and number != "0" else ""
        unit = MEASURES[self.measure][1]
        return f"{sign}${number}" if unit == "usd" else f"{sign}{number}%" if unit == "pct" else f"{sign}{number}"

    def is_met(self, value: float) -> bool:
        """Whether a value satisfies the rule."""
        return value >= self.value if self.side == ">=" else value <= self.value


@dataclass(frozen=True)
class Verdict:
    """`is_in`: True in, False out, None when a figure that decides is withheld or not known. `reasons`: sentences."""

    is_in: bool | None
    reasons: tuple[str, ...]


def judge(rules: Iterable[Rule], row: Mapping[str, object]) -> Verdict:
    """Hold an industry's figures against every rule.

    One rule that is not met puts it out; without that, one figure that is not known leaves it open (None), never out.
    Fails with Missing when the row has no such column at all.
    """
    failed, open_, met = [], [], []
    for rule in rules:
        if rule.measure not in row:
            raise Missing(f"The rule on {rule.measure} cannot be applied: these figures have no such column.")
        words = MEASURES[rule.measure][0]
        _, limit, beyond = _SIDES[rule.side]
        value = _number(row[rule.measure])
        start = words[0].upper() + words[1:]
        if value is None:
            open_.append(f"{start}: not published, so the {limit} of {rule.shown(rule.value)} cannot be checked.")
        elif rule.is_met(value):
            met.append(f"{start}: {rule.shown(value)} meets the {limit} of {rule.shown(rule.value)}.")
        else:
            failed.append(f"{start}: {rule.shown(value)} is {beyond} the {limit} of {rule.shown(rule.value)}.")
    if failed:
        return Verdict(False, (*failed, *open_))
    if open_:
        return Verdict(None, tuple(open_))
    return Verdict(True, tuple(met) or ("The definition sets no rule.",))


def _number(value: object) -> float | None:
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]  # rows hold int, float or numpy numbers
    return None if math.isnan(number) else number
