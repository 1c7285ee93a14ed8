"""Lists: search, filters, kept lists, many changed at once, files; and no hit that tells what one may not see."""

from __future__ import annotations

import pytest

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.people import list_queries, organisation_queries, person_queries
from sharedtable.people.actions import entries, lists, memberships
from sharedtable.people.list_models import Segment
from sharedtable.people.models import Membership, Organisation, Person
from tests.cast import Cast


def names(actor: Actor, **given: str) -> list[str]:
    return [row.name for row in list_queries.people_page(actor, given).rows]


def test_words_in_any_order_and_without_accents_find_a_person(cast: Cast, convener: Actor) -> None:
    entries.add_person(by=convener, values={"name": "José Peña"}, organisation_id=cast.ohio.company.pk)
    assert names(convener, q="pena jose") == ["José Peña"]
    assert names(convener, q="PEÑA lakeside") == ["José Peña"]
    assert names(convener, q="100%") == [] and names(convener, q="_") == names(convener)


def test_the_list_is_of_this_team_alone_in_the_order_of_names(cast: Cast, convener: Actor) -> None:
    assert names(convener) == [cast.ohio.chair.name, cast.ohio.champion.name, cast.ohio.partner.name]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"kind": "business"}, 2), ({"kind": "support"}, 1), ({"system": "education"}, 1), ({"state": "OH"}, 2),
        ({"naics": "326"}, 2), ({"naics": "31"}, 0), ({"mail": "0"}, 0), ({"mail": "1"}, 3), ({"works": "0"}, 0),
        ({"language": "es"}, 0), ({"unknown": "x"}, 3), ({"away": "1"}, 0), ({"kind": "business", "q": "casey"}, 1),
    ],
)  # fmt: skip
def test_a_filter_of_people(convener: Actor, given: dict[str, str], count: int) -> None:
    assert list_queries.people_page(convener, given).total == count


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"kind": "support"}, 2), ({"system": "workforce"}, 1), ({"naics": "3261"}, 1), ({"size": "100"}, 1),
        ({"size": "200"}, 0), ({"q": "college"}, 1), ({"convenes": "1"}, 0), ({"state": "OH"}, 1), ({"agency": "0"}, 3),
    ],
)  # fmt: skip
def test_a_filter_of_organisations(convener: Actor, given: dict[str, str], count: int) -> None:
    assert list_queries.organisations_page(convener, given).total == count


def test_agency_staff_see_names_of_all_and_contacts_of_their_own_list(cast: Cast, agency: Actor) -> None:
    rows = {row.name: row for row in list_queries.people_page(agency, {}).rows}
    assert len(rows) == 3
    assert rows[cast.ohio.partner.name].email == cast.ohio.partner.email
    assert rows[cast.ohio.chair.name].email == rows[cast.ohio.chair.name].phone == ""


def test_no_search_tells_agency_staff_an_address_that_they_may_not_see(
    cast: Cast, agency: Actor, convener: Actor
) -> None:
    assert names(convener, q=cast.ohio.chair.email) == [cast.ohio.chair.name]
    assert names(agency, q=cast.ohio.chair.email) == names(agency, q="casey@") == []
    assert names(agency, q=cast.ohio.partner.email) == [cast.ohio.partner.name]
    assert names(agency, mail="1") == [cast.ohio.partner.name]
    assert names(agency, q="ohio.example") == []


@pytest.mark.parametrize("role", ["economist", "adviser", "state"])
def test_who_may_not_see_people_gets_no_list(cast: Cast, convener: Actor, role: str) -> None:
    actor = cast.ohio.actor(role)
    for ask in (
        lambda: list_queries.people_page(actor, {}),
        lambda: list_queries.organisations_page(actor, {}),
        lambda: person_queries.story(actor, cast.ohio.chair.pk),
        lambda: organisation_queries.story(actor, cast.ohio.company.pk),
        lambda: organisation_queries.directory(actor, "en"),
        lambda: list_queries.people_for_file(actor, {}),
    ):
        with pytest.raises(Missing):
            ask()


def test_a_list_asks_the_database_the_same_few_things_however_long_it_is(
    cast: Cast, convener: Actor, django_assert_num_queries
) -> None:
    for more in (0, 30):
        for number in range(more):
            entries.add_person(
                by=convener, values={"name": f"Extra{number} Person"}, organisation_id=cast.ohio.company.pk
            )
        with django_assert_num_queries(5):
            list_queries.people_page(convener, {"kind": "business"})
        with django_assert_num_queries(4):
            list_queries.organisations_page(convener, {"kind": "business"})


