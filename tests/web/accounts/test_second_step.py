"""The second step: an authenticator app, recovery codes, and what guessing them costs."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from sharedtable.accounts.models import User
from sharedtable.ledger.models import Entry, Letter
from tests.web.accounts.conftest import codes_in_letters, sign_in
from tests.web.conftest import words

ADVISER = "adviser@ohio.example"


def app_code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def add_app(browser: Client) -> str:
    """Turn an app on; gives its secret."""
    page = browser.get("/security/app/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret is not None
    answer = browser.post("/security/app/", {"code": app_code(secret[1])})
    assert answer["Location"] == "/security/codes/"
    return secret[1]


@pytest.fixture
def with_app(cast, anyone):
    """A signed-in browser, its user's app secret, and a function that takes a fresh browser to the second step."""
    browser = anyone()
    sign_in(browser, ADVISER)
    secret = add_app(browser)

    def at_second_step() -> Client:
        fresh = anyone()
        assert sign_in(fresh, ADVISER)["Location"] == "/sign-in/second/"
        assert fresh.get("/security/").status_code == 404
        return fresh

    return browser, secret, at_second_step


def test_an_app_is_added_its_secret_kept_encrypted_and_its_owner_told(cast, anyone, django_capture_on_commit_callbacks):
    browser = anyone()
    sign_in(browser, ADVISER)
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_app(browser)
    kept = Authenticator.objects.get(user__email=ADVISER, type="totp").data["secret"]
    assert secret not in kept
    assert Letter.objects.filter(kind="security", to_address=ADVISER).count() == 1
    assert Entry.objects.filter(verb="user.factors").count() == 1


def test_from_then_on_signing_in_takes_the_app(with_app):
    _browser, secret, at_second_step = with_app
    browser = at_second_step()
    assert "not right" in words(browser.post("/sign-in/second/", {"code": "000000"}))
    with time_machine.travel(time.time() + 60):
        assert browser.post("/sign-in/second/", {"code": app_code(secret)}).status_code == 302
    assert browser.get("/security/").status_code == 200


def test_a_code_of_the_app_works_once(with_app):
    _browser, secret, at_second_step = with_app
    first, second = at_second_step(), at_second_step()
    with time_machine.travel(time.time() + 60, tick=False):
        code = app_code(secret)
        assert first.post("/sign-in/second/", {"code": code}).status_code == 302
        assert second.post("/sign-in/second/", {"code": code}).status_code == 200
    assert second.get("/security/").status_code == 404


def test_a_recovery_code_stands_in_for_it_once(with_app):
    browser, _secret, at_second_step = with_app
    assert not re.findall(r"<code>", browser.get("/security/codes/").content.decode())
    codes = re.findall(r"<code>(\d+)</code>", browser.post("/security/codes/").content.decode())
    assert len(codes) == 10
    assert at_second_step().post("/sign-in/second/", {"code": codes[0]}).status_code == 302
    assert at_second_step().post("/sign-in/second/", {"code": codes[0]}).status_code == 200
    new = re.findall(r"<code>(\d+)</code>", browser.post("/security/codes/new").content.decode())
    assert len(new) == 10
    assert not set(new) & set(codes)
    assert at_second_step().post("/sign-in/second/", {"code": codes[1]}).status_code == 200


def test_guessing_the_second_step_ends_after_five_tries_in_a_quarter_of_an_hour(with_app):
    _browser, secret, at_second_step = with_app
    robot = at_second_step()
    for _ in range(5):
        robot.post("/sign-in/second/", {"code": "000000"})
    assert "too many" in words(robot.post("/sign-in/second/", {"code": "000000"}))
    with time_machine.travel(time.time() + 60):
        robot.post("/sign-in/second/", {"code": app_code(secret)})
    assert robot.get("/security/").status_code == 404


def test_signing_in_with_the_app_twenty_times_is_never_held_up(with_app):
    _browser, secret, at_second_step = with_app
    for turn in range(1, 21):
        with time_machine.travel(time.time() + 60 * 30 * turn):
            assert at_second_step().post("/sign-in/second/", {"code": app_code(secret)}).status_code == 302


def test_an_old_session_cannot_change_how_one_signs_in(with_app):
    browser, _secret, _ = with_app
    with time_machine.travel(time.time() + 16 * 60):
        for address in ("/security/app/remove/", "/security/codes/", "/security/passkey/"):
            answer = browser.get(address)
            assert answer["Location"].startswith("/sign-in/again/?next=")
        assert browser.post("/security/app/remove/")["Location"].startswith("/sign-in/again/")
        assert browser.post("/security/codes/")["Location"].startswith("/sign-in/again/")
    assert Authenticator.objects.filter(user__email=ADVISER, type="totp").exists()
    page = browser.get("/sign-in/again/?next=/security/codes/").content.decode()
    assert 'value="/security/codes/"' in page
    assert 'value=""' in browser.get("/sign-in/again/?next=https://evil.example/").content.decode()
    assert browser.post("/sign-out/", {"next": "/security/codes/"})["Location"] == "/sign-in/?next=/security/codes/"


def test_the_app_is_removed_and_its_recovery_codes_with_it(with_app):
    browser, _secret, _ = with_app
    assert browser.post("/security/app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user__email=ADVISER).exists()


def test_nobody_removes_a_passkey_of_another(cast, anyone):
    other = Authenticator.objects.create(
        user=cast.maine.users["adviser"], type="webauthn", data={"name": "theirs", "credential": {}}
    )
    browser = anyone()
    sign_in(browser, ADVISER)
    assert browser.get(f"/security/passkey/{other.pk}/remove/").status_code == 404
    assert browser.post(f"/security/passkey/{other.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_the_second_step_is_asked_of_who_comes_with_a_link_from_the_console(with_app, anyone):
    from sharedtable.accounts.actions import make_sign_in_token

    link = make_sign_in_token(user=User.objects.get(email=ADVISER))
    path = link[link.index("/sign-in") :]
    browser = anyone()
    assert browser.get(path)["Referrer-Policy"] == "strict-origin"
    assert browser.post(path)["Location"] == "/sign-in/second/"
    assert anyone().post(path).status_code == 404  # it worked once
    forgetting = make_sign_in_token(user=User.objects.get(email=ADVISER), forget_second_factor=True)
    path = forgetting[forgetting.index("/sign-in") :]
    browser = anyone()
    for _ in range(3):
        assert browser.get(path).status_code == 200
        assert browser.head(path).status_code == 200
    browser.post(path)
    assert browser.get("/security/").status_code == 200
    assert codes_in_letters()
