"""Find an area by its name, as people write it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.definitions import Region
from sharedtable.lmi.places import areas

# Words that say what kind of area is meant; they are no part of a name.
_KIND_WORDS = {
    "county": "county",
    "parish": "county",
    "borough": "county",
    "municipio": "county",
    "metro": "metro",
    "metropolitan": "metro",
    "msa": "metro",
    "micro": "micro",
    "micropolitan": "micro",
    "csa": "combined",
    "combined": "combined",
    "zone": "zone",
    "cz": "zone",
    "commuting": "zone",
    "statewide": "state",
}
_FILLERS = frozenset(
    {"area", "statistical", "census", "planning", "region", "municipality", "and", "the", "of", "city"}
)
# When two kinds fit equally well, people mean the one that comes first.
_ORDER = ("definition", "state", "county", "metro", "micro", "combined", "zone")
_EXACT, _SAME_NAME, _PART, _BEGINS, _CONTAINS, _OTHER_KIND = 100, 95, 90, 80, 70, 25
_MOST = 12


@dataclass(frozen=True)
class Candidate:
    """An area that a name may mean.

    `kind`: definition, state, county, metro, micro, combined or zone. `code`: its code, for a definition its file name.
    `areas`: the QCEW codes that make it up (a state is its own code, everything else its counties). `counties`: the
    counties on the map. `score`: 0 to 100, how well the name fits.
    """

    kind: str
    code: str
    title: str
    areas: tuple[str, ...]
    counties: tuple[str, ...]
    score: int


@dataclass(frozen=True)
class _Entry:
    kind: str
    code: str
    full: str
    core: str
    first: str
    parts: frozenset[str]
    states: frozenset[str]


def find(name: str, definitions_dir: Path | None = None) -> list[Candidate]:
    """Candidates for a name, best first, at most 12; see `areas.find`."""
    own = _definitions(definitions_dir)
    asked = _plain(name)
    if not asked:
        raise Missing("No name was given. Give the name of a county, a state or a metropolitan area.")
    exact_code = name.strip().upper()
    known = [entry for entry in _index() if entry.code == exact_code]
    if known:
        return [_candidate(known[0], 100)]
    hint = next((_KIND_WORDS[word] for word in asked.split() if word in _KIND_WORDS), None)
    rest, state = _split_state(asked)
    found = [
        (score, own[entry.code][0], entry)
        for entry, score in _scored(asked, "", None, None, [e for _, e in own.values()])
    ]
    best: list[Candidate] = [
        Candidate("definition", entry.code, region.name, region.areas, region.counties, score)
        for score, region, entry in found
    ]
    tries = [(rest, state), (asked, None)] if state and rest else [(asked, None)]
    seen: dict[str, int] = {}
    entries = {entry.code: entry for entry in _index()}
    for words, within in tries:
        for entry, score in _scored(words, _core(words), hint, within, _index()):
            seen[entry.code] = max(score, seen.get(entry.code, 0))
    best += [_candidate(entries[code], score) for code, score in seen.items()]
    if not best:
        raise Missing(_nobody(name, asked, [e for _, e in own.values()]))
    best.sort(key=lambda item: (-item.score, _ORDER.index(item.kind), item.title))
    return best[:_MOST]


def find_one(name: str, definitions_dir: Path | None = None) -> Candidate:
    """The one area that a name means. Fails with Missing when it means none, or several equally well.

    Also where a county and a metropolitan area of one name have the same borders today: they need not keep them.

    A state's own name means the state; combined areas and commuting zones are meant only by those words.
    """
    found = find(name, definitions_dir)
    best = found[0]
    rivals = [item for item in found[1:] if item.score == best.score]
    if best.kind in ("definition", "state"):
        rivals = []
    if rivals:
        names = [item.title for item in (best, *rivals)][:6]
        raise Missing(
            f"“{name.strip()}” can mean several areas: {'; '.join(names)}. "
            "Add the state, the word county or metro, or give a code."
        )
    return best


def _scored(
    words: str, core: str, hint: str | None, state: str | None, entries: list[_Entry] | tuple[_Entry, ...]
) -> list[tuple[_Entry, int]]:
    result = []
    wanted = set((core or words).split())
    for entry in entries:
        if state is not None and state not in entry.states:
            continue
        is_named = entry.kind in ("metro", "micro", "combined", "zone")
        if words == entry.full and not is_named:
            score = _EXACT
        elif core and {core, words} & {entry.core, entry.first} and entry.kind != "state":
            score = _EXACT if is_named and entry.kind == hint else _SAME_NAME
        elif core and {core, words} & entry.parts:
            score = _PART
        elif wanted and entry.full.startswith((core or words) + " ") and entry.kind != "state":
            score = _BEGINS
        elif wanted and wanted <= set(entry.full.split()):
            score = _CONTAINS
        else:
            continue
        if entry.kind in ("combined", "zone") and entry.kind != hint:
            score -= _OTHER_KIND  # these are meant only when they are asked for
        elif hint is not None and entry.kind != hint and score != _EXACT:
            score -= _OTHER_KIND
        result.append((entry, score))
    return result


def _plain(text: str) -> str:
    """Lower case, no accents, words parted by one space, 'saint' as 'st'."""
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch)).lower()
    words = re.sub(r"[^a-z0-9]+", " ", bare.replace("'", "").replace("’", "")).split()
    return " ".join("st" if word == "saint" else "ste" if word == "sainte" else word for word in words)


def _core(words: str) -> str:
    """The words that make the name, without those that say what kind it is."""
    kept = [word for word in words.split() if word not in _KIND_WORDS and word not in _FILLERS]
    return " ".join(kept) or words


def _split_state(words: str) -> tuple[str, str | None]:
    """('delaware', '39') for 'delaware ohio' and 'delaware oh'; kind words after the state do not hide it."""
    kept = words.split()
    while len(kept) > 1 and (kept[-1] in _KIND_WORDS or kept[-1] in _FILLERS) and kept[-1] != "city":
        kept.pop()
    tail = words.split()[len(kept) :]
    for count in (3, 2, 1):
        if len(kept) > count:
            code = _state_names().get(" ".join(kept[-count:]))
            if code is not None:
                return " ".join([*kept[:-count], *tail]), code
    return words, None


@cache
def _state_names() -> dict[str, str]:
    names = {_plain(item.name): item.code for item in areas.states()}
    return names | {item.abbr.lower(): item.code for item in areas.states()}


@cache
def _index() -> tuple[_Entry, ...]:
    entries = []
    for item in areas.states():
        name = _plain(item.name)
        entries.append(
            _Entry("state", item.area_code, name, name, name, frozenset({item.abbr.lower()}), frozenset({item.code}))
        )
    for place in areas.counties():
        name = _plain(place.name)
        entries.append(
            _Entry("county", place.code, name, _core(name), _core(name), frozenset(), frozenset({place.state_code}))
        )
    for metro in areas.metros():
        if metro.is_current:
            entries.append(_by_places(metro.kind, metro.code, metro.title))
    for zone in areas.zones():
        entries.append(_by_places("zone", zone.code, zone.title))
    return tuple(entries)


def _by_places(kind: str, code: str, title: str) -> _Entry:
    """'Nashville-Davidson--Murfreesboro, TN' is also found by each of its places."""
    places, _, letters = title.rpartition(", ")
    parts = [_plain(place) for place in re.split(r"-+|/", places)]
    name = _plain(places)
    within = frozenset(areas.state(part).code for part in letters.split("-"))
    return _Entry(kind, code, name, name, parts[0], frozenset(parts), within)


def _candidate(entry: _Entry, score: int) -> Candidate:
    members = areas.counties_of(entry.code)
    whole = (entry.code,) if entry.kind == "state" else members
    return Candidate(entry.kind, entry.code, areas.area_title(entry.code), whole, members, score)


def _nobody(name: str, asked: str, own: list[_Entry]) -> str:
    rest, state = _split_state(asked)
    core = _core(rest if state and rest else asked)
    pool: dict[str, str] = {}
    for entry in (*_index(), *own):
        if state is None or state in entry.states:
            for word in (entry.core, *entry.parts):
                pool.setdefault(word, entry.code if entry in own else areas.area_title(entry.code))
    near = dict.fromkeys(pool[word] for word in difflib.get_close_matches(core, pool, n=4, cutoff=0.7))
    hint = f" Did you mean {'; '.join(near)}?" if near else " Give a county, a state, a metropolitan area or a code."
    return f"No area is called “{name.strip()}”.{hint}"


def _definitions(folder: Path | None) -> dict[str, tuple[Region, _Entry]]:
    """The regions that a team wrote down, by file name."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise Missing(f"There is no folder of definitions at {folder}. Make it, or leave it out.")
    found = {}
    for path in sorted((*folder.glob("*.txt"), *folder.glob("*.toml"))):
        try:
            text = path.read_text(encoding="utf-8")
            if 'kind = "sector"' in text:
                continue
            region = Region.parse(text)
        except (Refused, UnicodeDecodeError, OSError) as why:
            raise Refused(f"The definition file {path.name} cannot be used. {why}") from why
        name = _plain(region.name)
        found[path.name] = (
            region,
            _Entry("definition", path.name, name, name, name, frozenset(), frozenset(region.states)),
        )
    return found
