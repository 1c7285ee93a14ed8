"""What the page Region shows: counties to choose from, what a region holds, which borders it crosses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.lmi.definitions import Region
from sharedtable.lmi.places import areas, finder, shapes
from sharedtable.lmi.store import Store
from sharedtable.studies import map_view
from sharedtable.studies.models import Definition
from sharedtable.studies.questions import open_store
from sharedtable.studies.tenancy import OWN_FIRST, seen_by

MAP_LICENCE = shapes.LICENCE
NO_YEAR = 2100  # with nothing loaded, the newest counties are offered
Kind = Definition.Kind


@dataclass(frozen=True)
class Totals:
    """All jobs (ownership 0, industry 10) of every loaded area in the newest year; None where they are withheld."""

    year: int | None
    jobs: Mapping[str, int | None]


@dataclass(frozen=True)
class Choice:
    """A county in the list. `jobs` None: withheld or not loaded, `is_loaded` tells which."""

    code: str
    name: str
    jobs: int | None
    is_loaded: bool
    is_chosen: bool
    years: str


@dataclass(frozen=True)
class Group:
    """The counties of one state in the list."""

    title: str
    choices: Sequence[Choice]
    is_home: bool

    @property
    def chosen(self) -> int:
        """How many of them are in the region."""
        return sum(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True)
class Part:
    """A jurisdiction that a region touches: how many of the region's counties lie in it, and whether it is cut."""

    title: str
    counties: int
    is_partly: bool = False


@dataclass(frozen=True)
class Summary:
    """What a region is. `jobs` None: not one of its areas has a published total; `is_least`: some are not in it."""

    region: Region
    year: int | None
    jobs: int | None
    is_least: bool
    states: Sequence[Part]
    metros: Sequence[Part]
    zones: Sequence[Part]
    outside_metros: int
    not_loaded: Sequence[tuple[str, str]]
    withheld: Sequence[str]
    problems: Sequence[str]

    @property
    def is_ready(self) -> bool:
        """Whether every area has figures, so that the region's industries can be shown."""
        return self.year is not None and not self.not_loaded


@dataclass(frozen=True)
class Found:
    """An area that a name may mean. `kind` as `finder` names it, or `saved`."""

    kind: str
    title: str
    areas: tuple[str, ...]
    counties: int
    state_code: str
    slug: str = ""


def totals() -> Totals:
    """The totals of the newest loaded year; empty when nothing is loaded."""
    try:
        store = open_store()
    except Missing:
        return Totals(None, {})
    years = store.years("qcew")
    return _totals(store.root, store.revision, years[-1]) if years else Totals(None, {})


@lru_cache(maxsize=4)
def _totals(root: Path, revision: str, year: int) -> Totals:
    store = Store(root)
    rows = (
        store.cursor()
        .execute(
            "SELECT area_code, employment_jobs FROM read_parquet(?) WHERE own_code = 0 AND industry_code = '10' "
            "AND level_code % 10 = 0",
            [str(store.path("qcew", year))],
        )
        .fetchall()
    )
    return Totals(year, dict(rows))


def region_from(codes: Iterable[str], name: str = "") -> Region | None:
    """The region of those areas; None without any. Fails with Refused when a code is not known or two overlap."""
    listed = [code.strip().upper() for text in codes for code in text.replace(";", ",").replace(" ", ",").split(",")]
    kept = list(dict.fromkeys(code for code in listed if code))
    return Region.of(kept, name.strip() or None) if kept else None


def without_overlap(codes: Sequence[str]) -> tuple[str, ...]:
    """Whole states and metropolitan areas taken apart into their counties, so that single ones can be changed."""
    return tuple(sorted({county for code in codes for county in areas.counties_of(code)}))


def state_code(text: str) -> str | None:
    """Two digits for 'OH', '39' or '39000'; None for an empty text. Fails with Missing for an unknown state."""
    return areas.state(text.strip()).code if text.strip() else None


def home_state(region: Region) -> str | None:
    """The state that holds most of a region's counties."""
    counted: dict[str, int] = {}
    for code in region.counties or region.areas:
        if code[:2].isdigit():
            counted[code[:2]] = counted.get(code[:2], 0) + 1
    return max(counted, key=lambda code: counted[code]) if counted else None


def states() -> list[tuple[str, str, bool]]:
    """Letters and name of every state, and whether it can be drawn."""
    return [(state.abbr, state.name, map_view.has_map(state.code)) for state in areas.states()]


def groups(state: str | None, region: Region | None) -> list[Group]:
    """The counties to choose from: a state's own, its neighbours in view, and those chosen elsewhere."""
    known = totals()
    year = known.year or NO_YEAR
    chosen = frozenset(region.counties) if region else frozenset()
    offered: dict[str, None] = dict.fromkeys(sorted(chosen))
    if state:
        offered.update(dict.fromkeys(c.code for c in areas.counties() if c.state_code == state and not c.replaced_by))
        if map_view.has_map(state):
            offered.update(dict.fromkeys(map_view.state_view(state, year).codes))
    by_state: dict[str, list[Choice]] = {}
    for code in offered:
        county = areas.county(code)
        by_state.setdefault(county.state_code, []).append(
            Choice(code, county.name, known.jobs.get(code), code in known.jobs, code in chosen, _years(county))
        )
    order = sorted(by_state, key=lambda item: (item != state, areas.state(item).name))
    return [
        Group(
            areas.state(item).name,
            sorted(
                by_state[item], key=lambda choice: (not choice.is_chosen, not _is_of(choice.code, year), choice.name)
            ),
            item == state,
        )
        for item in order
    ]


