"""Pages of one area show what another keeps: lists and questions on the home, contacts and seats on the record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sharedtable.partnerships.models import PointOfContact
from sharedtable.people.ask_models import Ask
from sharedtable.people.import_models import Import
from tests.people.lists import COMPANIES, bring, csv_bytes

pytestmark = pytest.mark.django_db
HOME = "/s/ohio/"


def text(response) -> str:
    return response.content.decode()


def test_lists_and_questions_that_wait_stand_on_the_home_for_who_may_answer(cast) -> None:
    team = cast.ohio
    batch = bring(team.actor("convener"), csv_bytes(COMPANIES))
    asked = Ask.objects.create(space=team.space, person=team.chair, kind="erase", made_at=timezone.now())
    page = text(cast.client("convener").get(HOME))
    assert "Go on with the list “Chamber list”" in page and f"/imports/{batch.pk}/" in page
    assert f"Answer {team.chair.name}, who asks to be erased" in page and "/people/asks" in page
    for role in ("agency", "economist", "adviser", "state"):
        said = text(cast.client(role).get(HOME))
        assert "Chamber list" not in said and "asks to be erased" not in said, role
    Import.objects.filter(pk=batch.pk).update(state="discarded")
    Ask.objects.filter(pk=asked.pk).update(state="refused")
    page = text(cast.client("convener").get(HOME))
    assert "Chamber list" not in page and "asks to be erased" not in page


def test_an_agency_sees_its_own_list_and_its_own_people_waiting(cast) -> None:
    team = cast.ohio
    bring(team.actor("agency"), csv_bytes(COMPANIES), source="College list", agency_id=team.college.pk)
    Ask.objects.create(space=team.space, person=team.partner, kind="correct", field="name", made_at=timezone.now())
    page = text(cast.client("agency").get(HOME))
    assert "College list" in page and f"Answer {team.partner.name}" in page


def test_more_lists_and_questions_ask_the_database_no_more(cast) -> None:
    team, client = cast.ohio, cast.client("convener")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(HOME)
        return len(seen)

    stamp = {"space": team.space, "made_at": timezone.now()}
    counts = []
    for _turn in range(3):
        for person in (team.chair, team.champion):
            Ask.objects.create(person=person, kind="correct", field="name", **stamp)
            Import.objects.create(
                kind="people", state="review", file_name="l.csv", source="S", basis="B", touched_at=timezone.now(),
                made_by="operator", **stamp,
            )  # fmt: skip
        counts.append(queries())
    assert counts[1] == counts[2]


def test_whom_to_ask_stands_on_the_page_of_a_company_and_seats_lead_to_people_and_back(cast) -> None:
    team = cast.ohio
    PointOfContact.objects.create(
        space=team.space, organisation=team.company, topic="Jobs", lead=team.partner, started_on=timezone.localdate(),
        made_by="operator",
    )  # fmt: skip
    client = cast.client("convener")
    company = text(client.get(f"/s/ohio/organizations/{team.company.pk}/"))
    assert "Whom to ask" in company and team.partner.name in company and "no cover" in company
    assert "Whom to ask" not in text(client.get(f"/s/ohio/organizations/{team.board.pk}/"))
    seat = f"/s/ohio/p/{team.partnership.slug}/seats/{team.chair_seat.pk}/"
    person = f"/s/ohio/people/{team.chair.pk}/"
    assert f'href="{person}"' in text(client.get(seat))
    assert f'href="{seat}"' in text(client.get(person))
    # An economist reads seats, but no page of a person.
    assert f'href="{person}"' not in text(cast.client("economist").get(seat))
