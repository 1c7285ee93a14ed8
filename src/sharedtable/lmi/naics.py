"""NAICS as the QCEW uses it: codes, titles, hierarchy, and what may be compared across its revisions.

Codes are text ('31-33', '3261', '238111'). Four vintages: 2007, 2012, 2017, 2022. Two departures from the
Census lists, both the QCEW's own: under 238 the six-digit codes are residential and nonresidential halves
(238111 and 238112 for NAICS 238110), and 99 with its shadows at each depth is "unclassified".
'10' (all industries) and the domains and supersectors 101 to 1029 have a title and leaves, but are outside
the tree of sectors: they are nobody's parent and never part of a cover.

Source: U.S. Census Bureau code lists and concordances, BLS industry titles; see reference/SOURCES.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from sharedtable.errors import Missing

VINTAGES: tuple[int, ...] = (2007, 2012, 2017, 2022)
TOTAL = "10"

# The BLS definition of domains and supersectors, by the sectors in them.
SUPERSECTORS: dict[str, tuple[str, ...]] = {
    "1011": ("11", "21"),
    "1012": ("23",),
    "1013": ("31-33",),
    "1021": ("22", "42", "44-45", "48-49"),
    "1022": ("51",),
    "1023": ("52", "53"),
    "1024": ("54", "55", "56"),
    "1025": ("61", "62"),
    "1026": ("71", "72"),
    "1027": ("81",),
    "1028": ("92",),
    "1029": ("99",),
}
_RANGES = {"31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49", "49": "48-49"}


@dataclass(frozen=True)
class Translation:
    """Six-digit codes of one vintage seen from another.

    `leaves`: every code of the other vintage that holds any part of them. `is_comparable`: those hold nothing
    else, so figures of the two vintages may stand in one series. `reason`: when not comparable, one plain
    sentence that names the codes; else None.
    """

    leaves: frozenset[str]
    is_comparable: bool
    reason: str | None


@dataclass(frozen=True)
class _Tree:
    titles: dict[str, str]
    by_digits: dict[int, tuple[str, ...]]
    children: dict[str, tuple[str, ...]]
    leaves: dict[str, frozenset[str]]


@dataclass(frozen=True)
class _Links:
    forward: dict[str, frozenset[str]]
    backward: dict[str, frozenset[str]]


def vintage_of_year(year: int) -> int:
    """The NAICS vintage by which the QCEW coded a year. Fails with Missing before 2007."""
    if year < VINTAGES[0]:
        raise Missing(
            f"Industries of {year} follow an older NAICS than {VINTAGES[0]}, which is not included. "
            f"Choose {VINTAGES[0]} or a later year."
        )
    # The QCEW takes up each revision with first-quarter data, 2012's one year early.
    return 2022 if year >= 2022 else 2017 if year >= 2017 else 2012 if year >= 2011 else 2007


def digits_of(code: str) -> int:
    """Depth of a code in digits: '31-33' → 2, '3261' → 4. '10' counts as 0 and 1013 as 1."""
    if code == TOTAL:
        return 0
    if code.startswith(TOTAL):
        return 1
    return 2 if "-" in code else len(code)


def codes(vintage: int, digits: int) -> tuple[str, ...]:
    """All codes of a vintage at a depth of 2 to 6 digits, sorted; '99…' included, '10' and 101 to 1029 not."""
    by_digits = _tree(vintage).by_digits
    if digits not in by_digits:
        raise Missing(f"There is no NAICS depth of {digits} digits. Choose 2, 3, 4, 5 or 6.")
    return by_digits[digits]


def is_known(code: str, vintage: int) -> bool:
    """Whether the QCEW can hold this code in this vintage ('10' and 101 to 1029 included)."""
    return code in _tree(vintage).titles


def title(code: str, vintage: int) -> str:
    """The official title (the QCEW's own for 238xxx, 99 and the totals). Fails with Missing for an unknown code."""
    titles = _tree(vintage).titles
    if code not in titles:
        raise _unknown(code, vintage)
    return titles[code]


def parent(code: str, vintage: int) -> str | None:
    """The code one digit shorter; the sector for a three-digit code; None for a sector, '10' and 101 to 1029."""
    if not is_known(code, vintage):
        raise _unknown(code, vintage)
    depth = digits_of(code)
    if depth <= 2:
        return None
    return _RANGES.get(code[:2], code[:2]) if depth == 3 else code[:-1]


def children(code: str, vintage: int) -> tuple[str, ...]:
    """The codes one digit longer, sorted; the sectors for '10' and a supersector; none for a six-digit code."""
    if not is_known(code, vintage):
        raise _unknown(code, vintage)
    if code == TOTAL:
        return _tree(vintage).by_digits[2]
    if digits_of(code) == 1:
        return tuple(sector for sector in _tree(vintage).by_digits[2] if sector in _sectors_of(code))
    return _tree(vintage).children.get(code, ())


def leaves(code: str, vintage: int) -> frozenset[str]:
    """The six-digit QCEW codes under a code (a six-digit code gives itself; '10' gives all)."""
    tree = _tree(vintage)
    if code in tree.leaves:
        return tree.leaves[code]
    if code in tree.titles:
        return frozenset().union(*(tree.leaves[sector] for sector in children(code, vintage)))
    raise _unknown(code, vintage)


def leaves_with_prefix(prefix: str, vintage: int) -> frozenset[str]:
    """The six-digit codes that begin with these digits; empty when none does."""
    return frozenset(leaf for leaf in _tree(vintage).by_digits[6] if leaf.startswith(prefix))


def cover(leaf_codes: Iterable[str], vintage: int) -> tuple[str, ...]:
    """The fewest codes whose leaves are exactly these six-digit codes, sorted; a chain of equals gives its highest.

    Fails with Missing when a code is no six-digit code of the vintage. '10' is never used.
    """
    wanted = frozenset(leaf_codes)
    tree = _tree(vintage)
    for leaf in sorted(wanted):
        if tree.leaves.get(leaf) != frozenset({leaf}):
            raise _unknown(leaf, vintage)
    found: list[str] = []
    left = wanted
    for digits in (2, 3, 4, 5, 6):
        if not left:
            break
        # Only ancestors of what is left can fit; the first fit from above is the highest.
        for code in {_ancestor(leaf, digits) for leaf in left}:
            if tree.leaves[code] <= left:
                found.append(code)
        left -= frozenset().union(*(tree.leaves[code] for code in found))
    return tuple(sorted(found))


def translate(leaf_codes: Iterable[str], from_vintage: int, to_vintage: int) -> Translation:
    """Six-digit codes of one vintage in the terms of another, through every vintage between.

    Comparable if the set is closed at each step: the industries it becomes hold nothing but it (renaming, merging
    inside the set and splitting inside the set are all fine). A part that moves out or in makes it incomparable.
    Fails with Missing for a code that the first vintage does not have.
    """
    current = frozenset(leaf_codes)
    known = _tree(from_vintage).leaves
    for leaf in sorted(current):
        if known.get(leaf) != frozenset({leaf}):
            raise _unknown(leaf, from_vintage)
    _check_vintage(to_vintage)
    reason: str | None = None
    step = 1 if to_vintage > from_vintage else -1
    path = VINTAGES[VINTAGES.index(from_vintage) :: step]
    for here, there in pairwise(path):
        if here == to_vintage:
            break
        out, back = _maps(here, there)
        image = frozenset().union(*(out.get(leaf, frozenset({leaf})) for leaf in current))
        returned = frozenset().union(*(back.get(leaf, frozenset({leaf})) for leaf in image))
        if returned != current and reason is None:
            reason = _why(current, image, here, there)
        current = image
    return Translation(current, reason is None, reason)


def series_map(digits: int, from_vintage: int, to_vintage: int) -> dict[str, tuple[str, ...] | None]:
    """For each code of `from_vintage` at a depth: the fewest codes of `to_vintage` that hold exactly the same, or None.

    None means that a split makes the two incomparable (`translate` gives the reason). Where several depths name
    the same industry (8141 and 814), the code whose depth is nearest to `digits` is given.
    """
    return dict(_series_map(digits, from_vintage, to_vintage))


@cache
def _series_map(digits: int, from_vintage: int, to_vintage: int) -> dict[str, tuple[str, ...] | None]:
    result: dict[str, tuple[str, ...] | None] = {}
    for code in codes(from_vintage, digits):
        there = translate(leaves(code, from_vintage), from_vintage, to_vintage)
        if not there.is_comparable:
            result[code] = None
            continue
        result[code] = tuple(sorted(_deepen(item, digits, to_vintage) for item in cover(there.leaves, to_vintage)))
    return result


def _deepen(code: str, digits: int, vintage: int) -> str:
    below = children(code, vintage)
    while digits_of(code) < digits and len(below) == 1:
        code, below = below[0], children(below[0], vintage)
    return code


def _why(selected: frozenset[str], image: frozenset[str], here: int, there: int) -> str:
    """One sentence for the first change that crosses the border of the selection, and how many more there are."""
    old, new = min(here, there), max(here, there)
    forward, backward = _maps(old, new)
    old_side, new_side = (selected, image) if here == old else (image, selected)
    split, joined = [], []
    for before in sorted(old_side):
        into = forward.get(before, frozenset({before}))
        if not into <= new_side or (len(into) > 1 and any(_outside(after, backward, old_side) for after in into)):
            split.append(before)
    for after in sorted(new_side):
        if _outside(after, backward, old_side):
            joined.append(after)
    more = len(split) + len(joined) - 1
    tail = "" if more <= 0 else f" ({more} more such changes)" if more > 1 else " (and one more such change)"
    if split:
        before = split[0]
        into = forward[before]
        head = f"In {new} NAICS {_short({before}, old)} ({title(before, old)}) was split among {_short(into, new)}"
        if here == old:
            return f"{head}, where other industries are counted too{tail}."
        return f"{head}; this selection holds only {_short(into & new_side, new)}{tail}."
    after = joined[0]
    others = backward[after] - old_side
    return (
        f"In {new} NAICS {_short({after}, new)} ({title(after, new)}) also took in part or all of "
        f"{_short(others, old)}, which {'is' if len(others) == 1 else 'are'} not in this selection{tail}."
    )


def _outside(after: str, backward: dict[str, frozenset[str]], old_side: frozenset[str]) -> bool:
    return not backward.get(after, frozenset({after})) <= old_side


def _short(leaf_codes: Iterable[str], vintage: int, most: int = 5) -> str:
    """Codes as a person lists them: the highest that fit, the first few by name, the rest by number."""
    wanted = sorted(leaf_codes)
    found = list(cover(wanted, vintage))
    if len(found) == 1 < len(wanted):
        found = wanted  # "split among 51712" would hide the two codes that the sentence is about
    if len(found) > most:
        found = [*found[: most - 1], f"{len(found) - most + 1} more"]
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " and " + found[-1]


def _ancestor(leaf: str, digits: int) -> str:
    return _RANGES.get(leaf[:2], leaf[:2]) if digits == 2 else leaf[:digits]


def _sectors_of(code: str) -> frozenset[str]:
    if code in SUPERSECTORS:
        return frozenset(SUPERSECTORS[code])
    # The domains: goods (101) are supersectors 1011 to 1013, services (102) are 1021 to 1029.
    return frozenset(sector for key, sectors in SUPERSECTORS.items() if key.startswith(code) for sector in sectors)


def _unknown(code: str, vintage: int) -> Missing:
    if code in _RANGES:
        return Missing(f"NAICS has no sector {code}. It is part of {_RANGES[code]}.")
    if code.startswith("238") and len(code) == 6 and code.endswith("0"):
        return Missing(
            f"The QCEW has no code {code}: it publishes {code[:5]}1 (residential) and {code[:5]}2 (nonresidential). "
            f"Use {code[:5]} for both."
        )
    others = [str(other) for other in VINTAGES if other != vintage and code in _tree(other).titles]
    if others:
        return Missing(
            f"NAICS {vintage} has no industry {code}; NAICS {' and '.join(others)} did. Choose another code."
        )
    return Missing(f"There is no NAICS industry {code}. Check the code.")


def _check_vintage(vintage: int) -> None:
    if vintage not in VINTAGES:
        raise Missing(f"There is no NAICS vintage {vintage} here. There are {', '.join(map(str, VINTAGES))}.")


def _maps(here: int, there: int) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Links from one vintage to its neighbour, and back. A code without an entry is linked to itself alone."""
    links = _links(min(here, there))
    return (links.forward, links.backward) if here < there else (links.backward, links.forward)


def _read(name: str) -> list[list[str]]:
    text = files("sharedtable.lmi").joinpath("reference", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]


@cache
def _rows() -> list[list[str]]:
    return _read("naics.tsv")


@cache
def _tree(vintage: int) -> _Tree:
    _check_vintage(vintage)
    mark = str(vintage)[2:]
    titles = {code: text for code, vintages, text in _rows() if mark in vintages}
    by_digits: dict[int, list[str]] = {digits: [] for digits in (2, 3, 4, 5, 6)}
    below: dict[str, list[str]] = defaultdict(list)
    under: dict[str, set[str]] = defaultdict(set)
    for code in sorted(titles):
        depth = digits_of(code)
        if depth < 2:
            continue
        by_digits[depth].append(code)
        if depth > 2:
            below[_ancestor(code, 2) if depth == 3 else code[:-1]].append(code)
        if depth == 6:
            for digits in (2, 3, 4, 5, 6):
                under[_ancestor(code, digits)].add(code)
    return _Tree(
        titles,
        {digits: tuple(found) for digits, found in by_digits.items()},
        {code: tuple(found) for code, found in below.items()},
        {code: frozenset(found) for code, found in under.items()},
    )


@cache
def _links(old: int) -> _Links:
    forward: dict[str, set[str]] = defaultdict(set)
    backward: dict[str, set[str]] = defaultdict(set)
    for from_vintage, before, _, after in _read("naics_links.tsv"):
        if from_vintage == str(old):
            forward[before].add(after)
            backward[after].add(before)
    return _Links(
        {code: frozenset(found) for code, found in forward.items()},
        {code: frozenset(found) for code, found in backward.items()},
    )
