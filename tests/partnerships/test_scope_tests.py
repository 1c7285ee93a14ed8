"""The tests of a scope that the method asks for, on real published figures that are read a second time straight."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from sharedtable.lmi.intake.load import load
from sharedtable.lmi.places import areas
from sharedtable.lmi.store import Store
from sharedtable.method.presets import presets
from sharedtable.partnerships import courting, scope_tests, seat_queries, sector_tests, teamwork
from sharedtable.partnerships.courting import Line
from sharedtable.partnerships.scope_tests import Places, shipped
from sharedtable.studies import scope_facts
from sharedtable.studies.questions import Region, Sector
from sharedtable.studies.scope_facts import SectorFacts

CENTRAL = "39041 39045 39047 39049 39073 39083 39089 39091 39097 39101 39117 39127 39129 39141 39159"
COLUMBUS_ZONE = " ".join(areas.counties_of("CZ15900"))


@pytest.fixture(scope="session")
def ohio_2022(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The annual slices of fifteen counties, 2022, as the Bureau of Labor Statistics published them."""
    folder = tmp_path_factory.mktemp("ohio-2022")
    files = sorted((shared / "data/qcew/area_api_ohio").glob("*-2022-a-*.csv.gz"))
    load(files, Store(folder, create=True), isolated=False)
    return folder


