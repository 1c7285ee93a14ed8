"""People and organisations: added, corrected, put away; sources kept; nobody overwrites anybody."""

from __future__ import annotations

import pytest

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.people import sources
from sharedtable.people.actions import entries
from sharedtable.people.models import FieldSource, Membership, Organisation, Person
from sharedtable.people.values import WrongValues
from tests.cast import Cast

NEW = {"name": "Rivera, José", "email": "Jose@Rivera.example", "phone": "614 555 0188"}


def test_a_person_is_added_with_their_place_and_who_said_each_value(cast: Cast, convener: Actor) -> None:
    made = entries.add_person(
        by=convener, values=NEW, organisation_id=cast.ohio.company.pk, title="Owner", source="card at the fair"
    )
    assert (made.given_name, made.family_name, made.name) == ("José", "Rivera", "José Rivera")
    assert (made.email, made.phone) == ("jose@rivera.example", "+16145550188")
    assert made.search_text == "jose rivera lakeside plastics owner"
    assert {(one.field, one.source) for one in made.field_sources.all()} == {
        (field, "card at the fair") for field in ("name", "email", "phone")
    }
    assert made.memberships.get().title == "Owner"
    entry = Entry.objects.get(verb="person.add")
    assert entry.object_id == made.pk and "Rivera" not in str(entry.details)


def test_an_organisation_is_added_and_found_by_its_name_place_and_site(convener: Actor) -> None:
    values = {"name": "Müller & Söhne", "city": "Lancaster", "website": "www.mueller.example", "naics_code": "3261"}
    made = entries.add_organisation(by=convener, values=values)
    assert made.search_text == "muller sohne lancaster mueller example"
    assert Entry.objects.get(verb="organisation.add").object_id == made.pk


@pytest.mark.parametrize("role", ["admin", "economist", "adviser", "state"])
def test_who_may_not_change_people_adds_none(cast: Cast, role: str) -> None:
    before = Person.objects.count()
    with pytest.raises(Missing):
        entries.add_person(by=cast.ohio.actor(role), values=NEW)
    assert Person.objects.count() == before and not Entry.objects.filter(verb="person.add").exists()


def test_agency_staff_add_to_their_own_list_whatever_list_they_name(cast: Cast, agency: Actor) -> None:
    made = entries.add_person(by=agency, values=NEW, agency_id=cast.ohio.board.pk)
    assert made.agency_id == cast.ohio.college.pk
    assert {one.agency_id for one in made.field_sources.all()} == {cast.ohio.college.pk}


def test_agency_staff_change_their_own_list_alone(cast: Cast, agency: Actor) -> None:
    own, other = cast.ohio.partner, cast.ohio.chair
    entries.correct_person(by=agency, pk=own.pk, version=1, values={"phone": "614 555 0111"})
    with pytest.raises(Missing):
        entries.correct_person(by=agency, pk=other.pk, version=1, values={"phone": "614 555 0111"})
    with pytest.raises(Missing):
        entries.correct_person(by=agency, pk=own.pk, version=2, values={"notes": "private"})
    other.refresh_from_db()
    assert other.phone != "+16145550111"


def test_a_correction_counts_the_version_and_keeps_the_older_source(cast: Cast, convener: Actor) -> None:
    chair = cast.ohio.chair
    entries.correct_person(by=convener, pk=chair.pk, version=1, values={"email": "new@ohio.example"}, source="by phone")
    entries.correct_person(by=convener, pk=chair.pk, version=2, values={"email": "newer@ohio.example"})
    chair.refresh_from_db()
    assert (chair.email, chair.version) == ("newer@ohio.example", 3)
    said = [(one.value, one.source) for one in chair.field_sources.filter(field="email")]
    assert said == [("newer@ohio.example", "Convener Lakeside"), ("new@ohio.example", "by phone")]
    assert Entry.objects.filter(verb="person.correct").last().details == {"fields": ["email"], "version": 3}


def test_who_was_too_slow_overwrites_nothing(cast: Cast, convener: Actor) -> None:
    chair = cast.ohio.chair
    entries.correct_person(by=convener, pk=chair.pk, version=1, values={"assistant": "Lee"})
    with pytest.raises(Refused, match="Somebody else changed"):
        entries.correct_person(by=convener, pk=chair.pk, version=1, values={"assistant": "Kim"})
    chair.refresh_from_db()
    assert (chair.assistant, chair.version) == ("Lee", 2)


