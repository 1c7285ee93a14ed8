"""Labour-market facts for any region and any sector, honest about what is withheld.

    from sharedtable.lmi import Region, Sector, Store, load, profile, rank

    store = Store("facts", create=True)
    load("downloads/*.csv.gz", store)
    ranking = rank(store, Region.of("39041,39049"), digits=4)
    ranking.to_pandas()                                   # or ranking.rows, ranking.to_polars(), ranking.to_dict()
    profile(store, Region.named("Columbus, OH"), Sector.of("3261,333*")).row

A library of its own: no web framework, no data-frame package. Every answer carries its year, base and sources.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sharedtable.lmi.definitions import Region, Sector
    from sharedtable.lmi.intake.fetch import fetch
    from sharedtable.lmi.intake.load import load
    from sharedtable.lmi.measures import years_for
    from sharedtable.lmi.profiles import compare, history, profile
    from sharedtable.lmi.ranking import rank
    from sharedtable.lmi.sector_jobs import sector_occupations
    from sharedtable.lmi.shifts import shift_share
    from sharedtable.lmi.sources import SOURCES
    from sharedtable.lmi.store import Store

__all__ = [
    "SOURCES",
    "Region",
    "Sector",
    "Store",
    "compare",
    "fetch",
    "history",
    "load",
    "profile",
    "rank",
    "sector_occupations",
    "shift_share",
    "years_for",
]

# Loaded on first use: asking a question should not wait for the downloader's libraries.
_HOME = {
    "Region": "definitions",
    "Sector": "definitions",
    "fetch": "intake.fetch",
    "load": "intake.load",
    "years_for": "measures",
    "compare": "profiles",
    "history": "profiles",
    "profile": "profiles",
    "sector_occupations": "sector_jobs",
    "rank": "ranking",
    "shift_share": "shifts",
    "SOURCES": "sources",
    "Store": "store",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
