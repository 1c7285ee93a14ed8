"""The address of a page: read once for all pages, refused in a sentence, and made again."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given as for_all
from hypothesis import strategies as st

from sharedtable.errors import Refused
from sharedtable.studies.models import Definition
from sharedtable.studies.questions import Region, default_region
from sharedtable.web import asked
from sharedtable.web.asked import Asked


def read(query: str) -> Asked:
    return asked.read(asked.typed(QueryDict(query)), "en")


def test_an_empty_address_asks_for_the_example_with_equal_weights() -> None:
    found = read("")
    assert found.region == default_region()
    assert set(found.weights.values()) == {asked.USUAL_WEIGHT}
    assert (found.question.digits, found.question.year, found.question.sector) == (4, None, None)
    assert found.to_query() == ""


def test_areas_may_come_with_commas_or_repeated() -> None:
    assert read("areas=39041,39049").region.areas == ("39041", "39049")
    assert read("areas=39049&areas=39041").region.areas == ("39041", "39049")
    assert read("areas=39041&name=North").region.name == "North"


@pytest.mark.django_db
def test_a_region_may_be_asked_for_by_name() -> None:
    assert "39049" in read("region=Columbus, OH").region.counties


@pytest.mark.django_db
def test_the_newest_version_of_a_region_that_a_team_kept_is_found_by_its_name() -> None:
    for version, areas in ((1, "39041"), (2, "39041,39049")):
        region = Region.of(areas, "Our Corner")
        Definition.objects.create(
            kind="region", slug="our-corner", version=version, name=region.name, text=region.to_text(),
            created_on=date(2026, 11, 22), created_by="a test",
        )  # fmt: skip
    assert read("region=our corner").region.areas == ("39041", "39049")
    assert read("region=our-corner").region.name == "Our Corner"


@pytest.mark.django_db
def test_a_sector_leaves_out_what_it_excludes() -> None:
    sector = read("industries=333*,3261&exclude=3339&sector=Machines").question.sector
    assert sector is not None
    assert (sector.name, sector.include, sector.exclude) == ("Machines", ("333*", "3261"), ("3339",))


def test_dollars_may_be_written_as_people_write_them() -> None:
    assert read("threshold=$52,000").question.pay_threshold_usd == 52_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("areas=99999", "99999"),
        ("region=Nowhere at all", "Nowhere at all"),
        ("industries=9x", "9x"),
        ("digits=7", "from 2 to 6"),
        ("digits=%C2%B2", "from 2 to 6"),
        ("year=soon", "from 1990 to 2100"),
        ("ownership=mine", "private, total"),
        ("base=world", "us, state"),
        ("w_size=9", "from 0 to 5"),
        ("w_size=0&w_wages=0&w_concentration=0&w_growth=0", "All four weights are zero"),
        ("threshold=12", "whole dollars a year"),
        ("threshold=-50000", "whole dollars a year"),
        ("sort=beauty", "cannot be sorted by “beauty”"),
        ("lang=xx", "en, es"),
        ("name=" + "n" * 200, "too long"),
        ("areas=39041%00", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(query: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(query)
    assert said in str(refused.value)


def test_a_link_keeps_the_rest_and_drops_defaults() -> None:
    found = read("areas=39041,39049&digits=3&w_size=5&ownership=private")
    assert found.to_query(digits=4, sort="-jobs") == "areas=39041,39049&w_size=5&sort=-jobs"
    assert found.to_query(areas=None) == "digits=3&w_size=5"


@for_all(
    st.fixed_dictionaries(
        {},
        optional={
            "digits": st.sampled_from("23456"),
            "ownership": st.sampled_from(["private", "total"]),
            "w_size": st.sampled_from("12345"),
            "threshold": st.integers(1_000, 1_000_000).map(str),
            "sort": st.sampled_from(["rank", "-jobs", "pay"]),
            "name": st.text("abc é&=#%+", min_size=1, max_size=20).map(str.strip).filter(bool),
            "areas": st.sampled_from(["39041", "39041,39049"]),
        },
    )
)
def test_an_address_made_from_a_question_asks_the_same_question(given: dict[str, str]) -> None:
    found = asked.read(given, "en")
    again = read(found.to_query())
    assert again.question == found.question
    assert (again.sort, again.is_descending) == (found.sort, found.is_descending)


@pytest.mark.django_db
@for_all(st.dictionaries(st.sampled_from([key for key in asked.KEYS if key != "region"]), st.text(max_size=30)))
def test_no_address_breaks_the_reading(given: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(given)
    try:
        assert isinstance(asked.read(asked.typed(query), "en"), Asked)
    except Refused as refused:
        assert len(str(refused)) > 20