def test_a_correction_that_changes_nothing_writes_nothing(cast: Cast, convener: Actor) -> None:
    entries.correct_person(by=convener, pk=cast.ohio.chair.pk, version=1, values={"name": cast.ohio.chair.name})
    assert not Entry.objects.filter(verb="person.correct").exists()


def test_a_wrong_value_changes_nothing(cast: Cast, convener: Actor) -> None:
    with pytest.raises(WrongValues):
        entries.correct_person(
            by=convener, pk=cast.ohio.chair.pk, version=1, values={"assistant": "Lee", "phone": "call me"}
        )
    cast.ohio.chair.refresh_from_db()
    assert cast.ohio.chair.assistant == ""


def test_a_break_in_the_last_write_changes_nothing(cast: Cast, convener: Actor, monkeypatch) -> None:
    def broken(**_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(entries, "record", broken)
    count, chair = Person.objects.count(), cast.ohio.chair
    with pytest.raises(ZeroDivisionError):
        entries.add_person(by=convener, values=NEW, organisation_id=cast.ohio.company.pk)
    with pytest.raises(ZeroDivisionError):
        entries.correct_person(by=convener, pk=chair.pk, version=1, values={"name": "Nobody Else"})
    with pytest.raises(ZeroDivisionError):
        entries.archive(by=convener, thing=chair)
    chair.refresh_from_db()
    assert (Person.objects.count(), FieldSource.objects.count()) == (count, 0)
    assert chair.name == "Casey ChairLakeside" and chair.archived_at is None and "nobody" not in chair.search_text


def test_a_new_name_of_a_company_is_found_with_its_people(cast: Cast, convener: Actor) -> None:
    entries.correct_organisation(by=convener, pk=cast.ohio.company.pk, version=1, values={"name": "Northshore Molding"})
    found = Person.objects.filter(search_text__contains="northshore molding")
    assert set(found) == {cast.ohio.chair, cast.ohio.champion}


def test_what_is_put_away_comes_back(cast: Cast, convener: Actor) -> None:
    entries.archive(by=convener, thing=cast.ohio.chair)
    assert Person.objects.get(pk=cast.ohio.chair.pk).archived_at
    with pytest.raises(Refused, match="already"):
        entries.archive(by=convener, thing=cast.ohio.chair)
    entries.bring_back(by=convener, thing=cast.ohio.chair)
    assert Person.objects.get(pk=cast.ohio.chair.pk).archived_at is None
    assert list(Entry.objects.filter(kind="person").values_list("verb", flat=True)) == [
        "person.archive", "person.bring_back",
    ]  # fmt: skip


def test_nothing_of_another_team_can_be_named(cast: Cast, convener: Actor) -> None:
    with pytest.raises(Missing):
        entries.correct_person(by=convener, pk=cast.maine.chair.pk, version=1, values={"name": "X Y"})
    with pytest.raises(Missing):
        entries.add_person(by=convener, values=NEW, organisation_id=cast.maine.company.pk)
    with pytest.raises(Missing):
        entries.add_person(by=convener, values=NEW, agency_id=cast.maine.college.pk)
    assert not Membership.objects.filter(space=cast.ohio.space, organisation=cast.maine.company).exists()


def test_ratings_and_notes_need_who_may_see_private_things(cast: Cast, agency: Actor) -> None:
    Organisation.objects.filter(pk=cast.ohio.company.pk).update(agency=cast.ohio.college)
    with pytest.raises(Missing):
        entries.correct_organisation(by=agency, pk=cast.ohio.company.pk, version=1, values={"buy_in_rating": "4"})
    entries.correct_organisation(by=agency, pk=cast.ohio.company.pk, version=1, values={"city": "Columbus"})


def test_a_truth_and_a_number_have_a_source_too(cast: Cast, convener: Actor) -> None:
    sources.keep_sources(cast.ohio.company, ["employees", "is_committed"], by=convener)
    assert set(FieldSource.objects.values_list("field", "value")) == {("employees", "140"), ("is_committed", "")}
