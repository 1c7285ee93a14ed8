"""Where an industry's jobs are heading in a region, from the projections that states publish.

No national file holds industry projections for counties; states publish them for the state and for workforce areas, and
the template (`projections_template`) brings them in. A region gets the change of exactly its own areas when all of them
are in the file, else that of the smallest area of the file that holds it, which is then named; else nothing, with the
reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sharedtable.lmi import naics
from sharedtable.lmi.places import areas as areas_table
from sharedtable.lmi.workforce.outlook import MIX_LABEL, MixOutlook, occupation_mix_outlook
from sharedtable.lmi.workforce.projections_template import COLUMNS, HELP, check_rows, write_template
from sharedtable.lmi.workforce.staffing import remember

if TYPE_CHECKING:
    from sharedtable.lmi.definitions import Region
    from sharedtable.lmi.store import Store

__all__ = [
    "COLUMNS",
    "HELP",
    "MIX_LABEL",
    "Decline",
    "MixOutlook",
    "ProjectedChange",
    "check_rows",
    "is_declining",
    "occupation_mix_outlook",
    "projected_change",
    "write_template",
]


@dataclass(frozen=True)
class ProjectedChange:
    """Projected change of an industry's jobs in a region, percent from `base_year` to `projected_year`.

    None with the reason in `note` when it is not known. `area_title` names the area that the number is for; it is the
    region itself when `is_exact`. `jobs_base` and `jobs_projected` are the sums behind it.
    """

    industry_code: str
    change_pct: float | None
    base_year: int | None = None
    projected_year: int | None = None
    jobs_base: int | None = None
    jobs_projected: int | None = None
    area_title: str | None = None
    is_exact: bool = False
    source: str | None = None
    source_address: str | None = None
    note: str = ""


@dataclass(frozen=True)
class _Cell:
    area: str
    industry: str
    base_year: int
    projected_year: int
    jobs_base: int | None
    jobs_projected: int | None
    source: str
    address: str | None
    title: str | None


_Group = Mapping[tuple[str, str], _Cell]


def projected_change(
    store: Store, region: Region, industry_codes: Iterable[str], *, year: int | None = None
) -> dict[str, ProjectedChange]:
    """Projected change of industries in a region, from the industry projections that are loaded.

    Takes: a region, NAICS codes, and the year of the figures beside which it will stand (a projection that ends by then
    is left out). Gives: one ProjectedChange for each code. The newest projection that answers is used; areas and years
    of different projections are never added. An industry that the file does not list is summed from its parts when it
    lists all of them; a broader industry never stands in. Source: the state's own projections, as filled in.
    """
    groups = remember((str(store.root), store.revision, "industry_projections"), lambda: _groups(store))
    if not groups:
        why = "No industry projections are loaded. A state or local office can fill in the template."
        return {code: ProjectedChange(code, None, note=why) for code in industry_codes}
    ahead = [cells for (_, projected_year, _), cells in groups if year is None or projected_year > year]
    if not ahead:
        why = f"The projections that are loaded end by {year}."
        return {code: ProjectedChange(code, None, note=why) for code in industry_codes}
    return {code: _change(region, code, ahead) for code in industry_codes}


def _groups(store: Store) -> list[tuple[tuple[int, int, str], _Group]]:
    """The cells of each projection (base year, projected year, source), newest first."""
    groups: dict[tuple[int, int, str], dict[tuple[str, str], _Cell]] = {}
    for year in store.years("industry_projections"):
        path = str(store.path("industry_projections", year))
        result = store.cursor().execute("select * from read_parquet(?)", [path])
        names = [column[0] for column in result.description or ()]
        for values in result.fetchall():
            row = dict(zip(names, values, strict=True))
            cell = _Cell(
                area=row["area_code"],
                industry=row["industry_code"],
                base_year=row["base_year"],
                projected_year=row["projected_year"],
                jobs_base=row["jobs_base"],
                jobs_projected=row["jobs_projected"],
                source=row["source_name"],
                address=row["source_address"] or None,
                title=row.get("area_title") or None,
            )
            groups.setdefault((cell.base_year, cell.projected_year, cell.source), {})[cell.area, cell.industry] = cell
    return sorted(groups.items(), key=lambda item: item[0], reverse=True)


def _change(region: Region, code: str, groups: Sequence[_Group]) -> ProjectedChange:
    # Exact in any projection beats a stand-in of a newer one: the region's own number answers the question asked.
    for exact in (True, False):
        for group in groups:
            areas = _own_areas(region, group) if exact else _holding_area(region, group)
            answer = _sum(code, areas, group) if areas else None
            if answer:
                return _answer(region, code, answer, exact)
    return ProjectedChange(code, None, note=_reason(region, code, groups))


def _own_areas(region: Region, group: _Group) -> tuple[str, ...]:
    listed = {area for area, _ in group}
    own = set(region.areas)
    whole = next((area for area in sorted(listed) if "+" in area and set(area.split("+")) == own), None)
    if whole:
        return (whole,)
    return tuple(sorted(own)) if own <= listed else ()


def _holding_area(region: Region, group: _Group) -> tuple[str, ...]:
    """The smallest area of the file that holds the whole region: a workforce or metropolitan area before a state."""
    fits = []
    for area in {area for area, _ in group}:
        members = {county for part in area.split("+") for county in (part, *areas_table.counties_of(part))}
        if area == "US000" or all(_is_inside(code, area, members) for code in region.areas):
            fits.append((len(members), area))
    return (min(fits)[1],) if fits else ()


def _is_inside(code: str, area: str, members: set[str]) -> bool:
    if area.endswith("000") and areas_table.states_of(code) == (area[:2],):
        return True
    counties = areas_table.counties_of(code)
    return code in members or (bool(counties) and members.issuperset(counties))


def _sum(code: str, areas: Sequence[str], group: _Group) -> list[_Cell] | None:
    """The cells that add up to the industry in these areas; None when any is absent or not published."""
    found: list[_Cell] = []
    for area in areas:
        cells = _parts(code, area, group)
        if cells is None:
            return None
        found += cells
    return found


def _parts(code: str, area: str, group: _Group) -> list[_Cell] | None:
    cell = group.get((area, code))
    if cell is not None:
        return [cell] if cell.jobs_base is not None and cell.jobs_projected is not None else None
    if not naics.is_known(code, naics.VINTAGES[-1]):
        return None
    below = naics.children(code, naics.VINTAGES[-1])
    if not below or code == naics.TOTAL:
        return None
    parts = [_parts(child, area, group) for child in below]
    return None if any(part is None for part in parts) else [cell for part in parts for cell in part or ()]


def _answer(region: Region, code: str, cells: Sequence[_Cell], exact: bool) -> ProjectedChange:
    base = sum(cell.jobs_base or 0 for cell in cells)
    ahead = sum(cell.jobs_projected or 0 for cell in cells)
    first = cells[0]
    title = region.name if exact else _area_title(first)
    notes = []
    if not exact:
        notes.append(
            f"This is the projection for {title}, which holds the region; the region's own is not in the file."
        )
    if any(cell.industry != code for cell in cells):
        notes.append("Summed from the industry's parts.")
    if base == 0:
        notes.append("There were no jobs in the base year, so a percentage cannot be given.")
    return ProjectedChange(
        industry_code=code,
        change_pct=round(100 * (ahead - base) / base, 1) if base else None,
        base_year=first.base_year,
        projected_year=first.projected_year,
        jobs_base=base,
        jobs_projected=ahead,
        area_title=title,
        is_exact=exact,
        source=first.source,
        source_address=first.address,
        note=" ".join(notes),
    )


def _area_title(cell: _Cell) -> str:
    if cell.title:
        return cell.title
    parts = cell.area.split("+")
    return areas_table.area_title(cell.area) if len(parts) == 1 else f"the workforce area of {len(parts)} counties"


def _reason(region: Region, code: str, groups: Sequence[_Group]) -> str:
    for group in groups:
        areas = _own_areas(region, group) or _holding_area(region, group)
        if not areas:
            continue
        if any((area, code) in group for area in areas):
            return f"The projections list {code} without published jobs for this region."
        return f"The projections that are loaded do not list industry {code} for this region."
    return "The projections that are loaded cover neither this region nor an area that holds all of it."


@dataclass(frozen=True)
class Decline:
    """Whether an industry is projected to shrink (None: not known), in one plain sentence, with the team's reason."""

    is_declining: bool | None
    sentence: str
    override_note: str = ""


def is_declining(change: ProjectedChange, override_note: str = "") -> Decline:
    """The warning of C08: a shrinking industry is not a good candidate, unless the team says why it chooses it.

    Takes: a ProjectedChange and the team's own reason to go ahead (blank: none). Gives: the flag and a sentence.
    """
    note = " ".join(override_note.split())
    if change.change_pct is None:
        return Decline(None, f"It is not known whether jobs here will grow or shrink. {change.note}".strip(), note)
    where = f"in {change.area_title} from {change.base_year} to {change.projected_year}"
    if change.change_pct >= 0:
        verb = "hold steady" if change.change_pct == 0 else f"grow {change.change_pct:.1f} %"
        return Decline(False, f"Jobs are projected to {verb} {where}.", note)
    warning = f"Jobs are projected to fall {-change.change_pct:.1f} % {where}"
    if note:
        return Decline(True, f"{warning}. The team chooses this industry all the same, because: {note}", note)
    return Decline(True, f"{warning}: not a good candidate, unless the team writes down why it is.", note)
