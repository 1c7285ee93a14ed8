"""Areas as the QCEW codes them: counties, states, metropolitan areas, and the 1990 commuting zones.

Codes are text: '39041' a county, '39000' a state, '39999' that state's jobs in no known county, 'C1814' a
metropolitan or micropolitan area ('C' and the first four of the five digits), 'CS198' a combined area, 'US000' the
country. 'CZ15900' is a commuting zone: a name for a set of counties, no area that the QCEW publishes.

Connecticut: eight counties to 2023, nine planning regions (09110 to 09190) from 2024 on; the borders differ, so
neither can be made from the other. Source, vintage and how to rebuild: reference/SOURCES.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sharedtable.errors import Missing

if TYPE_CHECKING:
    from sharedtable.lmi.places.finder import Candidate

NATIONAL: dict[str, str] = {
    "US000": "United States",
    "USMSA": "United States, all metropolitan areas",
    "USNMS": "United States, all counties outside metropolitan areas",
    "USCMS": "United States, all combined statistical areas",
}


@dataclass(frozen=True)
class County:
    """A county or equivalent. `lat`, `lon`: a point inside, degrees, None where no list gives one (Virgin Islands).

    `metro_code`: the metropolitan or micropolitan area of the July 2023 list, None outside any. `zone_code`: the 1990
    commuting zone, None in the territories. `first_year`, `last_year`: the years of the QCEW that have this code, None
    where that is open or not known. `replaced_by`: codes that took this one's place.
    """

    code: str
    name: str
    state_code: str
    state_abbr: str
    lat: float | None
    lon: float | None
    metro_code: str | None
    zone_code: str | None
    first_year: int | None
    last_year: int | None
    replaced_by: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether the newest QCEW has this code."""
        return self.last_year is None and not self.replaced_by

    @property
    def title(self) -> str:
        """Name and state: 'Delaware County, Ohio'."""
        name = state(self.state_code).name
        return self.name if self.name == name else f"{self.name}, {name}"


@dataclass(frozen=True)
class State:
    """A state, the District of Columbia, Puerto Rico or the Virgin Islands; `code` has two digits."""

    code: str
    abbr: str
    name: str

    @property
    def area_code(self) -> str:
        """The QCEW's code of the whole state: '39000'."""
        return f"{self.code}000"


@dataclass(frozen=True)
class Metro:
    """A metropolitan ('metro'), micropolitan ('micro') or combined ('combined') statistical area.

    `code` is the QCEW's, `cbsa_code` the five digits of the federal list (None for a combined area). `is_current`: in
    the list of July 2023; `counties` are those of that list, empty for a former area.
    """

    code: str
    cbsa_code: str | None
    kind: str
    title: str
    is_current: bool
    combined_code: str | None
    counties: tuple[str, ...]


@dataclass(frozen=True)
class Zone:
    """A commuting zone of 1990 (USDA Economic Research Service), named by its largest place."""

    code: str
    title: str
    counties: tuple[str, ...]


def counties() -> tuple[County, ...]:
    """Every county and equivalent that the QCEW of 2007 and later can hold, former ones too, by code."""
    return tuple(_counties().values())


def county(code: str) -> County:
    """One county. Fails with Missing for an unknown code."""
    try:
        return _counties()[code]
    except KeyError:
        raise _unknown(code) from None


def states() -> tuple[State, ...]:
    """The 50 states, the District of Columbia, Puerto Rico and the Virgin Islands, by code."""
    return tuple(_states().values())


def state(code: str) -> State:
    """A state by two digits ('39'), area code ('39000') or letters ('OH'). Fails with Missing for an unknown one."""
    found = _states().get(code[:2]) if code[:2].isdigit() else _states_by_letters().get(code.upper())
    if found is None:
        raise Missing(f"There is no state {code}. Give two digits or two letters, such as 39 or OH.")
    return found


def metros() -> tuple[Metro, ...]:
    """Metropolitan, micropolitan and combined areas, former ones too, by code."""
    return tuple(_metros().values())


def zones() -> tuple[Zone, ...]:
    """The 741 commuting zones of 1990, by code."""
    return tuple(_zones().values())


def is_known(code: str) -> bool:
    """Whether this is an area code that the QCEW can hold (a commuting zone is none)."""
    if code in NATIONAL or code in _counties():
        return True
    if len(code) == 5 and code[:2] in _states() and code[2:] in ("000", "999"):
        return True
    return code in _metros()


def area_title(code: str) -> str:
    """The title of any area code, of a commuting zone too: 'Delaware County, Ohio'. Fails with Missing if unknown."""
    if code in NATIONAL:
        return NATIONAL[code]
    if code in _counties():
        return _counties()[code].title
    if len(code) == 5 and code[:2] in _states():
        name = _states()[code[:2]].name
        if code.endswith("000"):
            return name
        if code.endswith("999"):
            return f"Unknown or undefined county, {name}"
    if code in _metros():
        metro = _metros()[code]
        kind = {"metro": "metropolitan area", "micro": "micropolitan area", "combined": "combined area"}[metro.kind]
        return f"{metro.title} ({kind})"
    if code in _zones():
        return f"{_zones()[code].title} (commuting zone of 1990)"
    raise _unknown(code)


