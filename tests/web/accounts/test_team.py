"""Setting up, the team page, roles and settings, spaces, what each role can see, and undoing what a link did."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from sharedtable.accounts import actions
from sharedtable.accounts.actions import FirstTeam, NewGrant, give_role, make_set_up_token, revoke_grant, set_up_team
from sharedtable.accounts.actors import VISITOR
from sharedtable.accounts.models import Grant, LinkAct, Space, User
from sharedtable.accounts.permissions import CAN
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.web import links as web_links
from tests.security import world
from tests.security.world import link_of, operator_of
from tests.web.conftest import HOST, words


@pytest.fixture(autouse=True)
def _fresh_links():
    world._links.clear()


FIRST = {"team": "Río Grande team", "state": "TX", "name": "Pat First", "email": "Pat@first.example"}


# --- setting up -------------------------------------------------------------------------------------------------------


def test_the_person_at_this_machine_sets_the_team_up_and_is_signed_in(db, operator, facts):
    assert "Set up your team" in words(operator.get("/"))
    form = operator.get("/set-up/").content.decode()
    assert 'autocomplete="name"' in form and 'autocomplete="email"' in form  # a browser may fill in what is one's own
    answer = operator.post("/set-up/", FIRST)
    assert answer.status_code == 302
    space = Space.objects.get()
    assert (space.slug, space.state_code) == ("rio-grande-team", "TX")
    assert set(Grant.objects.values_list("role", flat=True)) == {"admin", "convener"}
    assert operator.get("/s/rio-grande-team/team/").status_code == 200
    assert "Set up your team" not in words(operator.get("/"))
    assert operator.get("/set-up/").status_code == 404
    assert Entry.objects.filter(verb="space.begin", space_id=space.pk).count() == 1


def test_another_site_cannot_make_this_machines_browser_set_a_team_up(db, settings):
    from django.test import Client

    settings.LOCAL = True
    browser = Client(headers={"host": HOST}, REMOTE_ADDR="127.0.0.1")
    assert browser.post("/set-up/", FIRST, headers={"origin": "http://evil.example"}).status_code == 422
    assert not Space.objects.exists()


def test_elsewhere_the_code_of_the_console_is_asked_for_and_works_once_within_half_an_hour(db, anyone):
    import time_machine

    browser = anyone()
    assert "Set-up code" in words(browser.get("/set-up/"))
    old, code = make_set_up_token(), make_set_up_token()
    for wrong in ("", "guess", old):
        assert browser.post("/set-up/", {**FIRST, "code": wrong}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert browser.post("/set-up/", {**FIRST, "code": code}).status_code == 422
    assert not Space.objects.exists()
    assert browser.post("/set-up/", {**FIRST, "code": code}).status_code == 302
    assert browser.get("/security/").status_code == 200
    assert anyone().post("/set-up/", {**FIRST, "code": code}).status_code == 404


def test_nobody_sets_up_a_second_time(cast):
    with pytest.raises(Missing, match="set up already"):
        set_up_team(by=VISITOR, first=FirstTeam("x", "OH", "x", "x@x.example"), token=make_set_up_token())
    assert Space.objects.count() == 2


def test_a_break_in_the_last_write_of_setting_up_changes_nothing(db, monkeypatch):
    honest = actions.record

    def breaking(**given: object):
        if given["verb"] == "space.begin":
            raise IntegrityError("the disk is full")
        return honest(**given)

    monkeypatch.setattr(actions, "record", breaking)
    code = make_set_up_token()
    with pytest.raises(IntegrityError):
        set_up_team(by=VISITOR, first=FirstTeam("x", "OH", "x", "x@x.example"), token=code)
    assert (Space.objects.count(), User.objects.count(), Grant.objects.count()) == (0, 0, 0)


# --- the team ---------------------------------------------------------------------------------------------------------


def test_an_administrator_adds_somebody_who_gets_an_invitation(cast):
    browser = cast.client("admin")
    answer = browser.post(
        "/s/ohio/team/give/",
        {"email": "New@ohio.example", "name": "Nia New", "role": "agency", "agency": cast.ohio.college.pk},
    )
    assert answer["Location"] == "/s/ohio/team/"
    grant = Grant.objects.get(user__email="new@ohio.example")
    assert (grant.role, grant.agency_id, grant.space) == ("agency", cast.ohio.college.pk, cast.ohio.space)
    letter = Letter.objects.get(kind="invitation")
    assert letter.to_address == "new@ohio.example"
    assert "/sign-in/" in letter.body
    page = words(browser.get("/s/ohio/team/"))
    assert "Nia New" in page
    assert "Lakeside Community College" in page
    assert Entry.objects.filter(verb="grant.give", space_id=cast.ohio.space.pk).count() == 1


def test_giving_is_refused_in_words_and_what_was_typed_stays(cast):
    browser = cast.client("admin")
    given = {"email": "adviser@ohio.example", "name": "Again", "role": "adviser"}
    answer = browser.post("/s/ohio/team/give/", given)
    assert answer.status_code == 422
    assert "has that role already" in words(answer)
    assert 'value="adviser@ohio.example"' in answer.content.decode()
    late = browser.post("/s/ohio/team/give/", {**given, "email": "x@x.example", "ends_on": "2020-01-01"})
    assert "in the past" in words(late)
    foreign = {**given, "email": "x@x.example", "partnership": cast.maine.partnership.pk}
    assert browser.post("/s/ohio/team/give/", foreign).status_code == 422
    assert not User.objects.filter(email="x@x.example").exists()


def test_only_an_administrator_gives_and_takes(cast):
    by = cast.ohio.actor("convener")
    with pytest.raises(Missing):
        give_role(by=by, new=NewGrant("x@x.example", "X", "adviser"))
    with pytest.raises(Missing):
        revoke_grant(by=by, grant=Grant.objects.get(space=cast.ohio.space, role="adviser"))
    admin = cast.ohio.actor("admin")
    with pytest.raises(Missing):
        give_role(by=admin, new=NewGrant("x@x.example", "X", "adviser", partnership=cast.maine.partnership))
    with pytest.raises(Missing):
        revoke_grant(by=admin, grant=Grant.objects.get(space=cast.maine.space, role="adviser"))


def test_a_break_in_the_last_write_of_giving_changes_nothing(cast, monkeypatch):
    honest = actions.record

    def breaking(**given: object):
        if given["verb"] == "grant.give":
            raise IntegrityError("the disk is full")
        return honest(**given)

    monkeypatch.setattr(actions, "record", breaking)
    with pytest.raises(IntegrityError):
        give_role(by=cast.ohio.actor("admin"), new=NewGrant("x@x.example", "X", "adviser"))
    assert not User.objects.filter(email="x@x.example").exists()
    assert not Letter.objects.exists()


def test_ending_a_role_takes_effect_in_an_open_session_and_the_last_administrator_stays(cast):
    admin, adviser = cast.client("admin"), cast.client("adviser")
    grant = Grant.objects.get(space=cast.ohio.space, role="adviser")
    assert adviser.get("/s/ohio/team/").status_code == 200
    page = f"/s/ohio/team/{grant.pk}/revoke/"
    assert admin.get(page).status_code == 200
    assert admin.post(page)["Location"] == "/s/ohio/team/"
    assert adviser.get("/s/ohio/team/").status_code == 404
    assert admin.post(page).status_code == 404
    last = Grant.objects.get(space=cast.ohio.space, role="admin")
    assert "last administrator" in words(admin.post(f"/s/ohio/team/{last.pk}/revoke/"))
    with pytest.raises(Refused):
        revoke_grant(by=cast.ohio.actor("admin"), grant=last)


def test_an_administrator_of_one_partnership_manages_nothing_of_the_team(cast):
    Grant.objects.filter(space=cast.ohio.space, role="admin").update(partnership_id=cast.ohio.partnership.pk)
    browser, by = cast.client("admin"), cast.ohio.actor("admin")
    assert by.may("space.manage")  # somewhere; so every action has to ask about the whole space
    grant = Grant.objects.get(space=cast.ohio.space, role="adviser")
    for page in ("give/", "settings/", f"{grant.pk}/revoke/"):
        assert browser.get(f"/s/ohio/team/{page}").status_code == 404
        assert browser.post(f"/s/ohio/team/{page}").status_code == 404
    assert "@" not in words(browser.get("/s/ohio/team/"))
    with pytest.raises(Missing):
        give_role(by=by, new=NewGrant("x@x.example", "X", "adviser"))
    with pytest.raises(Missing):
        revoke_grant(by=by, grant=grant)
    limited = NewGrant("x@x.example", "X", "admin", partnership=cast.ohio.partnership)
    with pytest.raises(Refused, match="whole team"):
        give_role(by=operator_of(cast.ohio), new=limited)


def test_a_role_that_ran_out_can_be_given_again(cast):
    Grant.objects.filter(space=cast.ohio.space, role="adviser").update(ends_on=timezone.localdate() - timedelta(days=1))
    by = cast.ohio.actor("admin")
    made = give_role(by=by, new=NewGrant("adviser@ohio.example", "", "adviser"))
    assert made.revoked_at is None


@pytest.mark.parametrize("role", ["admin", "state"])
def test_the_team_page_takes_the_same_number_of_queries_however_many_are_on_it(
    cast, role, django_assert_max_num_queries
):
    by = operator_of(cast.ohio)
    for number in range(12):
        give_role(by=by, new=NewGrant(f"p{number}@ohio.example", f"P {number}", "adviser"))
    browser = cast.client(role)
    with django_assert_max_num_queries(6):
        assert browser.get("/s/ohio/team/").status_code == 200


def test_settings_are_changed_once_for_each_version(cast):
    browser = cast.client("admin")
    given = {"name": "New name", "reply_to": "a@ohio.example", "language": "es", "records_notice": "Law.", "version": 1}
    assert browser.post("/s/ohio/team/settings/", given).status_code == 302
    late = browser.post("/s/ohio/team/settings/", {**given, "name": "Other name"})
    assert late.status_code == 422
    assert "Somebody else changed the settings" in words(late)
    assert 'value="Other name"' in late.content.decode()
    assert Space.objects.get(slug="ohio").name == "New name"
    assert Entry.objects.filter(verb="space.change").count() == 1


def test_who_works_in_two_spaces_chooses_and_the_choice_stays(cast):
    give_role(by=operator_of(cast.maine), new=NewGrant("adviser@ohio.example", "", "economist"))
    browser = cast.client("adviser")
    page = words(browser.get("/spaces/"))
    assert "Central Ohio team" in page
    assert "Southern Maine team" in page
    assert browser.post("/spaces/", {"space": "maine"})["Location"] == "/s/maine/"
    assert "Southern Maine team" in words(browser.get("/style"))
    assert browser.post("/spaces/", {"space": "no-such"}).status_code == 404


def test_who_is_on_no_team_is_told_so(cast):
    assert "You are on no team" in words(cast.client("stranger").get("/spaces/"))


@pytest.mark.parametrize("role", ["admin", "convener", "agency", "economist", "adviser", "state"])
def test_the_page_of_roles_says_what_the_table_says(cast, role):
    import html
    import re

    page = cast.client(role).get("/s/ohio/team/roles/").content.decode()
    mine = re.search(rf'id="role-{role}".*?</section>', page, re.DOTALL)
    assert mine is not None
    assert "role--mine" in page[: page.index(f'id="role-{role}"')]
    seen = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", mine.group())))
    shown = seen.split("Does not see")[0]
    for permit in CAN.values():
        assert (f"– {permit.says}" in shown or f" {permit.says} " in shown) == (role in permit.roles | permit.own)


# --- undoing ----------------------------------------------------------------------------------------------------------


def test_what_a_link_did_is_undone_by_a_button_once(cast, monkeypatch):
    from django.test import Client

    done = []
    monkeypatch.setitem(web_links.UNDO, "test.act", lambda object_id, by: done.append((object_id, by.person_id)))
    monkeypatch.setitem(web_links.WORDS, "test.act", "You said yes.")
    link, token = link_of(cast.ohio, "undo")
    browser = Client(headers={"host": "testserver"})
    page = browser.get(f"/l/{token}", follow=True)
    assert "You said yes." in words(page)
    assert done == []
    assert "It is taken back" in words(browser.post(f"/me/{link.pk}/undo/"))
    assert done == [(1, cast.ohio.chair.pk)]
    assert browser.post(f"/me/{link.pk}/undo/").status_code == 404
    assert len(done) == 1
    assert LinkAct.objects.get(pk=link.object_id).undone_at is not None
    assert Entry.objects.filter(verb="test.act.undo", by=f"link:{link.pk}").count() == 1


def test_an_act_that_has_no_way_back_says_so(cast):
    from django.test import Client

    link, token = link_of(cast.ohio, "undo")
    browser = Client(headers={"host": "testserver"})
    assert "cannot be undone here" in words(browser.get(f"/l/{token}", follow=True))
    assert browser.post(f"/me/{link.pk}/undo/").status_code == 422
