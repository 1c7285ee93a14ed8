"""Signing in by mailed code: only who is known, once, in time, in the same browser, and never by guessing."""

from __future__ import annotations

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from sharedtable.accounts.models import User
from sharedtable.ledger.models import Entry, Letter
from sharedtable.web.accounts import signing_in
from tests.web.accounts.conftest import codes_in_letters, sign_in

ADVISER = "adviser@ohio.example"


def test_a_code_by_mail_lets_a_user_in(cast, anyone):
    browser = anyone()
    answer = browser.post("/sign-in/", {"email": ADVISER.upper()})
    assert answer["Location"] == "/sign-in/code/"
    letter = Letter.objects.get(kind="sign-in")
    assert letter.to_address == ADVISER
    assert letter.hold_until <= letter.made_at
    assert letter.space_id == 0  # of no space: conveners read the letters of their space
    answer = browser.post("/sign-in/code/", {"code": codes_in_letters()[0].lower().replace("-", " ")})
    assert answer.status_code == 302
    assert browser.get("/security/").status_code == 200
    assert Entry.objects.filter(verb="user.sign_in", by=f"user:{cast.ohio.users['adviser'].pk}").count() == 1


@pytest.mark.parametrize("email", ["nobody@ohio.example", "closed@ohio.example"])
def test_an_unknown_or_closed_address_gets_the_same_pages_and_no_letter(cast, anyone, email):
    User.objects.create_user("closed@ohio.example", "Closed", is_active=False)
    known, unknown = anyone(), anyone()
    answers = [b.post("/sign-in/", {"email": e}) for b, e in ((known, ADVISER), (unknown, email))]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    pages = [b.get("/sign-in/code/").content.decode() for b in (known, unknown)]
    import re

    masked = [re.sub(r'value="[\w-]{30,}"', "", p).replace(ADVISER, "X").replace(email, "X") for p in pages]
    assert masked[0] == masked[1]
    assert set(known.cookies) == set(unknown.cookies)
    assert Letter.objects.count() == 1
    wrong = unknown.post("/sign-in/code/", {"code": "BBBB-BBBB"})
    assert "That code is not right" in wrong.content.decode()


def test_known_and_unknown_addresses_take_the_same_time(cast, anyone, monkeypatch):
    monkeypatch.setattr(signing_in, "FLOOR_SECONDS", 0.2)
    seconds = {}
    for email in (ADVISER, "nobody@ohio.example"):
        began = time.perf_counter()
        anyone().post("/sign-in/", {"email": email})
        seconds[email] = time.perf_counter() - began
    known, unknown = seconds.values()
    assert min(known, unknown) >= 0.2
    assert abs(known - unknown) < 0.1


def test_a_code_works_once(cast, anyone):
    browser = anyone()
    sign_in(browser, ADVISER)
    browser.post("/sign-out/")
    assert browser.get("/security/").status_code == 404
    browser.post("/sign-in/code/", {"code": codes_in_letters()[0]})
    assert browser.get("/security/").status_code == 404


def test_a_code_works_only_in_the_browser_that_asked(cast, anyone):
    mine, thief = anyone(), anyone("198.51.100.7")
    mine.post("/sign-in/", {"email": ADVISER})
    thief.post("/sign-in/code/", {"code": codes_in_letters()[0]})
    assert thief.get("/security/").status_code == 404
    thief.post("/sign-in/", {"email": ADVISER})
    thief.post("/sign-in/code/", {"code": codes_in_letters()[0]})
    assert thief.get("/security/").status_code == 404
    mine.post("/sign-in/code/", {"code": codes_in_letters()[0]})
    assert mine.get("/security/").status_code == 200


def test_a_code_lasts_fifteen_minutes(cast, anyone):
    browser = anyone()
    with time_machine.travel("2026-11-28 12:00:00Z", tick=False) as clock:
        browser.post("/sign-in/", {"email": ADVISER})
        clock.shift(15 * 60 + 1)
        browser.post("/sign-in/code/", {"code": codes_in_letters()[0]})
        assert browser.get("/security/").status_code == 404