def test_every_page_of_a_long_list_holds_its_own_part_and_asks_once_for_its_numbers(
    cast: Cast, convener: Actor, django_assert_num_queries, monkeypatch
) -> None:
    for number in range(20):
        entries.add_person(by=convener, values={"name": f"Extra Person{number:02}"})
    monkeypatch.setattr(list_queries, "PER_PAGE", 5)
    monkeypatch.setattr(list_queries, "READ_AHEAD", 10)
    whole = list(Person.objects.filter(space=cast.ohio.space).order_by("family_name", "given_name", "id"))
    for number in (1, 2, 3, 4, 5):
        found = list_queries.people_page(convener, {}, str(number))
        assert [row.pk for row in found.rows] == [one.pk for one in whole[(number - 1) * 5 : number * 5]]
        assert (found.page.number, found.total, found.page.has_next()) == (number, 23, number < 5)
    for odd in ("9", "0", "-1", "x", "", "9" * 30, "٣"):
        assert list_queries.people_page(convener, {}, odd).page.number in (1, 5)
    for number in ("2", "4"):  # numbers read and counted, or counted and read; never a third time
        with django_assert_num_queries(6):
            list_queries.people_page(convener, {}, number)


def test_a_person_s_page_asks_the_same_few_things(cast: Cast, convener: Actor, django_assert_num_queries) -> None:
    for more in (0, 3):
        for number in range(more):
            memberships.join(
                by=convener, person_id=cast.ohio.chair.pk,
                organisation_id=entries.add_organisation(by=convener, values={"name": f"Org {number}"}).pk,
            )  # fmt: skip
        with django_assert_num_queries(10):
            person_queries.story(convener, cast.ohio.chair.pk)
        with django_assert_num_queries(5):
            organisation_queries.story(convener, cast.ohio.company.pk)


def test_agency_staff_see_no_contact_on_the_page_of_another_list(cast: Cast, agency: Actor) -> None:
    found = person_queries.story(agency, cast.ohio.chair.pk)
    assert not (found.contact or found.all_sources or found.letters or found.consents or found.tests)
    assert not (found.may_contact or found.may_change or found.may_private or found.may_erase)
    place = organisation_queries.story(agency, cast.ohio.company.pk)
    assert place.employees is None and place.phone == "" and place.sources == []


# --- kept lists and many at once --------------------------------------------------------------------------------------


def test_a_filter_is_kept_for_oneself_or_the_team(cast: Cast, convener: Actor, agency: Actor) -> None:
    given = {"kind": "business", "away": "1", "nonsense": "x"}
    own = lists.save_segment(by=convener, thing="people", name="Companies", given=given, for_team=False)
    team = lists.save_segment(by=convener, thing="people", name="Companies", given=given, for_team=True)
    assert own.query == {"kind": "business"}
    assert list_queries.people_page(convener, {"segment": str(own.pk)}).total == 2
    assert list_queries.people_page(agency, {"segment": str(own.pk)}).total == 0
    assert list_queries.people_page(agency, {"segment": str(team.pk)}).total == 2
    assert list_queries.people_page(cast.maine.actor("convener"), {"segment": str(team.pk)}).total == 0
    with pytest.raises(Missing):
        lists.drop_segment(by=agency, pk=team.pk)
    lists.drop_segment(by=convener, pk=own.pk)
    assert list(Segment.objects.all()) == [team]


def test_a_kept_list_tells_agency_staff_nothing_about_addresses(convener: Actor, agency: Actor) -> None:
    Person.objects.filter(agency=None).update(email="")
    kept = lists.save_segment(by=convener, thing="people", name="No mail", given={"mail": "0"}, for_team=True)
    assert list_queries.people_page(agency, {"segment": str(kept.pk)}).total == 0


def test_many_are_changed_at_once_with_one_entry(cast: Cast, convener: Actor) -> None:
    ids = [cast.ohio.chair.pk, cast.ohio.champion.pk, cast.maine.chair.pk]
    found = list_queries.review(convener, "people", {}, ids)
    assert (found.count, found.skipped) == (2, 0)
    assert lists.change_many(by=convener, thing="people", given={}, ids=ids, change="language", value="es") == 2
    assert Person.objects.filter(language="es").count() == 2
    assert names(convener, language="es") == [cast.ohio.chair.name, cast.ohio.champion.name]
    assert Entry.objects.get(verb="people.change_many").details["count"] == 2


def test_a_whole_filter_is_moved_and_put_away(cast: Cast, convener: Actor) -> None:
    lists.change_many(
        by=convener,
        thing="people",
        given={"kind": "business"},
        ids=None,
        change="agency",
        value=str(cast.ohio.board.pk),
    )
    assert list_queries.people_page(convener, {"agency": str(cast.ohio.board.pk)}).total == 2
    lists.change_many(
        by=convener, thing="organisations", given={"kind": "support"}, ids=None, change="archive", value=""
    )
    assert list_queries.organisations_page(convener, {}).total == 1
    assert list_queries.organisations_page(convener, {"away": "1"}).total == 2


