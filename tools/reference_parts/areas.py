"""Counties, states, metropolitan areas and commuting zones, as the QCEW names and codes them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from reference_parts.common import read_dicts, read_rows, write_table

# Codes that the QCEW had and has no more, with what took their place. The lists of the sources are of one date each,
# so what lay between is written here (Census Bureau, "Substantial Changes to Counties and County Equivalent Entities").
SUPERSEDED = {
    "02201": ("Prince of Wales-Outer Ketchikan Census Area", "AK", "02198"),
    "02232": ("Skagway-Hoonah-Angoon Census Area", "AK", "02105 02230"),
    "02261": ("Valdez-Cordova Census Area", "AK", "02063 02066"),
    "02270": ("Wade Hampton Census Area", "AK", "02158"),
    "02280": ("Wrangell-Petersburg Census Area", "AK", "02195 02275"),
    "46113": ("Shannon County", "SD", "46102"),
    "51515": ("Bedford city", "VA", "51019"),
}
# Counties of 1990 that have another code or border now: the commuting zone passes on to these.
ZONE_PASSES_ON = {
    "02201": ("02198",),
    "02231": ("02105", "02230", "02232", "02282"),
    "02261": ("02063", "02066"),
    "02270": ("02158",),
    "02280": ("02195", "02275"),
    "02290": ("02068",),  # Denali Borough was cut out of Yukon-Koyukuk at the end of 1990
    "08013": ("08014",),  # Broomfield was cut out of Boulder (most of it) and three neighbours in 2001
    "09003": tuple(f"091{tens}0" for tens in range(1, 10)),  # all of Connecticut is one zone
    "12025": ("12086",),
    "46113": ("46102",),
}
# The Connecticut counties are in the QCEW up to 2023, the nine planning regions from 2024 on.
LAST_YEAR = {f"090{number:02}": "2023" for number in range(1, 16, 2)}
FIRST_YEAR = {f"091{tens}0": "2024" for tens in range(1, 10)}
TERRITORY_ABBREVIATION = {"Virgin Islands": "VI"}

COUNTIES = """\
Counties and equivalents that the QCEW can hold (our own table, public-domain facts).
Source: U.S. Census Bureau, 2025 Gazetteer (names, points), https://www.census.gov/geographies/reference-files/time-series/geo/gazetteer-files.html
U.S. Office of Management and Budget, delineation of July 2023 (cbsa), https://www.census.gov/programs-surveys/metro-micro.html
USDA Economic Research Service, commuting zones 1990 (zone), https://www.ers.usda.gov/data-products/commuting-zones-and-labor-market-areas/
BLS QCEW area titles 2016 (former counties), https://www.bls.gov/cew/classifications/areas/
first_year and last_year: in which years of the QCEW the code occurs, where that is known. replaced_by: its successors.
Rebuild: python tools/build_reference.py SOURCE_DIR --only areas"""
STATES = """\
States and equivalents (our own table, public-domain facts).
Source: BLS QCEW area titles 2016, https://www.bls.gov/cew/classifications/areas/ ; Census Bureau Gazetteer 2025;
U.S. Office of Management and Budget, delineation of July 2023.
Rebuild: python tools/build_reference.py SOURCE_DIR --only areas"""
METROS = """\
Metropolitan, micropolitan and combined statistical areas (our own table, public-domain facts).
Source: U.S. Office of Management and Budget, delineations of July 2023, March 2020, September 2018,
https://www.census.gov/programs-surveys/metro-micro.html ; BLS QCEW area titles 2016 for areas before those.
is_current: 1 if in the list of July 2023. csa: the combined area that it belongs to.
Rebuild: python tools/build_reference.py SOURCE_DIR --only areas"""
ZONES = """\
Commuting zones 1990, named by their largest place (our own table, public-domain facts).
Source: USDA Economic Research Service, https://www.ers.usda.gov/data-products/commuting-zones-and-labor-market-areas/
Rebuild: python tools/build_reference.py SOURCE_DIR --only areas"""

Table = dict[str, dict[str, str]]


def _titles(source: Path) -> dict[str, str]:
    return {row[0]: row[1].strip() for row in read_rows(source / "qcew" / "area_titles_2016.csv")[1:]}


def _states(source: Path, titles: dict[str, str], gazetteer: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """State code → (abbreviation, name). The area titles of 2016 lack two statewide rows, the delineation has them."""
    names = {code[:2]: text.removesuffix(" -- Statewide") for code, text in titles.items() if code.endswith("000")}
    names |= {row["FIPS State Code"]: row["State Name"] for row in _delineation(source, "usgeo_list1_Jul_2023.csv")}
    abbreviations = {row["GEOID"][:2]: row["USPS"] for row in gazetteer}
    states = {}
    for code, name in names.items():
        if code.isdigit():
            states[code] = (abbreviations.get(code) or TERRITORY_ABBREVIATION[name], name)
    if set(abbreviations) - set(states):
        raise ValueError(f"no name for the states {sorted(set(abbreviations) - set(states))}")
    return states


def _middle_of_shape(source: Path, wanted: set[str]) -> dict[str, tuple[str, str]]:
    """A point inside former counties that no gazetteer lists: the mean of the corners of their longest ring."""
    topology = json.loads((source / "geo" / "usatlas_counties-10m_2017.json").read_text())
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    points = {}
    for shape in topology["objects"]["counties"]["geometries"]:
        if shape["id"] not in wanted:
            continue
        rings = shape["arcs"] if shape["type"] == "Polygon" else [ring for part in shape["arcs"] for ring in part]
        longest: list[tuple[float, float]] = []
        for ring in rings:
            corners: list[tuple[float, float]] = []
            for index in ring:
                x = y = 0
                line = []
                for dx, dy in topology["arcs"][index if index >= 0 else ~index]:
                    x, y = x + dx, y + dy
                    line.append((x * scale_x + move_x, y * scale_y + move_y))
                corners += line
            longest = max(longest, corners, key=len)
        lon = sum(x for x, _ in longest) / len(longest)
        lat = sum(y for _, y in longest) / len(longest)
        points[shape["id"]] = (f"{lat:.4f}", f"{lon:.4f}")
    return points


def _delineation(source: Path, name: str) -> list[dict[str, str]]:
    return [row for row in read_dicts(source / "geo" / name) if re.fullmatch(r"\d{5}", row["CBSA Code"])]


def _zones(source: Path) -> tuple[dict[str, str], dict[str, str]]:
    """County → zone, and zone → title."""
    zone_of: dict[str, str] = {}
    titles: dict[str, str] = {}
    for row in read_dicts(source / "commuting" / "ers_cz1990_cz1980_counties.csv"):
        zone = f"CZ{row['cz1990']}"
        for county in (row["fips"], *ZONE_PASSES_ON.get(row["fips"], ())):
            zone_of.setdefault(county, zone)
        place, _, state = row["largest_place"].rpartition(", ")
        place = re.sub(r" \(remain.*", "", place)  # "(remainder)", cut off anywhere by the width of the source's column
        titles[zone] = f"{re.sub(r' (city|CDP|town|village|borough)$', '', place)}, {state}"
    return zone_of, titles


def _counties(source: Path, titles: dict[str, str], gazetteer: list[dict[str, str]]) -> Table:
    table: Table = {}
    for row in gazetteer:
        lat, lon = (f"{float(row[key]):.4f}" for key in ("INTPTLAT", "INTPTLONG"))
        table[row["GEOID"]] = {"name": row["NAME"], "state": row["USPS"], "lat": lat, "lon": lon}
    for code, text in titles.items():
        if code.isdigit() and not code.endswith(("000", "999")) and code not in table:
            name, _, state = text.rpartition(", ")
            abbreviation = (
                "VI" if code.startswith("78") else next(r["USPS"] for r in gazetteer if r["GEOID"][:2] == code[:2])
            )
            if state == "":
                raise ValueError(f"no state in the title of {code}: {text!r}")
            table[code] = {"name": name, "state": abbreviation}
    for code, (name, state, after) in SUPERSEDED.items():
        first = table[after.split()[0]]
        table[code] = {"lat": first.get("lat", ""), "lon": first.get("lon", "")} | table.get(code, {})
        table[code] |= {"name": name, "state": state, "replaced_by": after}
    for code, point in _middle_of_shape(
        source, {code for code in table if code in LAST_YEAR or code == "02261"}
    ).items():
        table[code] |= dict(zip(("lat", "lon"), point, strict=True))
    return table


def build(source: Path, out: Path) -> list[Path]:
    """Write counties.tsv, states.tsv, metros.tsv and zones.tsv into `out`."""
    gazetteer = read_dicts(source / "geo" / "2025_Gaz_counties_national.txt", delimiter="|")
    titles = _titles(source)
    counties = _counties(source, titles, gazetteer)
    zone_of, zone_titles = _zones(source)
    metros: Table = {}
    for year, name in (
        ("2018", "list1_Sep_2018.csv"),
        ("2020", "list1_Mar_2020.csv"),
        ("2023", "usgeo_list1_Jul_2023.csv"),
    ):
        for row in _delineation(source, name):
            kind = "metro" if row["Metropolitan/Micropolitan Statistical Area"].startswith("Metro") else "micro"
            csa = f"CS{row['CSA Code']}" if row["CSA Code"] else ""
            metros[row["CBSA Code"]] = {"kind": kind, "title": row["CBSA Title"], "year": year, "csa": csa}
            if csa:
                metros[csa] = {"kind": "combined", "title": row["CSA Title"], "year": year, "csa": ""}
            if year == "2023":
                counties[row["FIPS State Code"] + row["FIPS County Code"]]["cbsa"] = row["CBSA Code"]
    for code, text in titles.items():
        kind = {"MSA": "metro", "MicroSA": "micro", "CSA": "combined"}.get(text.rpartition(" ")[2], "")
        key = code if code.startswith("CS") else f"{code[1:]}0"
        if code.startswith("C") and kind and key not in metros:
            metros[key] = {"kind": kind, "title": text.rpartition(" ")[0], "year": "2016", "csa": ""}
    columns = ("name", "state", "lat", "lon", "cbsa")
    county_rows = [
        (
            code,
            *(row.get(column, "") for column in columns),
            zone_of.get(code, ""),
            FIRST_YEAR.get(code, ""),
            LAST_YEAR.get(code, ""),
            row.get("replaced_by", ""),
        )
        for code, row in sorted(counties.items())
    ]
    states = _states(source, titles, gazetteer)
    return [
        write_table(
            out / "counties.tsv",
            COUNTIES,
            ("code", *columns, "zone", "first_year", "last_year", "replaced_by"),
            county_rows,
        ),
        write_table(
            out / "states.tsv", STATES, ("code", "abbr", "name"), [(c, a, n) for c, (a, n) in sorted(states.items())]
        ),
        write_table(
            out / "metros.tsv",
            METROS,
            ("code", "kind", "title", "is_current", "csa"),
            [
                (c, m["kind"], m["title"], "1" if m["year"] == "2023" else "0", m["csa"])
                for c, m in sorted(metros.items())
            ],
        ),
        write_table(out / "zones.tsv", ZONES, ("code", "title"), sorted(zone_titles.items())),
    ]
