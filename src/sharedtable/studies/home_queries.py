"""What the start page shows of the facts: the first industries of the example, with real figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sharedtable.errors import Refused
from sharedtable.studies.queries import suggestions
from sharedtable.studies.questions import Question, Region, default_region

MOST = 5


@dataclass(frozen=True)
class Glimpse:
    """The first industries of a region. `since_year` None: no earlier year is loaded."""

    region: Region
    year: int
    since_year: int | None
    rows: Sequence[Mapping[str, Any]]
    most_jobs: int


def glimpse(language: str) -> Glimpse | None:
    """The example's first industries; None when its figures are not loaded."""
    try:
        found = suggestions(Question(default_region(), language=language), MOST)
    except Refused:
        return None
    jobs = [int(row["employment_jobs"] or 0) for row in found.ranked]
    if not jobs:
        return None
    return Glimpse(found.region, found.year, found.since_year, found.ranked, max(jobs) or 1)