def test_agency_staff_change_many_of_their_own_alone(cast: Cast, agency: Actor) -> None:
    found = list_queries.review(agency, "people", {}, None)
    assert (found.count, found.skipped) == (1, 2)
    lists.change_many(by=agency, thing="people", given={}, ids=None, change="archive", value="")
    assert set(Person.objects.exclude(archived_at=None)) == {cast.ohio.partner}
    with pytest.raises(Refused, match="nobody left"):
        lists.change_many(by=agency, thing="people", given={}, ids=[cast.ohio.chair.pk], change="archive", value="")


def test_a_change_that_is_not_on_the_list_or_breaks_changes_nothing(cast: Cast, convener: Actor, monkeypatch) -> None:
    with pytest.raises(Missing):
        lists.change_many(by=convener, thing="people", given={}, ids=None, change="email", value="x@y.example")
    monkeypatch.setattr(lists, "record", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        lists.change_many(by=convener, thing="people", given={}, ids=None, change="archive", value="")
    assert not Person.objects.exclude(archived_at=None).exists()


def test_a_file_of_agency_staff_holds_their_own_list(cast: Cast, agency: Actor, convener: Actor, monkeypatch) -> None:
    assert [row.name for row in list_queries.people_for_file(agency, {})] == [cast.ohio.partner.name]
    assert len(list_queries.people_for_file(convener, {})) == 3
    monkeypatch.setattr(list_queries, "MOST_IN_A_FILE", 2)
    with pytest.raises(Refused, match="More than 2 entries"):
        list_queries.people_for_file(convener, {})


# --- the directory and who convenes -----------------------------------------------------------------------------------


def test_the_directory_names_who_decides_and_what_is_missing(cast: Cast, convener: Actor) -> None:
    college = cast.ohio.college
    entries.correct_organisation(by=convener, pk=college.pk, version=1, values={"partner_type": "community_college"})
    Membership.objects.filter(organisation=college).update(can_commit=True)
    systems = {row["system"]: row for row in organisation_queries.directory(convener, "en")}
    types = {row["type"].id: row for row in systems["education"]["types"] if row["type"]}
    assert types["community_college"]["partners"] == [college]
    assert [one.person for one in types["community_college"]["partners"][0].deciders] == [cast.ohio.partner]
    assert types["university"]["partners"] == [] and systems["labor"]["count"] == 0
    assert [row["partners"] for row in systems["workforce"]["types"] if row["type"] is None] == [[cast.ohio.board]]
    assert sum(len(row["types"]) for row in systems.values()) >= 20


def test_high_credibility_and_low_buy_in_stand_first(cast: Cast, convener: Actor) -> None:
    for name, credibility, buy_in in (("A", "2", "1"), ("B", "5", "4"), ("C", "5", "1"), ("D", "", "")):
        entries.add_organisation(
            by=convener, values={
                "name": name, "kind": "support", "credibility_rating": credibility, "buy_in_rating": buy_in,
                "convenes": "Quarterly table of plant managers", "understands_model": "yes",
            },
        )  # fmt: skip
    assert [one.name for one in organisation_queries.associations(convener)] == ["C", "B", "A", "D"]
    with pytest.raises(Missing):
        organisation_queries.associations(cast.ohio.actor("agency"))
    assert Organisation.objects.get(name="C").understands_model is True


def test_who_convenes_one_partnership_alone_sees_no_list_of_the_whole_team(cast: Cast, convener: Actor) -> None:
    cast.ohio.users["convener"].grants.update(partnership_id=cast.ohio.partnership.pk)
    limited = cast.ohio.actor("convener")
    for page in (
        lambda: list_queries.people_page(limited, {}),
        lambda: list_queries.organisations_page(limited, {}),
        lambda: organisation_queries.associations(limited),
        lambda: person_queries.story(limited, cast.ohio.chair.pk),
    ):
        with pytest.raises(Missing):
            page()


@pytest.mark.parametrize("number", ["9" * 60, "²", "1; DROP", "-1", ""])
def test_a_number_that_is_none_finds_nothing_and_breaks_nothing(convener: Actor, number: str) -> None:
    for key in ("segment", "agency", "size"):
        list_queries.people_page(convener, {key: number})
        list_queries.organisations_page(convener, {key: number})


@pytest.mark.parametrize("ahead", [5, 11, 12, 2_000])
def test_the_pages_of_a_list_are_the_same_however_much_is_read_ahead(convener: Actor, monkeypatch, ahead: int) -> None:
    for number in range(9):
        entries.add_person(by=convener, values={"name": f"Ann Zed{number}"})
    monkeypatch.setattr(list_queries, "READ_AHEAD", ahead)
    monkeypatch.setattr(list_queries, "PER_PAGE", 5)
    pages = [list_queries.people_page(convener, {}, number) for number in ("1", "2", "3")]
    assert [page.total for page in pages] == [12, 12, 12]
    everybody = [row.pk for page in pages for row in page.rows]
    by_name = Person.objects.filter(space=convener.space).order_by("family_name", "given_name", "id")
    assert everybody == list(by_name.values_list("pk", flat=True))