@pytest.fixture(scope="session")
def ohio_2016(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same counties and their whole state, 2016, so that the share of the state's jobs is known."""
    folder = tmp_path_factory.mktemp("ohio-2016")
    files = sorted((shared / "data/qcew/bls_by_area_2016_csv").glob("2016.q1-q4 39*.csv.gz"))
    load(files, Store(folder, create=True), isolated=False)
    return folder


def region_tests(codes: str, said: str = "") -> dict[str, scope_tests.Checked]:
    region = Region.of(codes)
    found = scope_tests.region_tests(region, scope_facts.state_shares(region), scope_facts.sheds(region), said)
    return {test.key: test for test in found}


def at(codes: str, said: str = "") -> str:
    region = Region.of(codes)
    return scope_tests.extent(region, scope_facts.state_shares(region), len(scope_facts.sheds(region)), said)


@pytest.mark.parametrize(
    ("codes", "said", "place", "verdict"),
    [
        (CENTRAL, "streets", "streets", "low"),
        (CENTRAL, "town", "town", "low"),
        ("39049", "", "county", "low"),
        (COLUMBUS_ZONE, "", "some", "right"),
        (CENTRAL, "", "some", "right"),
        ("39000", "", "state", "high"),
        ("39000 18000", "", "more", "high"),
        ("11001", "", "county", "low"),  # the District is a whole "state" of one county, and cut out of its zone
    ],
)  # fmt: skip
def test_a_region_stands_between_a_few_streets_and_more_than_a_state(codes, said, place, verdict) -> None:
    assert at(codes, said) == place
    assert region_tests(codes, said)["size"].verdict == verdict


def test_half_of_a_state_is_too_big_and_one_county_less_is_not() -> None:
    counties = [f"39{number:03d}" for number in range(1, 177, 2)]  # Ohio numbers its 88 counties with odd numbers
    assert len(counties) == 88
    assert at(" ".join(counties[:44])) == "half"
    assert region_tests(" ".join(counties[:44]))["size"].verdict == "high"
    assert at(" ".join(counties[:43])) == "some"


def test_the_zones_that_a_region_cuts_are_those_of_the_published_list(shared: Path) -> None:
    """Against the file of the Economic Research Service itself: which 1990 zone each county is in."""
    file = shared / "data/commuting/ers_cz1990_cz1980_counties.csv"
    columns = duckdb.sql(f"SELECT * FROM read_csv('{file}', all_varchar=true, ignore_errors=true)").columns
    county = next(name for name in columns if "fips" in name.lower())
    zone = next(name for name in columns if "1990" in name)
    rows = duckdb.sql(
        f"SELECT lpad(\"{county}\", 5, '0'), \"{zone}\" FROM read_csv('{file}', all_varchar=true, ignore_errors=true)"
    ).fetchall()
    zone_of, chosen = dict(rows), set(CENTRAL.split())
    expected = {
        (sum(zone_of.get(code) == one for code in chosen), sum(value == one for value in zone_of.values()))
        for one in {zone_of[code] for code in chosen}
    }
    found = scope_facts.sheds(Region.of(CENTRAL))
    assert {(shed.counties, shed.all_counties) for shed in found} == expected
    assert region_tests(CENTRAL)["shed"].verdict == "ask"
    assert region_tests(COLUMBUS_ZONE)["shed"].verdict == "right"
    assert region_tests("39049")["shed"].verdict == "low"


def test_the_share_of_the_states_jobs_is_that_of_the_published_files(settings, ohio_2016, shared: Path) -> None:
    settings.DATA = ohio_2016
    folder = shared / "data/qcew/bls_by_area_2016_csv"

    def jobs(pattern: str) -> float:
        months = " + ".join(f"CAST(month{n}_emplvl AS DOUBLE)" for n in (1, 2, 3))
        sql = f"SELECT sum({months}) / 12 FROM read_csv('{folder}/2016.q1-q4 {pattern}*.csv.gz', all_varchar=true) "
        sql += "WHERE own_code = '0' AND industry_code = '10' AND size_code = '0'"
        return duckdb.sql(sql).fetchall()[0][0]

    share = scope_facts.state_shares(Region.of(CENTRAL))[0]
    expected = 100 * sum(jobs(code) for code in CENTRAL.split()) / jobs("39000")
    assert share.jobs_pct == pytest.approx(expected, abs=0.01)
    assert f"{round(expected)} percent of jobs" in region_tests(CENTRAL)["size"].why[0]
    settings.DATA = ohio_2016 / "nothing"
    assert "not loaded" in region_tests(CENTRAL)["size"].why[0]


@pytest.mark.parametrize("code", ["3261", "484", "311", "62", "311830"])
def test_employers_jobs_and_withheld_cells_are_those_of_the_published_files(settings, ohio_2022, shared, code) -> None:
    settings.DATA = ohio_2022
    files = str(shared / "data/qcew/area_api_ohio/*-2022-a-*.csv.gz")
    rows = duckdb.sql(
        "SELECT sum(CAST(annual_avg_estabs AS INT)), sum(CAST(annual_avg_emplvl AS INT)), "
        "count(*) FILTER (disclosure_code = 'N'), "
        f"(SELECT sum(CAST(annual_avg_emplvl AS INT)) FROM read_csv('{files}', all_varchar=true) "
        "WHERE own_code = '0' AND industry_code = '10') "
        f"FROM read_csv('{files}', all_varchar=true) WHERE own_code = '5' AND industry_code = '{code}'"
    ).fetchall()
    establishments, jobs, withheld, everything = rows[0]
    found = scope_facts.sector_facts(Region.of(CENTRAL), Sector.of(code))
    assert (found.year, found.establishments, found.withheld_cells) == (2022, establishments, withheld)
    assert found.jobs == (jobs or None)  # all withheld is null, not zero
    assert found.region_jobs == everything
    if jobs:
        assert found.share_pct == pytest.approx(100 * jobs / everything)
    test = sector_tests.sector_tests((), (), found, None)[2]
    assert test.verdict == ("low" if establishments < 100 else "right")
    assert ("Fewer than 100" in test.says) is (establishments < 100)
    assert any("ithheld is not zero" in line for line in test.why) is bool(withheld)


def test_employers_by_industry_add_up_and_say_what_is_withheld(settings, ohio_2022) -> None:
    settings.DATA = ohio_2022
    rows = scope_facts.employers(Region.of(CENTRAL), Sector.of("484"))
    assert [row.code for row in rows] == ["4841", "4842"]
    assert all(row.is_least for row in rows if row.jobs is None)
    assert scope_facts.employers(Region.of("50000"), Sector.of("484")) == []
    assert "not loaded" in scope_facts.sector_facts(Region.of("50000"), Sector.of("484")).problem


@pytest.mark.parametrize(
    ("codes", "broad", "narrow"),
    [
        ("3254 541714 3364 5182 5415", "high", "right"),  # bioscience, aerospace and information technology
        ("3364 5415", "ask", "low"),
        ("311830", "right", "low"),  # tortillas
        ("621340", "right", "low"),  # physical therapists
        ("484", "right", "low"),  # trucking
        ("31-33", "right", "right"),  # manufacturing
        ("311 312", "right", "right"),  # food and beverages
        ("62", "right", "right"),  # health care
        ("48-49", "right", "right"),  # transportation and logistics
    ],
)
def test_the_seeds_own_examples_come_out_too_broad_too_narrow_or_right(codes, broad, narrow) -> None:
    wide, groups = scope_facts.breadth(Sector.of(codes))
    tests = sector_tests.sector_tests(wide, groups, SectorFacts(), None)
    assert (tests[0].verdict, tests[1].verdict) == (broad, narrow)


@pytest.mark.parametrize(
    ("planned", "verdict", "said"),
    [
        (None, "ask", "Type how many"), (0, "low", "talk"), (2, "low", "talk"), (3, "low", "fewer than 10"),
        (9, "low", "fewer than 10"), (10, "right", "Enough"), (24, "right", "Enough"), (25, "right", "Just right"),
        (30, "right", "Just right"), (31, "right", "still fine"), (60, "right", "still fine"), (61, "high", "above 60"),
        (149, "high", "above 60"), (150, "high", "150 or more"),
    ],
)  # fmt: skip
def test_a_planned_launch_is_held_against_the_numbers_of_the_method(planned, verdict, said) -> None:
    found = sector_tests.launch_tests(planned, None, 0, 0)[0]
    assert found.verdict == verdict and said in found.says


def test_when_only_two_come_the_advice_is_to_talk_and_build_the_list() -> None:
    assert "help you build the list" in sector_tests.launch_tests(2, None, 0, 0)[0].advice


@pytest.mark.parametrize(
    ("members", "verdict"), [(29, "low"), (30, "right"), (80, "right"), (81, "right"), (None, "ask")]
)
def test_members_are_held_against_thirty_to_eighty(members, verdict) -> None:
    assert sector_tests.launch_tests(None, members, 0, 0)[1].verdict == verdict


def test_a_team_with_numbers_of_its_own_is_tested_by_them() -> None:
    own = {"launch_businesses_too_few": 5, "companies_in_definition": 40, "scope_state_share_big": 10}

    def numbers(key: str) -> float:
        return own.get(key, presets()[key].value)

    assert "talk" in sector_tests.launch_tests(5, None, 0, 0, numbers)[0].says
    facts = SectorFacts(2022, 41, 900, None, 0, 100_000)
    assert sector_tests.sector_tests((), (), facts, {"in": 40, "out": 0, "open": 0}, numbers)[3].verdict == "right"
    region = Region.of(CENTRAL)
    assert scope_tests.extent(region, scope_facts.state_shares(region), 6, "", numbers) == "half"
    assert shipped("launch_businesses_too_few") == 2


def test_partners_of_one_board_city_or_county_bring_a_warning(world) -> None:
    alone = {"city": "Lakeside", "state_code": "OH", "county_code": "39049"}
    team = world.team
    type(team.college).objects.filter(pk__in=(team.college.pk, team.board.pk)).update(**alone)
    world.seat("core_partner", world.person("Bo Board", team.board))

    def verdicts() -> dict[str, str]:
        found = scope_tests.places(seat_queries.tables(world.one))
        return {test.key: test.verdict for test in scope_tests.partner_tests(found)}

    assert verdicts() == {"counties": "low", "cities": "low", "boards": "low"}
    far = world.place(
        "River Workforce Board", "support", system="workforce", city="Rivertown", state_code="OH", county_code="39041"
    )
    world.seat("core_partner", world.person("Ray River", far))
    assert verdicts() == {"counties": "right", "cities": "right", "boards": "right"}


def test_partners_without_an_address_are_said_to_be_unknown_not_counted_as_one_place() -> None:
    tests = scope_tests.partner_tests(Places(3, (), (), (), 3))
    assert [test.verdict for test in tests] == ["ask", "ask", "ask"]
    assert "3" in " ".join(tests[0].why)


def program(world, organisation, name: str, courts: str) -> None:
    teamwork.register_program(
        by=world.by, organisation=organisation, group="programs", name=name, owner=None, courts_sector=courts
    )


def test_distinct_agencies_that_court_the_sector_are_counted_from_the_register(world) -> None:
    sector, team = Sector("Plastics", ("3261",)), world.team
    assert not courting.courting(world.space.pk, sector).is_known
    program(world, team.college, "Molding classes", "Plastics makers")
    program(world, team.college, "Plant visits", "Manufacturers with 20 people and more")
    program(world, team.board, "On-the-job training", "Whoever hires ten or more")
    found = courting.courting(world.space.pk, sector)
    assert (found.agencies, found.others) == ([team.college.name], [team.board.name])
    assert sector_tests.courting_test(found).verdict == "ask"
    program(world, team.board, "Apprenticeships", "NAICS 326")
    found = courting.courting(world.space.pk, sector)
    assert sorted(found.agencies) == sorted([team.college.name, team.board.name]) and not found.others
    assert sector_tests.courting_test(found).verdict == "right"
    assert courting.courting(world.cast.maine.space.pk, sector).agencies == []


def test_a_number_of_people_is_no_code_and_another_industry_is_no_match(world) -> None:
    program(world, world.team.college, "Rounds", "Hospitals with 32 beds")
    assert courting.courting(world.space.pk, Sector("Plastics", ("3261",))).agencies == []
    assert courting.courting(world.space.pk, Sector("Hospitals", ("622",))).agencies == [world.team.college.name]


def test_a_log_of_contacts_can_become_a_second_source(world, monkeypatch) -> None:
    """An agency that stands in both is counted once."""
    team, sector = world.team, Sector("Plastics", ("3261",))
    program(world, team.college, "Molding classes", "Plastics makers")

    def log(space_id: int, asked: Sector) -> list[Line]:
        return [
            Line(team.college.pk, team.college.name, "3 contacts", True),
            Line(team.board.pk, team.board.name, "1 contact", True),
        ]

    monkeypatch.setattr(courting, "SOURCES", [*courting.SOURCES, log])
    assert len(courting.courting(world.space.pk, sector).agencies) == 2