def test_a_code_is_void_after_five_wrong_tries(cast, anyone):
    browser = anyone()
    browser.post("/sign-in/", {"email": ADVISER})
    for _ in range(5):
        browser.post("/sign-in/code/", {"code": "BBBB-CCCC"})
    browser.post("/sign-in/code/", {"code": codes_in_letters()[0]})
    assert browser.get("/security/").status_code == 404


def test_guessing_one_account_from_many_addresses_ends_and_a_right_code_still_works(cast, anyone):
    patient = anyone()
    patient.post("/sign-in/", {"email": ADVISER})
    right = codes_in_letters()[0]
    guesses = 0
    for number in range(8):
        robot = anyone(f"198.51.100.{number}")
        robot.post("/sign-in/", {"email": ADVISER})
        for _ in range(5):
            guesses += robot.post("/sign-in/code/", {"code": "BBBB-CCCC"}).status_code == 200
    assert guesses < 12
    assert len(codes_in_letters()) <= 5  # nor is a mailbox filled
    patient.post("/sign-in/code/", {"code": right})
    assert patient.get("/security/").status_code == 200


def test_sixty_people_behind_one_address_get_in(cast, anyone):
    for number in range(60):
        user = User.objects.create_user(f"person{number}@ohio.example", f"Person {number}")
        browser = anyone()
        sign_in(browser, user.email)
        assert browser.get("/security/").status_code == 200


def test_nobody_signs_up_and_no_other_way_in_is_there(cast, anyone):
    for address in ("/accounts/login/", "/sign-up/", "/accounts/signup/", "/admin/", "/accounts/password/reset/"):
        assert anyone().get(address).status_code == 404
    before = User.objects.count()
    anyone().post("/sign-in/", {"email": "new@ohio.example"})
    assert User.objects.count() == before
    assert not cast.ohio.users["admin"].has_usable_password()


def test_sign_out_everywhere_ends_every_session(cast, anyone):
    here, there = anyone(), anyone()
    sign_in(here, ADVISER)
    sign_in(there, ADVISER)
    here.post("/security/sign-out-everywhere")
    assert here.get("/security/").status_code == there.get("/security/").status_code == 404


def test_a_session_ends_when_the_account_is_closed(cast, anyone):
    browser = anyone()
    sign_in(browser, ADVISER)
    User.objects.filter(email=ADVISER).update(is_active=False)
    assert browser.get("/security/").status_code == 404


def test_after_signing_in_one_only_gets_to_pages_of_this_site(cast, anyone):
    browser = anyone()
    browser.post("/sign-in/?next=https://evil.example/", {"email": ADVISER, "next": "https://evil.example/"})
    answer = browser.post("/sign-in/code/", {"code": codes_in_letters()[-1], "next": "https://evil.example/"})
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_the_language_of_the_letter_is_the_readers(cast, anyone):
    User.objects.filter(email=ADVISER).update(language="es")
    anyone().post("/sign-in/", {"email": ADVISER})
    assert "código" in Letter.objects.get(kind="sign-in").body


# --- staff need a second step where others can reach the site ---------------------------------------------------------


@pytest.mark.parametrize("role", ["admin", "convener"])
def test_staff_reach_nothing_but_security_before_they_have_a_second_step(cast, settings, role):
    settings.LOCAL = False
    Authenticator.objects.all().delete()
    browser = cast.client(role)
    for address in ("/s/ohio/team/", "/s/ohio/team/roles/", "/spaces/"):
        assert browser.get(address)["Location"] == "/security/"
    assert "Add a second step to go on" in browser.get("/security/").content.decode()
    settings.LOCAL = True
    assert browser.get("/s/ohio/team/").status_code == 200


def test_others_need_none(cast, settings):
    settings.LOCAL = False
    assert cast.client("adviser").get("/s/ohio/team/").status_code == 200