def counties_of(code: str) -> tuple[str, ...]:
    """The current counties in an area, sorted: a county gives itself, even a former one; 'xx999' gives none.

    Metropolitan areas as of July 2023, none for a former area; 'USMSA' and its like give none (they are not one list).
    Fails with Missing for an unknown code.
    """
    if code in _counties():
        return (code,)
    if code in _zones():
        return _zones()[code].counties
    if code in _metros():
        return _metros()[code].counties
    if code == "US000":
        return tuple(item.code for item in counties() if item.is_current)
    if not is_known(code):
        raise _unknown(code)
    if code.endswith("000"):
        return tuple(item.code for item in counties() if item.state_code == code[:2] and item.is_current)
    return ()


def states_of(code: str) -> tuple[str, ...]:
    """The two-digit codes of the states that an area lies in, sorted; none for a national total."""
    if code[:2] in _states() and is_known(code):
        return (code[:2],)
    if code in _metros():
        letters = _metros()[code].title.rpartition(", ")[2].split("-")
        return tuple(sorted(_states_by_letters()[part].code for part in letters))
    return tuple(sorted({item[:2] for item in counties_of(code)})) if code in _zones() else ()


def find(name: str, definitions_dir: Path | None = None) -> list[Candidate]:
    """Areas by name, best first: counties, states, metropolitan areas, commuting zones, a team's own definitions.

    Forgiving: case, accents, 'county', 'OH' or 'Ohio'; a code is found too. `definitions_dir` is a folder of Region
    texts (files *.txt and *.toml), which is where workforce areas come from: no federal list of them exists.
    Fails with Missing, naming the nearest names, when nothing fits.
    """
    from sharedtable.lmi.places import finder  # the index of names is only built by those who search

    return finder.find(name, definitions_dir)


def _unknown(code: str) -> Missing:
    return Missing(
        f"There is no area {code}. A county has five digits, such as 39041, and a state 39000. Check the code."
    )


def _read(name: str) -> list[list[str]]:
    text = files("sharedtable.lmi").joinpath("reference", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]


@cache
def _states() -> dict[str, State]:
    return {code: State(code, abbr, name) for code, abbr, name in _read("states.tsv")}


@cache
def _states_by_letters() -> dict[str, State]:
    return {item.abbr: item for item in _states().values()}


@cache
def _counties() -> dict[str, County]:
    found = {}
    for code, name, abbr, lat, lon, cbsa, zone, first, last, after in _read("counties.tsv"):
        found[code] = County(
            code=code,
            name=name,
            state_code=code[:2],
            state_abbr=abbr,
            lat=float(lat) if lat else None,
            lon=float(lon) if lon else None,
            metro_code=_metro_codes()[cbsa] if cbsa else None,
            zone_code=zone or None,
            first_year=int(first) if first else None,
            last_year=int(last) if last else None,
            replaced_by=tuple(after.split()),
        )
    return found


@cache
def _metro_rows() -> list[list[str]]:
    return _read("metros.tsv")


@cache
def _metro_codes() -> dict[str, str]:
    """Federal code → QCEW code. Two pairs of micropolitan areas share four digits: the later keeps all five."""
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for key, *_ in _metro_rows():
        short = key if key.startswith("CS") else f"C{key[:4]}"
        codes[key] = short if short not in taken else f"C{key}"
        taken.add(short)
    return codes


@cache
def _metros() -> dict[str, Metro]:
    members: dict[str, list[str]] = defaultdict(list)
    combined = {_metro_codes()[key]: csa for key, _, _, _, csa in _metro_rows() if csa}
    for item in counties():
        if item.metro_code is not None:
            members[item.metro_code].append(item.code)
            if item.metro_code in combined:
                members[combined[item.metro_code]].append(item.code)
    found = {}
    for key, kind, title, is_current, csa in _metro_rows():
        code = _metro_codes()[key]
        found[code] = Metro(
            code=code,
            cbsa_code=None if kind == "combined" else key,
            kind=kind,
            title=title,
            is_current=is_current == "1",
            combined_code=csa or None,
            counties=tuple(sorted(members[code])) if is_current == "1" else (),
        )
    return dict(sorted(found.items()))


@cache
def _zones() -> dict[str, Zone]:
    members: dict[str, list[str]] = defaultdict(list)
    for item in counties():
        if item.zone_code is not None and item.is_current:
            members[item.zone_code].append(item.code)
    return {code: Zone(code, title, tuple(sorted(members[code]))) for code, title in _read("zones.tsv")}
