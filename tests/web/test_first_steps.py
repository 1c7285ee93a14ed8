"""A new team with an empty record: each page of its first steps leads on, and none ends in an empty choice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sharedtable.partnerships.models import Scope, Seat
from sharedtable.people.models import Membership, Organisation, Person
from sharedtable.studies.questions import Region, Sector
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
P = "/s/ohio/p/plastics/"


@pytest.fixture
def empty(cast):
    """The team of Ohio before anybody stands in its record."""
    now = timezone.now()
    Scope.objects.create(
        space=cast.ohio.space, partnership=cast.ohio.partnership, version=1, region_name="R", sector_name="S",
        region_text=Region("R", ("39041",)).to_text(), sector_text=Sector("S", ("311",)).to_text(),
        company_rules=[{"rule": "naics"}], made_at=now, made_by="operator",
    )  # fmt: skip
    for model in (Person, Organisation):
        model.objects.filter(space=cast.ohio.space).update(archived_at=now)
    Membership.objects.filter(space=cast.ohio.space).update(ended_on=timezone.localdate())
    return cast


def test_whoever_gives_the_first_seat_is_told_where_to_add_the_person(empty):
    page = empty.client("convener").get(P + "seats/give")
    assert "There is nobody to choose here" in words(page) and 'href="/s/ohio/people/add"' in page.content.decode()
    Person.objects.filter(space=empty.ohio.space).update(archived_at=None)
    assert "Not in the record yet? Add them." in words(empty.client("convener").get(P + "seats/give"))


def test_a_list_without_a_company_leads_to_bringing_one_in(empty):
    page = empty.client("convener").get(P + "companies/").content.decode()
    assert 'href="/s/ohio/imports/"' in page and 'href="/s/ohio/organizations/add"' in page
    assert 'href="/s/ohio/organizations/add"' in empty.client("convener").get(P + "hours/").content.decode()


def test_a_round_with_nobody_to_ask_leads_to_the_seats(empty):
    Seat.objects.filter(space=empty.ohio.space).update(ended_on=timezone.localdate())
    page = empty.client("convener").get("/s/ohio/worksheets/what-works/start?partnership=plastics").content.decode()
    assert "There is nobody to ask here yet" in page and f'href="{P}seats/"' in page


def test_who_may_not_add_is_not_sent_to_a_page_that_is_closed_to_them(empty):
    page = empty.client("agency").get(P + "companies/")
    assert page.status_code == 200
    closed = [
        address
        for address in ("/s/ohio/imports/", "/s/ohio/organizations/add")
        if f'href="{address}"' in page.content.decode() and empty.client("agency").get(address).status_code != 200
    ]
    assert closed == []


def test_a_word_that_fits_several_industries_asks_for_a_choice_and_does_not_call_it_optional(empty):
    form = {"name": "Food", "region": "39041", "sector": "food"}
    page = words(empty.client("convener").post("/s/ohio/partnerships/begin", form))
    assert "Which industries do you mean?" in page
    assert "Which industries do you mean? (may stay empty)" not in page
