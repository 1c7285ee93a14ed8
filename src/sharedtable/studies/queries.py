"""What a page shows, asked of the facts once: one function a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sharedtable.lmi import naics, sentences
from sharedtable.lmi.definitions import Sector
from sharedtable.lmi.profiles import Profile, profile
from sharedtable.lmi.ranking import WITHHELD_LIMIT_PCT, Ranking, is_too_hidden, rank
from sharedtable.method.guideposts import Guideposts, guideposts
from sharedtable.studies.questions import Question, Region, open_store
from sharedtable.studies.readings import Beside, beside

Row = Mapping[str, Any]
DEEPEST_DIGITS = 6

# What each sort of the table looks at. Rows without that figure stand last, whichever way the table is sorted.
SORT_KEYS = {
    "rank": "rank",
    "industry": "industry_title",
    "jobs": "employment_jobs",
    "short": "employment_change_2y_pct",
    "long": "employment_change_10y_pct",
    "quotient": "location_quotient_ratio",
    "pay": "average_annual_pay_usd",
    "establishments": "establishments",
    "size": "jobs_per_establishment",
    "projected": "projected_change_pct",
}


@dataclass(frozen=True)
class Industries:
    """The ranked industries of a region; `apart`: those with too much withheld; `facts`: the engine's heading."""

    question: Question
    ranking: Ranking = field(repr=False)
    facts: Mapping[str, Any] = field(repr=False)
    ranked: Sequence[Row] = field(repr=False)
    apart: Sequence[Row] = field(repr=False)

    @property
    def region(self) -> Region:
        """The region of the figures."""
        return self.ranking.region

    @property
    def year(self) -> int:
        """The year of the figures."""
        return self.ranking.year

    @property
    def years(self) -> Sequence[int]:
        """Every year that holds the whole region."""
        return self.ranking.measures.years

    @property
    def since_year(self) -> int | None:
        """The year with which most industries are compared over the long span; None when no earlier one is loaded."""
        since = [row["change_since_year"] for row in self.ranked if row["change_since_year"]]
        return max(set(since), key=since.count) if since else None

    @property
    def withheld_jobs_pct(self) -> float | None:
        """Share of the region's jobs that stand in no published industry of this depth."""
        found: float | None = self.facts["withheld_jobs_pct"]
        return found

    @property
    def base_note(self) -> str:
        """How the base of the quotients was found, in the language of the question."""
        measures = self.ranking.measures
        return sentences.base_note(measures.base, measures.base_method, self.question.language)

    def ordered(self, sort: str, *, is_descending: bool = False) -> list[Row]:
        """The ranked rows by a figure, those without it last."""
        key = SORT_KEYS[sort]
        known = [row for row in self.ranked if row[key] is not None]
        unknown = [row for row in self.ranked if row[key] is None]
        return [*sorted(known, key=lambda row: row[key], reverse=is_descending), *unknown]


def industries(question: Question) -> Industries:
    """The ranked table of a region. Fails with Missing when the store lacks the region or the year."""
    ranking = rank(
        open_store(),
        question.region,
        sector=question.sector,
        digits=question.digits,
        year=question.year,
        ownership=question.ownership,
        base=question.base,
        weights=question.weights,
        pay_threshold_usd=question.pay_threshold_usd,
        language=question.language,
    )
    rows = ranking.rows
    return Industries(
        question,
        ranking,
        ranking.to_dict(),
        [row for row in rows if row["rank"] is not None],
        [row for row in rows if row["rank"] is None],
    )


def parts_digits(code: str, year: int) -> int | None:
    """How deep one has to look to see the parts of an industry; None when it has none."""
    digits = naics.digits_of(code)
    if digits >= DEEPEST_DIGITS or not naics.children(code, naics.vintage_of_year(year)):
        return None
    return digits + 1


@dataclass(frozen=True)
class ProfilePage:
    """A profile and what stands beside it: the guideposts, what rooms made of each figure, and the wider industry for a
    look around."""

    question: Question
    profile: Profile = field(repr=False)
    sector: Sector
    codes: tuple[str, ...]
    parent: tuple[str, str] | None
    guideposts: Guideposts = field(repr=False)
    base_note: str
    beside: Mapping[str, Sequence[Beside]] = field(default_factory=dict, repr=False)

    @property
    def row(self) -> Row:
        """The ten data points."""
        return self.profile.row

    @property
    def years(self) -> Sequence[int]:
        """Every year that holds the whole region."""
        return self.profile.measures.years

    @property
    def shift_row(self) -> Row | None:
        """The parts of the long change; None when it cannot be split: see `shift_missing`."""
        rows = self.profile.shift_share.rows
        return rows[0] if rows and rows[0]["employment_change_jobs"] is not None else None

    @property
    def shift_missing(self) -> str:
        """Why the long change cannot be split, in the language that is active."""
        return self.profile.shift_share.missing or _(
            "This change cannot be split: in one of its two years a figure is withheld or cannot be compared."
        )

    @property
    def is_mostly_hidden(self) -> bool:
        """True when so much is withheld that the ranking lists such an industry apart."""
        return bool(is_too_hidden(self.profile.measures, WITHHELD_LIMIT_PCT)[0])


def profile_page(question: Question) -> ProfilePage:
    """One sector in one region. Fails with Missing when the store lacks the region, or the year has no such industry.

    `question.sector` must be there: see `suggestions` for a question without one.
    """
    assert question.sector is not None  # noqa: S101 - the page asks `suggestions` first
    found = profile(
        open_store(),
        question.region,
        question.sector,
        year=question.year,
        ownership=question.ownership,
        base=question.base,
        pay_threshold_usd=question.pay_threshold_usd,
        language=question.language,
    )
    vintage = naics.vintage_of_year(found.year)
    codes = naics.cover(question.sector.leaves(vintage), vintage)
    above = {naics.parent(code, vintage) for code in codes}
    wider = above.pop() if len(above) == 1 else None
    return ProfilePage(
        question=question,
        profile=found,
        sector=question.sector,
        codes=codes,
        parent=(wider, naics.title(wider, vintage)) if wider else None,
        guideposts=guideposts(question.language),
        base_note=sentences.base_note(found.measures.base, found.measures.base_method, question.language),
        beside=beside(question),
    )


def suggestions(question: Question, most: int = 12) -> Industries:
    """The first industries of the ranking, for somebody who has not chosen one yet."""
    found = industries(question)
    return Industries(question, found.ranking, found.facts, found.ranked[:most], ())
