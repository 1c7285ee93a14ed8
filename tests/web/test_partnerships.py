"""The pages of partnerships: who may see and change what, that they work end to end, and how many queries they ask."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sharedtable.accounts.models import Grant, User
from sharedtable.partnerships import actions, clocking, deciding, scoping, seating, teamwork
from sharedtable.partnerships.models import Deadline, Decision, Partnership, Seat
from sharedtable.people.models import Membership, Organisation, Person
from sharedtable.web.partnerships.frame import BESIDE, TABS

S, P = "/s/ohio/", "/s/ohio/p/plastics/"
FRANKLIN = "39049"


@pytest.fixture
def furnished(cast):
    """The team of Ohio with one of everything."""
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    scoping.make_version(by=by, partnership=one, based_on=0, region=FRANKLIN, sector="3261", note="")
    wanted = deciding.Wanted(
        "Which first?", "sector", options=[deciding.Choice("A"), deciding.Choice("B")], chosen="A", reasons="R"
    )
    deciding.decide(by=by, partnership=one, wanted=wanted)
    clocking.set_meeting(by=by, partnership=one, on=timezone.localdate(), is_launch=True)
    teamwork.place_on_map(by=by, partnership=one, place="suppliers", name="Resin maker")
    return cast


def pages(cast) -> dict[str, str]:
    seat, decision = cast.ohio.chair_seat.pk, Decision.objects.get().pk
    due = Deadline.objects.filter(partnership=cast.ohio.partnership).first().pk
    return {
        "space": S, "partnerships": S + "partnerships/", "begin": S + "partnerships/begin", "shared": S + "shared/",
        "succession": S + "succession/", "programs": S + "programs/", "program": S + "programs/add",
        "contacts": S + "contacts/", "contact": S + "contacts/set", "home": P, "describe": P + "describe",
        "seats": P + "seats/", "give": P + "seats/give", "seat": f"{P}seats/{seat}/",
        "change": f"{P}seats/{seat}/change",
        "ask": f"{P}seats/{seat}/ask", "hand over": f"{P}seats/{seat}/hand-over", "scope": P + "scope/",
        "version": P + "scope/version", "companies": P + "companies/", "decisions": P + "decisions/",
        "make": P + "decisions/make?kind=convener", "decision": f"{P}decisions/{decision}/",
        "word": f"{P}decisions/{decision}/decision.docx", "clock": P + "clock/", "due": f"{P}clock/{due}",
        "hours": P + "hours/", "map": P + "map/", "agreement": P + "agreement/", "sharing": P + "sharing/",
    }  # fmt: skip


EVERYBODYS = {"space", "shared"}
READERS = {
    "partnerships", "succession", "programs", "home", "seats", "seat", "scope", "decisions", "decision", "word",
    "clock", "hours", "map", "agreement",
}  # fmt: skip
MAY = {
    "admin": EVERYBODYS | READERS | {"begin", "companies", "contacts"},
    "agency": EVERYBODYS | READERS | {"companies", "contacts"},
    "economist": EVERYBODYS | READERS,
    "adviser": EVERYBODYS | READERS,
    "state": EVERYBODYS,
    "stranger": set(),
    "visitor": set(),
}


def test_a_convener_opens_every_page_in_both_languages(furnished) -> None:
    client = furnished.client("convener")
    for language in ("en", "es"):
        client.cookies["language"] = language
        for name, address in pages(furnished).items():
            assert client.get(address).status_code == 200, name


@pytest.mark.parametrize("role", sorted(MAY))
def test_each_role_opens_what_it_may_and_everything_else_is_not_there(furnished, role) -> None:
    client = furnished.client(role)
    found = {name for name, address in pages(furnished).items() if client.get(address).status_code == 200}
    assert found == MAY[role]


def test_a_convener_of_another_space_finds_nothing_by_any_address(furnished) -> None:
    other = furnished.client("convener", "maine")
    for name, address in pages(furnished).items():
        assert other.get(address).status_code == 404, name
        mixed = address.replace("/s/ohio/", "/s/maine/")
        if re.search(r"/(seats|decisions|clock)/\d+", address):
            assert other.get(mixed).status_code == 404, f"{name} by a foreign number"


def test_reading_changes_nothing(furnished) -> None:
    from sharedtable.ledger.models import Entry

    before = Entry.objects.count()
    client = furnished.client("convener")
    for address in pages(furnished).values():
        client.get(address)
        client.head(address)
    assert Entry.objects.count() == before


def crowd(cast, count: int) -> None:
    """So many more people at both tables, and companies in the record."""
    team, by, now = cast.ohio, cast.ohio.actor("convener"), timezone.now()
    for number in range(count):
        for kind, role, system in (("business", "member", ""), ("support", "core_partner", "education")):
            place = Organisation.objects.create(
                space=team.space, kind=kind, name=f"{kind} {count} {number}", system=system, naics_code="326113",
                county_code=FRANKLIN, employees=70, search_text="x", made_at=now, changed_at=now,
            )  # fmt: skip
            person = Person.objects.create(
                space=team.space, name=f"P {role} {count} {number}", family_name=f"{number}", search_text="p",
                made_at=now, changed_at=now,
            )  # fmt: skip
            Membership.objects.create(space=team.space, person=person, organisation=place, made_at=now)
            seating.give_seat(by=by, partnership=team.partnership, role=role, person=person)
        clocking.add_deadline(
            by=by, partnership=team.partnership, title=f"D {number}", due_on=now.date() + timedelta(days=number)
        )
    actions.begin(by=by, name=f"Another {count}", region=FRANKLIN, sector="3261")


MOST_QUERIES = 28
COUNTED = ("space", "partnerships", "home", "seats", "seat", "scope", "companies", "decisions", "clock", "hours", "map",
           "agreement", "succession", "programs", "contacts", "give", "sharing")  # fmt: skip


def test_the_number_of_queries_does_not_grow_with_people_or_partnerships(furnished) -> None:
    from django.db import connection

    client, addresses = furnished.client("convener"), pages(furnished)

    def asked() -> dict[str, int]:
        found = {}
        for name in COUNTED:
            client.get(addresses[name])
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(addresses[name])
            found[name] = len(queries)
        return found

    crowd(furnished, 2)
    few = asked()
    crowd(furnished, 7)
    assert asked() == few
    assert max(few.values()) <= MOST_QUERIES, few


def test_a_convener_begins_a_partnership_and_gives_the_first_seat_in_two_forms(cast) -> None:
    client = cast.client("convener")
    answer = client.post(
        S + "partnerships/begin", {"name": "Steel, Ohio", "region": FRANKLIN, "sector": "3311"}, follow=True
    )
    assert "The partnership has begun" in answer.content.decode()
    one = Partnership.objects.get(slug="steel-ohio")
    answer = client.post(
        "/s/ohio/p/steel-ohio/seats/give", {"role": "chair", "person": cast.ohio.chair.pk}, follow=True
    )
    page = answer.content.decode()
    assert cast.ohio.chair.name in page and "The seat is given" in page
    assert one.seats.get().ends_on is not None


def test_what_is_refused_stands_above_the_form_with_everything_that_was_typed(cast) -> None:
    client = cast.client("convener")
    answer = client.post(
        P + "seats/give", {"role": "chair", "person": cast.ohio.partner.pk, "contribution": "Her voice"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "belongs to a support partner" in page and "Her voice" in page
    assert f'href="{S}people/{cast.ohio.partner.pk}/"' in page, "the way to where the record can be put right"
    answer = client.post(
        P + "scope/version", {"based_on": 0, "region": "Nowhere", "sector": "3261", "rules": ["county"]}
    )
    assert answer.status_code == 422 and 'value="Nowhere"' in answer.content.decode()


def test_after_a_letter_with_a_seat_is_written_its_page_leads_to_the_outbox(cast) -> None:
    asks = f"{P}seats/{cast.ohio.chair_seat.pk}/ask"
    page = cast.client("convener").post(asks, {"words": ""}, follow=True).content.decode()
    assert "held for ten minutes" in page and f'<a href="{S}letters/">See what waits in the outbox</a>' in page


def test_a_stale_scope_form_is_refused_and_keeps_what_was_typed(furnished) -> None:
    client = furnished.client("convener")
    said = {"based_on": 0, "region": FRANKLIN, "sector": "3261", "note": "My reason"}
    answer = client.post(P + "scope/version", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "made version 1 of this scope meanwhile" in page and "My reason" in page


def test_ready_is_blocked_on_the_page_below_one_hundred_companies(furnished) -> None:
    client = furnished.client("convener")
    answer = client.post(P + "scope/ready", {"version": 1})
    assert answer.status_code == 422 and "the method asks for 100" in answer.content.decode()
    assert "Ready, although too few" in client.get(P + "scope/").content.decode()
    answer = client.post(P + "scope/ready", {"version": 1, "reason": "A small valley"}, follow=True)
    assert "A small valley" in answer.content.decode()


def test_a_decision_is_written_down_on_the_page_with_its_options(cast) -> None:
    client = cast.client("convener")
    said = {
        "kind": "convener", "question": "Who convenes?", "chosen": "Board", "reasons": "Time.",
        "option0-option": "Board", "option0-rating_neutrality": "4", "option0-leaves_behind": "Its figures",
        "agreed": [cast.ohio.partner_seat.pk],
    }  # fmt: skip
    page = client.post(P + "decisions/make", said, follow=True).content.decode()
    for text in ("Who convenes?", "4 of 5", "Its figures", cast.ohio.partner.name):
        assert text in page
    missing = client.post(P + "decisions/make", {**said, "option0-leaves_behind": ""})
    assert missing.status_code == 422 and "which agenda of its own" in missing.content.decode()


def test_the_table_is_drawn_with_a_list_that_says_the_same(cast) -> None:
    page = cast.client("convener").get(P).content.decode()
    picture = re.search(r'<svg class="tables".*?</svg>', page, re.DOTALL)[0]
    assert 'aria-hidden="true"' in picture
    for name in (cast.ohio.chair.name, cast.ohio.partner.name):
        assert name in picture
        assert name in page.replace(picture, "")


def test_the_clock_is_set_planned_and_done_on_its_page(cast) -> None:
    client = cast.client("convener")
    today = timezone.localdate()
    launch = today - timedelta(days=31)
    page = client.post(P + "clock/", {"do": "meeting", "on": launch, "is_launch": "on"}, follow=True).content.decode()
    assert "Calls of the action teams" in page and "Late by 1 day." in page
    due = Deadline.objects.get(key="second_meeting", partnership=cast.ohio.partnership)
    client.post(f"{P}clock/{due.pk}", {"planned_on": launch + timedelta(days=70)})
    assert "Day 70 after the meeting; due by day 60." in client.get(P + "clock/").content.decode()
    page = client.post(f"{P}clock/{due.pk}", {"do": "done"}, follow=True).content.decode()
    assert "Done today." in page


def test_agency_staff_read_the_clock_but_cannot_set_it(cast) -> None:
    client = cast.client("agency")
    assert client.get(P + "clock/").status_code == 200
    assert client.post(P + "clock/", {"do": "own", "title": "X", "due_on": timezone.localdate()}).status_code == 404
    assert not Deadline.objects.filter(title="X").exists()


def test_the_state_sees_what_is_shared_word_for_word_as_in_the_preview(cast) -> None:
    convener, state = cast.client("convener"), cast.client("state")
    assert "No partnership shares anything yet." in state.get(S + "shared/").content.decode()
    preview = convener.post(P + "sharing/", {"shares": ["stage", "counts"]}, follow=True).content.decode()
    facts = re.search(r'<dl class="facts">.*?</dl>', preview, re.DOTALL)[0]
    page = state.get(S + "shared/").content.decode()
    assert facts in page
    assert cast.ohio.chair.name not in page
    assert state.get(P).status_code == 404


def test_a_company_is_left_out_by_hand_with_a_reason_and_the_list_goes_out_as_a_file(furnished) -> None:
    client, company = furnished.client("convener"), furnished.ohio.company
    Organisation.objects.filter(pk=company.pk).update(county_code=FRANKLIN)
    assert company.name in client.get(P + "companies/").content.decode()
    answer = client.get(P + "companies/companies.csv")
    assert company.name.encode() in answer.content and answer["Content-Type"].startswith("text/csv")
    client.post(f"{P}companies/{company.pk}/mark", {"is_in": "out", "reason": "Closes in May"})
    client.get(P)  # takes the message along
    assert company.name not in client.get(P + "companies/").content.decode()
    assert "Closes in May" in client.get(P + "companies/?show=out").content.decode()
    assert "Closes in May" not in furnished.client("agency").get(P + "companies/?show=out").content.decode()


def test_programs_and_points_of_contact_are_kept_on_their_pages(cast) -> None:
    client = cast.client("convener")
    said = {"name": "Veterans", "organisation": cast.ohio.board.pk, "group": "programs", "owner": cast.ohio.partner.pk}
    page = client.post(S + "programs/add", said, follow=True).content.decode()
    assert "Veterans" in page and cast.ohio.partner.name in page
    said = {"organisation": cast.ohio.company.pk, "lead": cast.ohio.partner.pk, "topic": "Hiring"}
    page = client.post(S + "contacts/set", said, follow=True).content.decode()
    assert cast.ohio.company.name in page and "no cover" in page


def test_hours_map_and_agreement_work_on_their_pages(cast) -> None:
    client = cast.client("convener")
    said = {"organisation": cast.ohio.board.pk, "hours_a_week": "12", "started_on": timezone.localdate()}
    page = client.post(P + "hours/", said, follow=True).content.decode()
    assert "0.30" in page and "Too little working time" in page
    page = client.post(P + "hours/steps", {"planned1": "120", "actual1": "150"}, follow=True).content.decode()
    assert "has taken 150 hours of 120" in page
    page = client.post(P + "map/", {"place": "buyers", "name": "Car makers"}, follow=True).content.decode()
    assert "Car makers" in page
    client.post(P + "agreement/write")
    page = client.get(P + "agreement/").content.decode()
    assert cast.ohio.college.name in page and "0 of 1 organizations confirmed" in page
    assert client.get(P + "agreement/agreement.pdf").content.startswith(b"%PDF")


def test_the_seat_of_a_convener_is_handed_over_on_its_page(cast) -> None:
    by, client = cast.ohio.actor("convener"), cast.client("convener")
    seat = seating.give_seat(
        by=by, partnership=cast.ohio.partnership, role="core_partner", organisation=cast.ohio.board
    )
    assert client.get(f"{P}seats/{seat.pk}/").status_code == 200
    assert client.get(f"{P}seats/{seat.pk}/hand-over-convening").status_code == 404
    Seat.objects.filter(pk=cast.ohio.partner_seat.pk).update(role="convener")
    heir = Person.objects.create(
        space=cast.ohio.space,
        name="Hal Heir",
        search_text="hal heir",
        made_at=timezone.now(),
        changed_at=timezone.now(),
    )
    address = f"{P}seats/{cast.ohio.partner_seat.pk}/hand-over-convening"
    page = client.post(address, {"person": heir.pk}, follow=True).content.decode()
    assert "Convening is handed over." in page and "Hal Heir" in page


def test_every_page_opens_before_anything_is_there(cast) -> None:
    actions.begin(by=cast.ohio.actor("convener"), name="Empty")
    client = cast.client("convener")
    for page in ("", "seats/", "scope/", "scope/version", "companies/", "decisions/", "clock/", "hours/", "map/",
                 "agreement/", "sharing/", "describe", "seats/give", "decisions/make"):  # fmt: skip
        assert client.get(f"/s/ohio/p/empty/{page}").status_code == 200, page
    assert client.post("/s/ohio/p/empty/agreement/write").status_code == 422
    assert client.post("/s/ohio/p/empty/scope/ready", {"version": 0}).status_code == 404


def test_the_checklist_of_the_steps_is_ticked_and_unticked(cast) -> None:
    client = cast.client("convener")
    said = {"check": ["look_at_data", "win_chairs"]}
    page = client.post(P + "tick", said, follow=True).content.decode()
    assert page.count(" checked") == 2
    client.post(P + "tick", {"check": ["win_chairs"]})
    assert list(Partnership.objects.get(pk=cast.ohio.partnership.pk).checks) == ["win_chairs"]
    assert client.post(P + "tick", {"check": ["nonsense"]}).status_code == 422


def test_writing_by_the_address_or_with_the_number_of_another_space_changes_nothing(furnished) -> None:
    from sharedtable.ledger.models import Entry

    mine, theirs = furnished.client("convener"), furnished.ohio
    other = furnished.client("convener", "maine")
    foreign = furnished.maine
    before = Entry.objects.count()
    seat, due = theirs.chair_seat.pk, Deadline.objects.filter(partnership=theirs.partnership).first().pk
    writes = {
        "seats/give": {"role": "member", "person": theirs.champion.pk}, f"seats/{seat}/end": {},
        f"seats/{seat}/renew": {}, f"seats/{seat}/ask": {}, "step": {"number": 1, "state": "done"}, "tick": {},
        "scope/good-enough": {"version": 1}, f"clock/{due}": {"do": "done"}, "sharing/": {"shares": ["stage"]},
        "map/": {"place": "labor", "name": "X"}, "agreement/write": {},
        "decisions/make": {"kind": "other", "question": "Q", "chosen": "C", "reasons": "R"},
        f"companies/{theirs.company.pk}/mark": {"is_in": "out", "reason": "R"},
    }  # fmt: skip
    for path, said in writes.items():
        assert other.post(P + path, said).status_code == 404, path
        if re.search(r"/\d", path):  # their own address, with a number of ours in it
            assert other.post("/s/maine/p/plastics/" + path, said).status_code in (404, 422), path
    stolen = {
        f"seats/{foreign.chair_seat.pk}/end": {}, f"seats/{foreign.chair_seat.pk}/ask": {},
        f"companies/{foreign.company.pk}/mark": {"is_in": "out", "reason": "R"},
        "seats/give": {"role": "member", "person": foreign.champion.pk}, "agreement/ask": {"person": foreign.chair.pk},
    }  # fmt: skip
    for path, said in stolen.items():
        assert mine.post(P + path, said).status_code in (404, 422), path
    assert Entry.objects.count() == before


def test_the_state_lead_is_named_beside_what_is_shared(cast) -> None:
    lead = Person.objects.create(
        space=cast.ohio.space,
        name="Stella Stateland",
        search_text="s",
        made_at=timezone.now(),
        changed_at=timezone.now(),
    )
    seating.give_seat(by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, role="state_lead", person=lead)
    assert "Stella Stateland" in cast.client("state").get(S + "shared/").content.decode()


def test_co_conveners_share_a_mailbox_and_whoever_is_on_point_is_shown(cast) -> None:
    team, client = cast.ohio, cast.client("convener")
    team.space.reply_to = "table@ohio.example"
    team.space.save()
    seat = Seat.objects.get(pk=team.partner_seat.pk)
    Seat.objects.filter(pk=seat.pk).update(role="convener")
    second = Person.objects.create(
        space=team.space, name="Kit Two", search_text="k", made_at=timezone.now(), changed_at=timezone.now()
    )
    made = seating.give_seat(by=team.actor("convener"), partnership=team.partnership, role="convener", person=second)
    client.post(f"{P}seats/{made.pk}/on-point")
    page = client.get(P).content.decode()
    point = re.search(r'<section class="card card--point".*?</section>', page, re.DOTALL)[0]
    assert "Kit Two" in point and "table@ohio.example" in point


ELSEWHERE = ("agency", "convener")  # what somebody may do in another partnership opens nothing in this one


@pytest.mark.parametrize("role", ["economist", "adviser", "agency", "admin", "convener"])
def test_a_role_in_one_partnership_sees_the_tabs_that_open_and_no_other(furnished, settings, role) -> None:
    settings.LOCAL = True  # the second step of staff is another test's
    team, now = furnished.ohio, timezone.now()
    other = Partnership.objects.create(space=team.space, slug="other", name="Other", made_at=now, made_by="operator")
    user = User.objects.create_user("limited@ohio.example", "Lou Limited")
    for given, where in ((role, team.partnership), *((name, other) for name in ELSEWHERE)):
        Grant.objects.create(
            space=team.space, user=user, role=given, partnership_id=where.pk, granted_by="operator", granted_at=now,
            agency_id=team.college.pk if given == "agency" else 0,
        )  # fmt: skip
    client = Client(headers={"host": "testserver"}, REMOTE_ADDR="203.0.113.9")
    client.force_login(user)
    page = client.get(P).content.decode()
    tabs = page.split('aria-label="This partnership"')[1].split("</nav>")[0]
    shown = set(re.findall(rf'href="({P}[^"]*)"', tabs))
    every = {reverse(name, args=["ohio", "plastics"]) for name in (*dict(TABS), *BESIDE)}
    assert shown == {address for address in every if client.get(address).status_code == 200}
    assert {P, P + "seats/"} <= shown and shown <= every
    assert (P + "companies/" in shown) == (P + "connections/" in shown) == (role in {"agency", "admin", "convener"})


@pytest.mark.parametrize(("language", "kind"), [("en", "How to"), ("es", "Cómo")])
def test_every_tab_of_a_partnership_has_its_guidepost_and_its_help(furnished, language, kind) -> None:
    client = furnished.client("convener")
    client.cookies["language"] = language
    read = set()
    for name in (*dict(TABS), "digest"):
        page = client.get(reverse(name, args=["ohio", "plastics"])).content.decode()
        assert reverse("library-help", args=[name]) in page, name
        assert '/s/ohio/partnerships/" aria-current="page"' in page, name
        if name != "partnership":  # the overview is made of the step at hand, which says what comes next
            said = page.split('class="page-guidepost"')[1].split("</aside>")[0]
            assert f'callout__title">{kind}' in said, name
            read.add(said)
    assert len(read) == len(TABS)


def test_a_link_that_changes_something_says_so_in_spanish(furnished) -> None:
    client = furnished.client("convener")
    client.cookies["language"] = "es"
    for address in (f"seats/{furnished.ohio.chair_seat.pk}/", "map/"):
        page = client.get(P + address).content.decode()
        assert re.search(r"<a [^>]*>Cambiar\b", page) and not re.search(r"<a [^>]*>Cambio\b", page), address
    assert "Mapa</span>" in page.split('class="fold__here"')[2]
