"""Who knows which company: told by link, shown only as far as the sharer wants, merged, drawn and taken away."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharedtable.accounts.actors import actor_of_link, actor_of_user
from sharedtable.accounts.links import make_link
from sharedtable.accounts.models import Grant, LinkAct, PersonalLink
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.partnerships import connecting, connection_queries
from sharedtable.partnerships.models import Scope
from sharedtable.people import tie_queries
from sharedtable.people.actions import telling
from sharedtable.people.actions.erasing import erase
from sharedtable.people.actions.telling import PURPOSE, Told
from sharedtable.people.models import Membership, Organisation, Person, ShownTo, Tie
from sharedtable.people.search import refresh_organisations, refresh_people
from sharedtable.people.told_models import ToldTie
from sharedtable.studies.questions import Region, Sector
from sharedtable.web.actor import link_cookie
from sharedtable.web.connections.network import LETTERS, End, network
from sharedtable.web.connections.pages import drawn
from tests.cast import Cast, Team
from tests.web.conftest import words

PAGE = "/s/ohio/p/plastics/connections/"


@pytest.fixture
def record(cast: Cast) -> Cast:
    refresh_organisations(Organisation.objects.all())
    refresh_people(Person.objects.all())
    for team in (cast.ohio, cast.maine):
        Scope.objects.create(
            space=team.space, partnership=team.partnership, version=1, region_name="R", sector_name="Plastics",
            region_text=Region("R", ("39041",)).to_text(), sector_text=Sector("Plastics", ("326",)).to_text(),
            company_rules=[{"rule": "naics"}],
            made_at=timezone.now(), made_by="operator",
        )  # fmt: skip
    return cast


def link_of(team: Team, person: Person, purpose: str = PURPOSE) -> tuple[PersonalLink, str]:
    return make_link(
        by=team.actor("convener"), purpose=purpose, person_id=person.pk, kind="partnership",
        object_id=team.partnership.pk,
    )  # fmt: skip


def phone(cast: Cast, person: Person) -> tuple[Client, int]:
    """A browser in which somebody opened their link."""
    link, token = link_of(cast.ohio, person)
    client = cast.client("visitor")
    client.cookies[link_cookie(link.pk)] = token
    return client, link.pk


def company(team: Team, name: str, code: str = "326199") -> Organisation:
    now = timezone.now()
    made = Organisation.objects.create(
        space=team.space, kind="business", name=name, naics_code=code, made_at=now, changed_at=now
    )
    refresh_organisations([made.pk])
    return made


def told(team: Team, person: Person, *what: Told) -> int:
    return connecting.tell(by=actor_of_link(link_of(team, person)[0]), told=what)


def colleague(team: Team) -> Person:
    """Somebody of the workforce board with a mail address."""
    now = timezone.now()
    made = Person.objects.create(
        space=team.space, name="Bo Board", email="bo@board.example", made_at=now, changed_at=now
    )
    Membership.objects.create(space=team.space, person=made, organisation=team.board, made_at=now)
    return made


# --- the page of a link


def test_a_partner_tells_on_a_phone_and_the_convener_sees_the_merged_picture(record: Cast) -> None:
    convener = record.client("convener")
    sent = convener.post(PAGE + "ask", {"person": [record.ohio.partner.pk, record.maine.partner.pk]}, follow=True)
    assert "1 letter waits" in words(sent)
    letter = Letter.objects.get(kind=PURPOSE)
    assert letter.to_address == record.ohio.partner.email and "/l/" in letter.body
    client, link = phone(record, record.ohio.partner)
    address = reverse("my-connections", args=[link])
    page = client.get(address).content.decode()
    assert "Lakeside Plastics" in page and record.ohio.chair.name in page
    assert record.ohio.chair.email not in page and "Harborview" not in page
    firm = record.ohio.company.pk
    done = client.post(
        address,
        {f"know-{firm}": "3", f"person-{firm}": record.ohio.chair.pk, "company-1": "Buckeye Molds", "who-1": "Al Adams",
         "well-1": "1", "shown_to": "conveners"},
        follow=True,
    )  # fmt: skip
    assert "2 things that you told" in words(done)
    tie, waits = Tie.objects.get(), ToldTie.objects.get()
    assert (tie.person, tie.strength_rating, tie.source) == (record.ohio.chair, 3, PURPOSE)
    assert (waits.company_name, waits.person_name, waits.organisation) == ("Buckeye Molds", "Al Adams", None)
    said = words(convener.get(PAGE))
    for text in ("Lakeside Plastics", "Lakeside Community College", record.ohio.chair.name, "Buckeye Molds", "Al Adams",
                 "They call back the same day", "1 connection was told in words", "not in the record"):  # fmt: skip
        assert text in said, text
    assert record.ohio.chair.name in words(convener.get("/s/ohio/ties/"))


def test_what_was_told_is_confirmed_by_mail_and_taken_back_whole(record: Cast) -> None:
    client, link = phone(record, record.ohio.partner)
    firm = record.ohio.company.pk
    client.post(reverse("my-connections", args=[link]),
                {f"know-{firm}": "2", f"person-{firm}": record.ohio.chair.pk, "company-1": "New Mold", "who-1": "",
                 "well-1": "1", "shown_to": "team"})  # fmt: skip
    act = LinkAct.objects.get(key="connections.tell")
    assert Letter.objects.filter(kind="confirmation").count() == 1
    assert Entry.objects.filter(verb="connections.tell").count() == 1
    undo, _token = make_link(
        by=record.ohio.actor("convener"), purpose="undo", person_id=record.ohio.partner.pk, kind="act", object_id=act.pk
    )
    telling.undo(act.object_id, actor_of_link(undo))
    assert not Tie.objects.filter(ended_at=None).exists() and not ToldTie.objects.filter(ended_at=None).exists()


def test_opening_the_page_changes_nothing_and_another_link_does_not_open_it(record: Cast) -> None:
    client, link = phone(record, record.ohio.partner)
    before = Entry.objects.count()
    address = reverse("my-connections", args=[link])
    assert client.get(address).status_code == client.head(address).status_code == 200
    assert Entry.objects.count() == before and not Tie.objects.exists()
    assert record.client("visitor").get(address).status_code == 404
    other = actor_of_link(link_of(record.ohio, record.ohio.partner, "ties")[0])
    with pytest.raises(Missing):
        connecting.tell(by=other, told=[Told(1, "team", company="X")])


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"company-1": "New Mold", "well-1": "7", "shown_to": "team"}, "how well you know"),
        ({"company-1": "New Mold", "well-1": "1", "shown_to": "world"}, "who may see it"),
        ({"company-1": "…", "well-1": "1", "shown_to": "team"}, "name of the company"),
        ({"know-999999": "1", "shown_to": "team"}, "not on the list any more"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_nothing_typed_is_lost(record: Cast, form, said) -> None:
    client, link = phone(record, record.ohio.partner)
    page = client.post(reverse("my-connections", args=[link]), {"company-2": "Kept Co", "well-2": "1", **form})
    assert page.status_code == 422 and said in words(page) and "Kept Co" in page.content.decode()
    assert not Tie.objects.exists() and not ToldTie.objects.exists()


def test_a_company_of_another_team_cannot_be_told(record: Cast) -> None:
    mine, other = record.ohio.company.pk, record.maine.company.pk
    strangers = Told(1, "team", organisation_id=mine, person_id=record.maine.chair.pk)
    for wrong in (Told(1, "team", organisation_id=other), strangers):
        with pytest.raises(Refused):
            told(record.ohio, record.ohio.partner, wrong)
    assert not Tie.objects.exists()


def test_a_typed_name_that_the_record_knows_becomes_a_tie_at_once_and_is_never_kept_twice(record: Cast) -> None:
    wanted = Told(2, "team", company="lakeside  PLASTICS", person=record.ohio.chair.name.upper())
    assert told(record.ohio, record.ohio.partner, wanted) == 1
    assert Tie.objects.get().person == record.ohio.chair and not ToldTie.objects.exists()
    assert told(record.ohio, record.ohio.partner, wanted) == 0
    assert told(record.ohio, record.ohio.partner, Told(2, "team", company="Mold Co")) == 1
    assert told(record.ohio, record.ohio.partner, Told(2, "team", company="mold co")) == 0
    told(record.ohio, record.ohio.partner, Told(3, "team", company="Mold Co"))
    assert [one.strength_rating for one in ToldTie.objects.filter(ended_at=None)] == [3]


def test_a_link_lists_the_companies_of_its_scope_and_never_one_beside_it(record: Cast) -> None:
    steel = company(record.ohio, "Quill Steel", "331110")
    worker = colleague(record.ohio)
    Membership.objects.create(space=record.ohio.space, person=worker, organisation=steel, made_at=timezone.now())
    client, link = phone(record, record.ohio.partner)
    address = reverse("my-connections", args=[link])
    for text in ("Quill", "Quill Steel", "quill steel", "Bo Board", "steel"):
        assert "Quill Steel" not in words(client.get(address, {"q": text})).replace(text, "")
    page = client.post(address, {f"know-{steel.pk}": "1", "shown_to": "team"})
    assert page.status_code == 422 and not ToldTie.objects.exists()
    # Its name as typed: kept like that of a company which nobody knows, and nothing tells the two apart.
    typed = {"who-1": "bo board", "well-1": "2", "company-2": "quill steels", "who-2": "Al Adams", "well-2": "2"}
    page = client.post(address, {"company-1": "quill steel", "shown_to": "team", **typed}, follow=True)
    said = words(page)
    assert "quill steel" in said and "bo board" in said and "Quill Steel" not in said and "Bo Board" not in said
    assert not Tie.objects.exists()
    found = connection_queries.universe(record.ohio.actor("convener"), record.ohio.partnership)
    doors = {door.name: door for door in found.doors}
    assert doors["Quill Steel"].organisation_id == steel.pk and doors["Quill Steel"].is_suggested
    assert doors["quill steels"].organisation_id == 0
    assert "Quill Steel suggested by a partner" in words(record.client("convener").get(PAGE))


def test_without_a_scope_a_link_lists_nothing_and_names_can_be_written(record: Cast) -> None:
    Scope.objects.filter(space=record.ohio.space).delete()
    client, link = phone(record, record.ohio.partner)
    page = client.get(reverse("my-connections", args=[link]), {"q": "Lakeside"})
    assert "Lakeside Plastics" not in words(page) and "Write it below" in words(page)
    assert told(record.ohio, record.ohio.partner, Told(1, "team", company="Lakeside Plastics")) == 1
    assert ToldTie.objects.get().organisation == record.ohio.company


def test_a_scope_that_no_company_meets_does_not_claim_that_somebody_knows_each(record: Cast) -> None:
    Organisation.objects.filter(space=record.ohio.space).update(naics_code="331110")
    page = record.client("convener").get(PAGE)
    assert "Somebody knows each company" not in words(page) and "To the companies" in words(page)
    assert "No company of the record meets the scope yet" in words(page)


# --- taken back


def take_back(team: Team, person: Person, act: LinkAct) -> None:
    by = actor_of_link(make_link(by=team.actor("convener"), purpose="undo", person_id=person.pk)[0])
    telling.undo(act.object_id, by)


def test_undoing_takes_back_the_tie_that_a_convener_made_of_it_and_the_older_one_stands_again(record: Cast) -> None:
    team, partner = record.ohio, record.ohio.partner
    at = {"organisation_id": team.company.pk}
    told(team, partner, Told(1, "team", person_id=team.chair.pk, **at))
    older = Tie.objects.get()
    told(team, partner, Told(3, "team", person="C. Chair", **at))
    act = LinkAct.objects.latest("pk")
    telling.settle(by=team.actor("convener"), number=ToldTie.objects.get().pk, person_id=team.chair.pk)
    assert [tie.strength_rating for tie in Tie.objects.filter(ended_at=None)] == [3]
    take_back(team, partner, act)
    assert list(Tie.objects.filter(ended_at=None)) == [older] and not ToldTie.objects.filter(ended_at=None).exists()


def test_undoing_takes_back_the_copies_that_others_may_see(record: Cast) -> None:
    team, partner = record.ohio, record.ohio.partner
    told(team, partner, Told(2, "me", organisation_id=team.company.pk, person_id=team.chair.pk),
         Told(2, "me", company="Quiet Molds"))  # fmt: skip
    act = LinkAct.objects.get()
    by = actor_of_link(link_of(team, partner)[0])
    for choice in ("agency", "team"):
        numbers = {("tie", Tie.objects.get(ended_at=None).pk): choice}
        numbers |= {("told", ToldTie.objects.get(ended_at=None).pk): choice}
        assert telling.change_told(by=by, shown_to=numbers) == 2
    take_back(team, partner, act)
    assert not Tie.objects.filter(ended_at=None).exists() and not ToldTie.objects.filter(ended_at=None).exists()


def test_undoing_a_later_act_too_does_not_bring_back_what_the_first_undo_took(record: Cast) -> None:
    team, partner = record.ohio, record.ohio.partner
    told(team, partner, Told(2, "me", organisation_id=team.company.pk, person_id=team.chair.pk),
         Told(2, "me", company="Quiet Molds"))  # fmt: skip
    numbers = {("tie", Tie.objects.get().pk): "team", ("told", ToldTie.objects.get(tie=None).pk): "team"}
    telling.change_told(by=actor_of_link(link_of(team, partner)[0]), shown_to=numbers)
    for act in LinkAct.objects.order_by("pk")[:2]:
        take_back(team, partner, act)
    assert not Tie.objects.filter(ended_at=None).exists() and not ToldTie.objects.filter(ended_at=None).exists()


def test_undoing_leaves_what_was_said_anew_since(record: Cast) -> None:
    team, partner = record.ohio, record.ohio.partner
    for strength in (1, 2, 3):
        told(team, partner, Told(strength, "team", organisation_id=team.company.pk, person_id=team.chair.pk))
    take_back(team, partner, LinkAct.objects.order_by("pk")[1])
    assert [tie.strength_rating for tie in Tie.objects.filter(ended_at=None)] == [3]


# --- who may see it


SEES = {
    "me": set(),
    "agency": {"agency"},
    "conveners": {"agency", "convener"},
    "team": {"agency", "convener", "admin"},
}


@pytest.mark.parametrize("shown_to", ShownTo.values)
def test_a_tie_shows_to_those_alone_whom_the_sharer_chose(record: Cast, shown_to: str) -> None:
    firm = record.ohio.company.pk
    told(
        record.ohio, record.ohio.partner,
        Told(3, shown_to, organisation_id=firm, person_id=record.ohio.chair.pk),
        Told(3, shown_to, company="Quiet Molds", person="Quinn Quiet"),
    )  # fmt: skip
    for role in ("admin", "convener", "agency"):
        found = connection_queries.universe(record.ohio.actor(role), record.ohio.partnership)
        sees = role in SEES[shown_to]
        assert (len(found.doors) == 2, len(found.reaches) == 1) == (sees, sees), role
        assert (firm in dict(found.blanks)) is not sees  # a hidden tie does not show by being missing
        client = record.client(role)
        for address in (PAGE, PAGE + "connections.docx"):
            assert client.get(address).status_code == 200
        assert ("Quinn Quiet" in client.get(PAGE).content.decode()) is sees
        book = openpyxl.load_workbook(io.BytesIO(client.get(PAGE + "connections.xlsx").content))
        every = {str(cell.value) for sheet in book for row in sheet for cell in row}
        assert ("Quinn Quiet" in every) is sees
    for role in ("economist", "adviser", "state", "stranger", "visitor"):
        assert record.client(role).get(PAGE).status_code in (302, 404), role
    elsewhere = record.client("convener", "maine").get("/s/maine/p/plastics/connections/")
    assert elsewhere.status_code == 200 and "Quinn Quiet" not in elsewhere.content.decode()
    mine = connection_queries.own_ties(actor_of_link(link_of(record.ohio, record.ohio.partner)[0]))
    assert {one.shown_to for one in mine} == {shown_to} and len(mine) == 2


def test_another_page_of_ties_keeps_the_choice_too(record: Cast) -> None:
    firm = record.ohio.company.pk
    told(record.ohio, record.ohio.partner, Told(3, "agency", organisation_id=firm, person_id=record.ohio.chair.pk))
    convener = record.ohio.actor("convener")
    assert tie_queries.tie_grid(convener).total == 0 and tie_queries.tie_grid(record.ohio.actor("agency")).total == 1
    page = record.client("convener").get(reverse("person", args=["ohio", record.ohio.chair.pk]))
    assert "call back the same day" not in words(page).split("How well")[0]
    _page, found = tie_queries.candidates(convener, {}, "en")
    assert all(one.best_tie == 0 for one in found)


def test_an_agency_does_not_see_what_another_agency_told_its_own_people(record: Cast) -> None:
    told(record.ohio, colleague(record.ohio), Told(3, "agency", company="Board Molds"))
    assert not connection_queries.universe(record.ohio.actor("agency"), record.ohio.partnership).doors


def test_the_sharer_opens_closes_and_takes_away_what_they_told(record: Cast) -> None:
    told(record.ohio, record.ohio.partner, Told(3, "me", company="Quiet Molds"))
    client, link = phone(record, record.ohio.partner)
    convener = record.ohio.actor("convener")
    for choice, count in (("team", 1), ("agency", 0), ("conveners", 1), ("", 0)):
        live = ToldTie.objects.get(ended_at=None)
        client.post(reverse("my-connections-shown", args=[link]), {f"told-{live.pk}": choice})
        assert len(connection_queries.universe(convener, record.ohio.partnership).doors) == count, choice
    assert not ToldTie.objects.filter(ended_at=None).exists()


def test_nobody_changes_the_ties_of_somebody_else(record: Cast) -> None:
    told(record.ohio, colleague(record.ohio), Told(3, "me", company="Board Molds"))
    client, link = phone(record, record.ohio.partner)
    number = ToldTie.objects.get().pk
    client.post(reverse("my-connections-shown", args=[link]), {f"told-{number}": "team"})
    assert ToldTie.objects.get().shown_to == "me"


def test_a_convener_of_one_partnership_alone_sees_what_is_for_the_whole_team(record: Cast) -> None:
    told(
        record.ohio, record.ohio.partner, Told(3, "conveners", company="Office Molds"), Told(2, "team", company="Open")
    )
    user = record.ohio.users["adviser"]
    Grant.objects.create(
        space=record.ohio.space, user=user, role="convener", partnership_id=record.ohio.partnership.pk,
        granted_by="operator", granted_at=timezone.now(),
    )  # fmt: skip
    found = connection_queries.universe(actor_of_user(user, "ohio"), record.ohio.partnership)
    assert [door.name for door in found.doors] == ["Open"]


# --- the picture


def test_overlaps_blanks_and_agencies_without_a_tie_are_named(record: Cast) -> None:
    lonely = company(record.ohio, "Lonely Plastics")
    company(record.ohio, "Far Steel", "331110")
    chair = {"organisation_id": record.ohio.company.pk, "person_id": record.ohio.chair.pk}
    told(record.ohio, record.ohio.partner, Told(3, "team", **chair))
    told(record.ohio, colleague(record.ohio), Told(1, "team", **chair))
    found = connection_queries.universe(record.ohio.actor("convener"), record.ohio.partnership)
    assert [one.name for one in found.overlaps] == ["Lakeside Plastics"] and found.known_in_scope == 1
    assert [(one.agency, one.strength, one.through) for one in found.overlaps[0].agencies] == [
        ("Lakeside Community College", 3, [record.ohio.partner.name]), ("Lakeside Workforce Board", 1, ["Bo Board"]),
    ]  # fmt: skip
    assert not any(one.is_suggested for one in found.doors)
    assert found.blanks == [(lonely.pk, "Lonely Plastics")]
    Tie.objects.all().update(ended_at=timezone.now())
    found = connection_queries.universe(record.ohio.actor("convener"), record.ohio.partnership)
    assert found.idle == ["Lakeside Community College"] and len(found.blanks) == 2


def test_each_name_drawn_leads_to_the_row_that_says_the_same(record: Cast) -> None:
    told(record.ohio, record.ohio.partner,
         Told(3, "team", organisation_id=record.ohio.company.pk, person_id=record.ohio.chair.pk),
         Told(1, "team", company="A company with a name as long as a freight train in Ohio"))  # fmt: skip
    page = record.client("convener").get(PAGE).content.decode()
    targets = re.findall(r'class="network__end[^"]*" href="#([^"]+)"', page)
    assert len(targets) == 3 and all(f'id="{target}"' in page for target in targets)
    assert "<script" not in page.split("<main")[1].split("</main")[0]
    assert page.count('class="network__line network__line--') == 2 + 3  # two ties, and the key


def test_a_long_name_is_cut_in_the_picture_and_nothing_overlaps() -> None:
    left = [End(f"a{n}", "An agency with a very long name indeed") for n in range(30)]
    right = [End(f"c{n}", "Supercalifragilistic-Manufacturing Incorporated of Ohio") for n in range(50)]
    found = network(left, right, {(f"a{n % 30}", f"c{n}"): (1 + n % 3, "x") for n in range(50)})
    assert found is not None and (len(found.left), len(found.right)) == (12, 20) and found.left_out == 18 + 30
    for side in (found.left, found.right):
        heights = [spot.y for spot in side]
        assert all(later - earlier >= found.row for earlier, later in zip(heights, heights[1:], strict=False))
        assert all(len(line) <= LETTERS for spot in side for line in spot.lines)
    assert network(left, right, {}) is None


def test_two_thousand_ties_stay_one_page_and_few_queries(record: Cast, django_assert_max_num_queries) -> None:
    now, team = timezone.now(), record.ohio
    stamp = {"space": team.space, "made_at": now, "changed_at": now}
    firms = Organisation.objects.bulk_create(
        [Organisation(kind="business", name=f"Firm {n:03}", naics_code="326199", **stamp) for n in range(500)]
    )
    people = Person.objects.bulk_create([Person(name=f"Person {n}", **stamp) for n in range(500)])
    Membership.objects.bulk_create(
        [
            Membership(space=team.space, person=p, organisation=f, made_at=now)
            for p, f in zip(people, firms, strict=True)
        ]
    )
    agencies = Organisation.objects.bulk_create(
        [Organisation(kind="support", name=f"Agency {n:02}", **stamp) for n in range(20)]
    )
    Tie.objects.bulk_create(
        Tie(space=team.space, person=people[n % 500], agency=agencies[(n + n // 500) % 20], strength_rating=1 + n % 3,
            made_by="operator", made_at=now)
        for n in range(2_000)
    )  # fmt: skip
    by = team.actor("convener")
    with django_assert_max_num_queries(9):
        found = connection_queries.universe(by, team.partnership)
    assert (len(found.doors), len(found.reaches), len(found.overlaps)) == (500, 20, 500)
    picture = drawn(list(found.doors[:20]))
    assert picture is not None and len(picture.right) == 20 and len(picture.left) <= 12 and picture.height < 900
    page = record.client("convener").get(PAGE)
    assert len(page.content) < 120_000 and "Firm 000" in words(page) and 'rel="next"' in page.content.decode()


# --- told in words, settled once


def test_a_convener_says_who_is_meant_and_it_becomes_a_tie_that_the_same_people_see(record: Cast) -> None:
    told(record.ohio, record.ohio.partner, Told(2, "team", company="Lakeside Plastic", person="C. Chair"))
    waits = ToldTie.objects.get()
    client = record.client("convener")
    assert "Lakeside Plastics" in words(client.get("/s/ohio/ties/told"))
    client.post("/s/ohio/ties/told", {"told": waits.pk, "company": record.ohio.company.pk})
    assert record.ohio.chair.name in words(client.get("/s/ohio/ties/told"))
    client.post("/s/ohio/ties/told", {"told": waits.pk, "person": record.ohio.chair.pk})
    tie = Tie.objects.get()
    assert (tie.person, tie.known_by, tie.shown_to, tie.strength_rating) == (
        record.ohio.chair, record.ohio.partner, "team", 2,
    )  # fmt: skip
    waits.refresh_from_db()
    assert waits.tie == tie and waits.ended_at and "Nothing waits" in words(client.get("/s/ohio/ties/told"))
    assert Entry.objects.filter(verb="tie.settle").count() == 1
    for role in ("admin", "agency", "economist", "visitor"):
        assert record.client(role).get("/s/ohio/ties/told").status_code in (302, 404)


@pytest.mark.parametrize("shown_to", ["me", "agency"])
def test_a_convener_cannot_settle_what_was_not_told_to_conveners(record: Cast, shown_to: str) -> None:
    told(record.ohio, record.ohio.partner, Told(2, shown_to, company="Secret Molds", person="Sam"))
    by, number = record.ohio.actor("convener"), ToldTie.objects.get().pk
    assert "Secret Molds" not in words(record.client("convener").get("/s/ohio/ties/told"))
    with pytest.raises(Missing):
        telling.settle(by=by, number=number, person_id=record.ohio.chair.pk)
    with pytest.raises(Missing):
        telling.place(by=by, number=number, organisation_id=record.ohio.company.pk)


def test_erasing_somebody_takes_out_what_was_told_about_them(record: Cast) -> None:
    told(record.ohio, record.ohio.partner, Told(2, "team", company="Mold Co", person=record.ohio.champion.name))
    erase(by=record.ohio.actor("convener"), pk=record.ohio.champion.pk)
    assert not ToldTie.objects.exists()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_speak_both_languages(record: Cast, language: str) -> None:
    told(record.ohio, record.ohio.partner, Told(2, "team", company="Mold Co", person="Sam"))
    client, link = phone(record, record.ohio.partner)
    convener = record.client("convener")
    for browser, address, said in (
        (convener, PAGE, ("Who knows which company", "Quién conoce a qué empresa")),
        (convener, "/s/ohio/ties/told", ("Told in words", "Dicho con palabras")),
        (client, reverse("my-connections", args=[link]), ("Which companies do you know", "Qué empresas conoce")),
    ):
        browser.cookies["language"] = language
        assert said[language == "es"] in words(browser.get(address))