def _is_of(code: str, year: int) -> bool:
    """Whether the figures of a year have that county; in Connecticut some end and others begin in 2024."""
    county = areas.county(code)
    return (county.first_year or 0) <= year <= (county.last_year or NO_YEAR)


def _years(county: areas.County) -> str:
    if county.last_year:
        return _("figures up to %(year)d") % {"year": county.last_year}
    return _("figures from %(year)d on") % {"year": county.first_year} if county.first_year else ""


def summary(region: Region) -> Summary:
    """What a region holds and crosses. Never fails for want of figures: it says what is missing."""
    known = totals()
    year = known.year
    crossing = region.crosses()
    loaded = [code for code in region.areas if code in known.jobs]
    values = [known.jobs[code] for code in loaded]
    withheld = [areas.area_title(code) for code in loaded if known.jobs[code] is None]
    published = [value for value in values if value is not None]
    counted = crossing.counties_in
    partly = set(crossing.partly)

    def parts(titles: Mapping[str, str]) -> list[Part]:
        made = [Part(_bare(title), counted.get(code, 0), code in partly) for code, title in titles.items()]
        return sorted(made, key=lambda part: (-part.counties, part.title))

    return Summary(
        region=region,
        year=year,
        jobs=sum(published) if published else None,
        is_least=len(published) < len(region.areas),
        states=parts(crossing.states),
        metros=parts(crossing.metros),
        zones=parts(crossing.zones),
        outside_metros=len(crossing.outside_metros),
        not_loaded=[(code, areas.area_title(code)) for code in region.areas if code not in known.jobs],
        withheld=withheld,
        problems=_problems(region, year) if year else (),
    )


def _bare(title: str) -> str:
    """A title without the kind in brackets: the heading above says it, in the reader's language."""
    return title.partition(" (")[0]


def _problems(region: Region, year: int) -> tuple[str, ...]:
    if not region.problems(year):
        return ()
    if year >= 2024:
        return (
            _(
                "This region names counties of Connecticut. From 2024 on the figures follow nine planning regions with "
                "other borders, so for %(year)d choose among the planning regions."
            )
            % {"year": year},
        )
    return (
        _(
            "This region names planning regions of Connecticut. They have figures from 2024 on only, so for %(year)d "
            "choose among the eight counties, whose borders differ."
        )
        % {"year": year},
    )


def search(text: str, by: Actor) -> list[Found]:
    """What a name may mean: kept regions first, then areas, best first. Fails with Missing when nothing fits."""
    wanted = text.strip()
    if len(wanted) > 120:
        raise Refused(_("That name is too long. Type a few words of it."))
    kept = [
        Found("saved", item.name, region.areas, len(region.counties), home_state(region) or "", item.slug)
        for item in saved(by)
        if wanted.casefold() in item.name.casefold()
        for region in (Region.parse(item.text),)
    ]
    try:
        listed = finder.find(wanted, _definitions_dir())
    except Missing:
        if kept:
            return kept
        raise
    made = []
    for item in listed:
        code = item.counties[0][:2] if item.counties else item.areas[0][:2]
        made.append(Found(item.kind, _bare(item.title), item.areas, len(item.counties), code if code.isdigit() else ""))
    return [*kept, *made]


def _definitions_dir() -> Path | None:
    folder = Path(settings.DATA) / "definitions"
    return folder if folder.is_dir() else None


def saved(by: Actor, kind: str = Kind.REGION) -> list[Definition]:
    """The newest version of every kept definition of a kind that the actor sees, by name; a team's own comes first."""
    newest: dict[str, Definition] = {}
    for item in Definition.objects.filter(seen_by(by), kind=kind).order_by("slug", OWN_FIRST, "-version"):
        newest.setdefault(item.slug, item)
    return sorted(newest.values(), key=lambda item: item.name.casefold())


def versions(by: Actor, kind: str, slug: str) -> list[Definition]:
    """Every version of a kept definition, newest first: the team's own, else the installation's.

    Fails with Missing when the actor sees none.
    """
    seen = list(Definition.objects.filter(seen_by(by), kind=kind, slug=slug).order_by(OWN_FIRST, "-version"))
    found = [item for item in seen if item.space_id == seen[0].space_id]
    if not found:
        raise Missing(_("No definition is kept under that name. It may never have been saved here."))
    return found


def as_region(definition: Definition) -> Region:
    """The region of a kept definition."""
    return Region.parse(definition.text)


def parse_region(text: str) -> Region:
    """A region from its plain-text form. Fails with Refused, naming the line or key that is wrong."""
    return Region.parse(text)


def changes(regions: Sequence[Region]) -> list[tuple[list[str], list[str]]]:
    """What each version (newest first) took in and left out against the one before it, as titles."""
    found: list[tuple[list[str], list[str]]] = []
    for newer, older in zip(regions, [*regions[1:], None], strict=True):
        before = set(older.areas) if older else set(newer.areas)
        now = set(newer.areas)
        found.append(
            ([areas.area_title(c) for c in sorted(now - before)], [areas.area_title(c) for c in sorted(before - now)])
        )
    return found
