"""Signing in with the organization's own provider: who is on a team gets in, nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from sharedtable.accounts.models import User
from sharedtable.config.sign_in import Provider as Configured
from sharedtable.errors import Refused
from tests.web.accounts.oidc_provider import Provider

ADVISER = {"sub": "u-1", "email": "Adviser@ohio.example", "email_verified": True, "name": "Ad"}


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    """A running provider that the site is set to."""
    with Provider() as running:
        set_up = Configured(running.address, "table", "secret", "County office")
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": set_up.apps()}}
        registry.register(OpenIDConnectProvider)  # as the start does when an address is set
        yield running


def go(browser, provider: Provider, **person: object):
    """Go there and back; gives the last answer."""
    provider.person = dict(person)
    there = browser.post("/sign-in/with/organization/")
    assert there["Location"].startswith(f"{provider.address}/authorize?")
    assert "code_challenge=" in there["Location"]
    back = urlsplit(provider.authorize(there["Location"]))
    assert back.path == "/sign-in/with/organization/back/"
    return browser.get(f"{back.path}?{back.query}")


def test_a_user_of_a_verified_address_gets_in_and_is_known_again(cast, anyone, provider):
    browser = anyone()
    assert "Sign in with County office" in browser.get("/sign-in/").content.decode()
    assert go(browser, provider, **ADVISER)["Location"] == "/spaces/"
    assert browser.get("/security/").status_code == 200
    assert SocialAccount.objects.get().user == cast.ohio.users["adviser"]
    again = anyone()
    go(again, provider, **ADVISER)
    assert again.get("/security/").status_code == 200
    assert SocialToken.objects.count() == 0
    assert EmailAddress.objects.count() == 0  # a user has one address, and it is ours


@pytest.mark.parametrize(
    "change",
    [
        {"email_verified": False},
        {"email": "nobody@ohio.example"},
        {"email": "closed@ohio.example"},
        {"email": ""},
    ],
    ids=str,
)
def test_nobody_else_gets_in_or_gets_an_account(cast, anyone, provider, change):
    User.objects.create_user("closed@ohio.example", "Closed", is_active=False)
    users = User.objects.count()
    browser = anyone()
    assert go(browser, provider, **{**ADVISER, **change})["Location"] == "/sign-in/"
    assert "did not open anything" in browser.get("/sign-in/").content.decode()
    assert browser.get("/security/").status_code == 404
    assert User.objects.count() == users
    assert not SocialAccount.objects.exists()


def test_who_was_let_go_or_whose_address_went_to_another_is_out(cast, anyone, provider):
    go(anyone(), provider, **ADVISER)
    other = anyone()
    go(other, provider, **{**ADVISER, "email": "somebody@ohio.example"})
    assert other.get("/security/").status_code == 404
    User.objects.filter(email="adviser@ohio.example").update(is_active=False)
    closed = anyone()
    go(closed, provider, **ADVISER)
    assert closed.get("/security/").status_code == 404


def test_an_answer_for_another_browser_opens_nothing(cast, anyone, provider):
    provider.person = dict(ADVISER)
    there = anyone().post("/sign-in/with/organization/")
    back = urlsplit(provider.authorize(there["Location"]))
    thief = anyone()
    assert thief.get(f"{back.path}?{back.query}").status_code in {302, 404}
    assert thief.get("/security/").status_code == 404


def test_the_second_step_is_asked_here_too(cast, anyone, provider):
    answer = go(anyone(), provider, **{**ADVISER, "email": "convener@ohio.example"})
    assert answer["Location"] == "/sign-in/second/"


def test_without_a_provider_its_addresses_are_not_there(anyone, db):
    assert anyone().post("/sign-in/with/organization/").status_code == 404
    assert anyone().get("/sign-in/with/organization/back/?code=1&state=2").status_code == 404
    assert "Sign in with" not in anyone().get("/sign-in/").content.decode()


def test_a_provider_that_is_half_set_stops_the_start():
    with pytest.raises(Refused, match="SHAREDTABLE_OIDC_ID"):
        Configured("https://id.example", "", "", "x").apps()
    assert Configured("", "", "", "x").apps() == []
    assert Configured("https://id.example/realm", "a", "b", "x").origins() == ["https://id.example"]
