"""Sectors: industries taken in and left out, rules with their reasons, kept version after version."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sharedtable.lmi.definitions import Rule, Sector
from sharedtable.lmi.rules import MEASURES, judge
from sharedtable.studies import sector_queries
from sharedtable.studies.models import Definition
from sharedtable.studies.questions import default_region
from tests.web.conftest import words

pytestmark = pytest.mark.usefixtures("facts")


@pytest.mark.django_db
def test_the_economy_is_offered_sector_by_sector_and_opens(visitor):
    assert words(visitor.get("/sectors/")).count("Take in") >= 20
    text = words(visitor.get("/sectors/", {"open": "3261"}))
    assert "Manufacturing" in text
    assert "32619" in text
    assert visitor.get("/sectors/", {"open": "zz"}).status_code == 404


@pytest.mark.django_db
def test_words_find_industries_of_every_depth(visitor):
    text = words(visitor.get("/sectors/", {"q": "plastics product"}))
    assert "Plastics Product Manufacturing 3261" in text
    assert "No industry has these words" in words(visitor.get("/sectors/", {"q": "unicorns"}))


@pytest.mark.django_db
def test_taking_in_and_leaving_out_are_links(visitor):
    page = visitor.get("/sectors/", {"include": "333", "open": "31-33"}).content.decode()
    assert "include=333,326" in page
    assert "/sectors/?open=31-33" in page
    text = words(visitor.get("/sectors/", {"include": "333", "exclude": "3339", "open": "333"}))
    assert "Leaves out" in text
    assert "partly in" not in text


@pytest.mark.django_db
def test_each_industry_is_in_out_or_undecided_with_its_reason(visitor):
    query = {"include": "31-33", "min_pay": "60,000", "min_size": "50"}
    text = words(visitor.get("/sectors/", query))
    sector = Sector("m", ("31-33",), rules=tuple(sector_queries.rules_from(query)))
    found = sector_queries.preview(sector, default_region(), 4, "en")
    assert found.taken > 0
    assert found.left > 0
    assert found.undecided > 0
    assert f"{found.taken} in {found.left} out {found.undecided} undecided" in text
    for row in found.rows:
        if row.verdict == "out" and row.pay_usd is not None and row.pay_usd < 60_000:
            assert f"Average annual pay: ${row.pay_usd:,}, below the least of $60,000." in text
        if row.verdict == "undecided":
            assert "Not published" in row.reasons[0]


VALUES = (None, 0, 10.0, 50, 49.9, 1e6, -5)


@pytest.mark.parametrize("first", VALUES)
@pytest.mark.parametrize("second", VALUES)
def test_the_verdict_is_that_of_the_engine(first, second):
    rules = (Rule.minimum("employment_jobs", 50), Rule.maximum("average_annual_pay_usd", 10))
    row = dict.fromkeys(MEASURES) | {"employment_jobs": first, "average_annual_pay_usd": second}
    verdict, reasons = sector_queries.judged(rules, row)
    assert {"in": True, "out": False, "undecided": None}[verdict] is judge(rules, row).is_in
    assert reasons


def test_every_measure_of_a_rule_has_words():
    assert set(sector_queries.WORDS) == set(MEASURES)


def test_a_definition_and_the_state_of_the_page_say_the_same():
    rules = (Rule.minimum("average_annual_pay_usd", 52_500), Rule.maximum("employment_change_10y_pct", 0.5))
    sector = Sector("Made here", ("3261", "333*"), ("3339",), rules)
    given = sector_queries.fields_of(sector)
    again = sector_queries.sector_from(
        given["include"], given["exclude"], sector_queries.rules_from(given), given["name"]
    )
    assert again == sector


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        {"include": "zzz"},
        {"include": "3261", "exclude": "3261"},
        {"include": "3261", "min_pay": "much"},
        {"include": "3261", "rules": "happiness >= 3"},
        {"include": "3261", "rules": "employment_jobs >= many"},
    ],
)
def test_a_sector_that_cannot_be_is_told_and_the_page_stays(visitor, query):
    page = visitor.get("/sectors/", query)
    assert page.status_code == 422
    assert "That sector cannot be made" in words(page)
    assert "Take in" in words(page)


@pytest.mark.django_db
def test_a_region_without_figures_is_told(visitor):
    assert "It cannot be shown here" in words(visitor.get("/sectors/", {"include": "3261", "areas": "06037"}))


@pytest.mark.django_db
def test_a_sector_leads_to_its_profile_and_its_parts(visitor):
    page = visitor.get("/sectors/", {"include": "333", "exclude": "3339", "name": "Machines"}).content.decode()
    assert "industries=333&amp;exclude=3339&amp;sector=Machines" in page


@pytest.mark.django_db
def test_a_sector_is_kept_changed_and_read_back(operator):
    form = {"include": "3261", "name": "Plastics", "min_size": "50"}
    assert "Kept as “Plastics”, version 1." in words(operator.post(reverse("sectors-save"), form, follow=True))
    refused = operator.post(reverse("sectors-save"), {**form, "min_size": "40"})
    assert refused.status_code == 422
    page = operator.post(reverse("sectors-save"), {**form, "min_size": "40", "note": "Too few at 50."}, follow=True)
    text = words(page)
    assert "Jobs per establishment at least 40" in text
    assert "Jobs per establishment at least 50" in text
    kept = operator.get(reverse("sectors-saved-text", args=["plastics", 2])).content.decode()
    assert Sector.parse(kept).rules == (Rule.minimum("jobs_per_establishment", 40),)
    assert "Plastics" in words(operator.get("/sectors/"))
    again = operator.post(reverse("sectors-read"), {"text": kept.replace('"Plastics"', '"Other"')}, follow=True)
    assert "Kept as “Other”, version 1." in words(again)


@pytest.mark.django_db
def test_the_rules_of_a_kept_sector_go_along_to_the_ranking_and_the_profile(operator):
    operator.post(reverse("sectors-save"), {"include": "31-33", "name": "Large plants", "min_size": "100"})
    asked = {"industries": "31-33", "sector": "Large plants", "digits": "3"}
    for address in ("/industries/", "/profile/"):
        ruled = words(operator.get(address, asked))
        assert "outside by the rules" in ruled
        assert "is below the minimum of 100" in ruled
        assert "outside by the rules" not in words(operator.get(address, {**asked, "sector": "All plants"}))
    # The name alone is enough, and other codes under the same name do not borrow its rules.
    assert "outside by the rules" in words(operator.get("/profile/", {"sector": "Large plants"}))
    assert "outside by the rules" not in words(operator.get("/profile/", {**asked, "industries": "333"}))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sectors-save", "sectors-read"])
def test_nobody_else_keeps_a_sector(visitor, name):
    assert visitor.post(reverse(name), {"include": "3261", "name": "x", "text": "x"}).status_code == 404
    assert Definition.objects.count() == 0


@pytest.mark.django_db
def test_the_reasons_are_said_in_spanish_too(visitor):
    page = visitor.get("/sectors/", {"include": "31-33", "min_pay": "60000"}, headers={"accept-language": "es"})
    assert "por debajo del mínimo de $60,000" in words(page)
