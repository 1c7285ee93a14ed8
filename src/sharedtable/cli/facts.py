"""`sharedtable facts`: fetch and load public labour-market data, and ask it about regions and sectors."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sharedtable.cli import data
from sharedtable.cli.asked import (
    Areas,
    BaseName,
    Criterion,
    Digits,
    FormatName,
    Industries,
    Out,
    Owner,
    RegionName,
    StoreFolder,
    Threshold,
    Year,
    region_of,
    regions_of,
    sector_of,
    weights_of,
)
from sharedtable.cli.output import Format, cell, emit
from sharedtable.errors import Refused
from sharedtable.lmi import profiles
from sharedtable.lmi import ranking as ranks
from sharedtable.lmi.sector_jobs import sector_occupations
from sharedtable.lmi.store import Store

app = typer.Typer(
    help="Public labour-market facts: which industries a region has, what they pay, where they grow, what is withheld.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

data.add_to(app)

RANK_COLUMNS = (
    ("rank", "#"),
    ("industry_code", "NAICS"),
    ("industry_title", "Industry"),
    ("employment_jobs", "Jobs"),
    ("employment_change_2y_pct", "2 years %"),
    ("employment_change_10y_pct", "Long %"),
    ("change_span_years", "over years"),
    ("location_quotient_ratio", "LQ"),
    ("location_quotient_then_ratio", "LQ then"),
    ("average_annual_pay_usd", "Pay $"),
    ("establishments", "Places"),
    ("jobs_per_establishment", "Jobs/place"),
    ("projected_change_pct", "Projected %"),
    ("withheld_cells", "Withheld cells"),
)


@app.command("rank")
def rank_command(
    areas: Areas = None,
    region: RegionName = None,
    industries: Industries = None,
    digits: Digits = 4,
    year: Year = None,
    ownership: Owner = "private",
    base: BaseName = "us",
    weight: Annotated[
        list[Criterion] | None,
        typer.Option(help="How much a criterion counts, as size=2; also wages, concentration, growth. Repeat it."),
    ] = None,
    threshold: Threshold = None,
    withheld_limit: Annotated[
        float, typer.Option(help="List an industry apart when more than this percentage of it may be withheld.")
    ] = ranks.WITHHELD_LIMIT_PCT,
    form: FormatName = Format.table,
    out: Out = None,
    store: StoreFolder = None,
) -> None:
    """Rank the industries of a region by size, wages, concentration and growth.

    Example: `sharedtable facts rank --areas 39041,39045 --digits 4 --year 2022`
    """
    asked = region_of(areas, region)
    found = ranks.rank(
        Store.open(store),
        asked,
        sector=sector_of(industries) if industries else None,
        digits=digits,
        year=year,
        ownership=ownership,
        base=base,
        weights=weights_of(weight),
        pay_threshold_usd=threshold,
        withheld_limit_pct=withheld_limit,
    )
    answer = found.to_dict()
    missing = answer["withheld_jobs_pct"]
    notes = [
        "Withheld figures are not zero: “≥” marks a sum of what is published, “–” what is not known.",
        f"At this depth {missing} % of the region's jobs are withheld." if missing is not None else "",
        answer["base"]["note"],
        *_source_lines(answer),
    ]
    title = f"{asked.name}, {found.year}, {ownership} employers"
    emit(answer, form=form, title=title, shown=RANK_COLUMNS, out=out, notes=[n for n in notes if n])


@app.command("profile")
def profile_command(
    areas: Areas = None,
    region: RegionName = None,
    industries: Industries = None,
    digits: Annotated[
        int | None, typer.Option(min=2, max=6, help="The depth of the parts. Left out: one deeper than the sector.")
    ] = None,
    year: Year = None,
    ownership: Owner = "private",
    base: BaseName = "us",
    threshold: Threshold = None,
    form: FormatName = Format.table,
    out: Out = None,
    store: StoreFolder = None,
) -> None:
    """The ten data points of one sector in a region, with its history, parts and occupations.

    Example: `sharedtable facts profile --region "Columbus, OH" --industries "3261,333*" --format json`
    """
    if not industries:
        raise Refused("Name the sector with --industries, for example --industries 3261,333*.")
    asked = region_of(areas, region)
    found = profiles.profile(
        Store.open(store),
        asked,
        sector_of(industries),
        year=year,
        ownership=ownership,
        base=base,
        pay_threshold_usd=threshold,
        parts_digits=digits,
    )
    answer = found.to_dict()
    if form is Format.table:
        facts = [{"name": _words(key, found.row), "value": cell(key, found.row)} for key in found.row]
        title = f"{found.sector.name} in {asked.name}, {found.year}"
        emit({"rows": facts}, form=form, title=title, shown=(("name", "Figure"), ("value", "Value")), out=out)
        shown = tuple(c for c in RANK_COLUMNS if c[0] not in ("rank", "projected_change_pct"))
        notes = [*found.letter_lines, answer["base"]["note"], *_source_lines(answer)]
        emit({"rows": found.parts}, form=form, title="Its parts", shown=shown, out=out, notes=notes)
        return
    emit(answer, form=form, title=f"{found.sector.name} in {asked.name}", shown=(), out=out)


@app.command("occupations")
def occupations_command(
    areas: Areas = None,
    region: RegionName = None,
    industries: Industries = None,
    year: Year = None,
    ownership: Owner = "private",
    threshold: Threshold = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many occupations to show.")] = 25,
    form: FormatName = Format.table,
    out: Out = None,
    store: StoreFolder = None,
) -> None:
    """The occupations of a sector: estimated jobs, the region's entry, median and experienced wages, and outlook.

    Example: `sharedtable facts occupations --areas 39049 --industries 62`
    """
    if not industries:
        raise Refused("Name the sector with --industries, for example --industries 62.")
    asked, sector, opened = region_of(areas, region), sector_of(industries), Store.open(store)
    table = sector_occupations(
        opened, asked, sector, year=year, ownership=ownership, pay_threshold_usd=threshold, limit=limit
    )
    if table is None:
        raise Refused("No occupation data is loaded. Run: sharedtable facts fetch oews")
    answer = table.to_dict()
    shown = (
        ("occupation_code", "SOC"),
        ("occupation_title", "Occupation"),
        ("estimated_jobs", "Jobs (estimate)"),
        ("pay_p25_usd", "Entry pay $"),
        ("pay_median_usd", "Median pay $"),
        ("pay_p75_usd", "Experienced $"),
        ("national_change_pct", "US outlook %"),
        ("entry_education_title", "Entry education"),
    )
    title = f"Occupations of {sector.name} in {asked.name}"
    emit(answer, form=form, title=title, shown=shown, out=out, notes=answer.get("notes", ()))


@app.command("compare")
def compare_command(
    areas: Annotated[list[str] | None, typer.Option(help="A region as area codes. Repeat it for more regions.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="A region by name. Repeat it for more regions.")] = None,
    industries: Annotated[list[str] | None, typer.Option(help="A sector. Repeat it for more sectors.")] = None,
    year: Year = None,
    ownership: Owner = "private",
    base: BaseName = "us",
    threshold: Threshold = None,
    form: FormatName = Format.table,
    out: Out = None,
    store: StoreFolder = None,
) -> None:
    """Sectors, regions or both side by side.

    Example: `sharedtable facts compare --areas 39041 --areas 39049 --industries 31-33 --industries 62`
    """
    if not industries:
        raise Refused("Name at least one sector with --industries, for example --industries 31-33 --industries 62.")
    opened, sectors = Store.open(store), [sector_of(text) for text in industries]
    rows: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for asked in regions_of(areas, region):
        found = profiles.compare(
            opened, asked, sectors, year=year, ownership=ownership, base=base, pay_threshold_usd=threshold
        )
        rows += [{"region_name": asked.name, **one.row} for one in found]
        heads.append(found[0].heading())
    years = {head["year"] for head in heads}
    if len(years) > 1:
        raise Refused(f"These regions have different newest years ({sorted(years)}). Name one with --year.")
    answer = {**heads[0], "region": [head["region"] for head in heads], "rows": rows}
    answer["sources"] = list({(s["id"], s["vintage"]): s for head in heads for s in head["sources"]}.values())
    shown = (("region_name", "Region"), *RANK_COLUMNS[1:])
    emit(
        answer, form=form, title=f"Side by side, {heads[0]['year']}", shown=shown, out=out, notes=_source_lines(answer)
    )


def _words(key: str, row: dict[str, Any]) -> str:
    """A column's name as words; the long change names the span that it really covers."""
    span = row.get("change_span_years")
    return (key.replace("10y", f"{span}y") if span else key).replace("_", " ")


def _source_lines(answer: dict[str, Any]) -> list[str]:
    return [f"Source: {s['publisher']}, {s['title']}, {s['vintage']} ({s['lag']})" for s in answer["sources"]]
