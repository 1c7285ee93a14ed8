"""Which agencies already call on the companies of an industry (C18): counted as distinct agencies, over all sources.

A source is a function that tells who calls on whom. The register of programs (A15) is one. A log of contacts, which
lives in a room above, becomes a second with `@source`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sharedtable.partnerships import company_rules
from sharedtable.partnerships.models import Program
from sharedtable.studies import scope_facts
from sharedtable.studies.questions import Sector

STEM = 6  # as many letters decide whether two words are of one family: manufacturers, manufacturing
LEAST_LETTERS = 4
# Words that titles of industries and programs share without saying which industry.
COMMON = frozenset(
    {
        "activities",
        "agencies",
        "agency",
        "business",
        "businesses",
        "companies",
        "company",
        "employers",
        "employees",
        "firms",
        "general",
        "hires",
        "including",
        "industries",
        "industry",
        "jobs",
        "large",
        "local",
        "manage",
        "more",
        "other",
        "others",
        "people",
        "product",
        "products",
        "program",
        "programs",
        "region",
        "regional",
        "related",
        "sector",
        "service",
        "services",
        "shops",
        "small",
        "such",
        "support",
        "than",
        "that",
        "their",
        "they",
        "those",
        "trades",
        "whoever",
        "with",
        "workers",
    }  # fmt: skip
)


@dataclass(frozen=True)
class Line:
    """One agency calls on companies. `what`: its program or contact, in words. `fits`: it names the industry."""

    agency_id: int
    agency: str
    what: str
    fits: bool


@dataclass(frozen=True)
class Courting:
    """Who calls on an industry. `lines`: those that name it; `others`: agencies that call on somebody else."""

    lines: Sequence[Line]
    others: Sequence[str]
    is_known: bool

    @property
    def agencies(self) -> list[str]:
        """The distinct agencies that call on it."""
        return list({line.agency_id: line.agency for line in self.lines}.values())


Finder = Callable[[int, Sector], Iterable[Line]]
SOURCES: list[Finder] = []


def source(finder: Finder) -> Finder:
    """Register a function that tells who calls on the companies of an industry, in one space."""
    SOURCES.append(finder)
    return finder


def courting(space_id: int, sector: Sector) -> Courting:
    """The agencies of a space that call on an industry, each counted once."""
    found = [line for finder in SOURCES for line in finder(space_id, sector)]
    fits = [line for line in found if line.fits]
    named = {line.agency_id for line in fits}
    others = {line.agency_id: line.agency for line in found if line.agency_id not in named}
    return Courting(fits, sorted(others.values()), bool(found))


@source
def register(space_id: int, sector: Sector) -> list[Line]:
    """What the register of programs says (A15): one query."""
    rows = Program.objects.filter(space_id=space_id, ended_on=None).select_related("organisation")
    wanted, made = _stems([sector.name, *scope_facts.words_of(sector)]), []
    for row in rows.order_by("organisation__name", "name", "id"):
        said = row.courts_sector
        what = f"{row.name} ({said})" if said else row.name
        made.append(Line(row.organisation_id, row.organisation.name, what, _names(said, sector, wanted)))
    return made


def _names(said: str, sector: Sector, wanted: set[str]) -> bool:
    """Whether words about companies name an industry: a word of its family, or one of its codes."""
    codes = re.findall(r"\b\d{2,6}\b", said)
    own = company_rules.beginnings(sector.include)
    for code in codes:
        # Two digits may be a number of people: they count only when they are exactly such a code.
        if code in own or (len(code) > 2 and any(code.startswith(one) or one.startswith(code) for one in own)):
            return True
    return bool(_stems([said]) & wanted)


def _stems(texts: Iterable[str]) -> set[str]:
    words = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold())}
    return {word[:STEM] for word in words if len(word) >= LEAST_LETTERS and word not in COMMON}
