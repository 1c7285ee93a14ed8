"""What the tests of signing in share: no waiting, and the letters that were queued."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from sharedtable.ledger.models import Letter
from sharedtable.web.accounts import signing_in

ELSEWHERE = "203.0.113.9"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "FLOOR_SECONDS", 0)


@pytest.fixture
def anyone(settings) -> Callable[..., Client]:
    """A function that gives a fresh browser somewhere else."""
    settings.LOCAL = False

    def browser(address: str = ELSEWHERE) -> Client:
        return Client(headers={"host": "testserver", "origin": "http://testserver"}, REMOTE_ADDR=address)

    return browser


def codes_in_letters() -> list[str]:
    """Every code that was mailed, the newest last."""
    bodies = Letter.objects.filter(kind="sign-in").order_by("pk").values_list("body", flat=True)
    return [found.group() for body in bodies if (found := re.search(r"^[A-Z]{4}-[A-Z]{4}$", body, re.MULTILINE))]


def sign_in(browser: Client, email: str) -> object:
    """Ask for a code and type it; gives the last answer."""
    browser.post("/sign-in/", {"email": email})
    return browser.post("/sign-in/code/", {"code": codes_in_letters()[-1]})
