"""Two worlds, ids of others, links in the wrong place, robots, people who left: nothing is wrong with any of them."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test import Client

from sharedtable.web.accounts import personal
from tests.security.cases import IS_FULL, PARTS, of_this_part
from tests.security.probes import mixed_id_problems, prefetch_problems, replay_problems, swap_problems, world_problems
from tests.security.world import link_of


def test_what_the_other_team_holds_changes_no_byte_of_any_page(world, visitors, tell):
    some = {"visitor", "ohio convener", "ohio agency", "ohio link seat", "convener of one partnership"}
    problems = world_problems(world, of_this_part(one for one in visitors if IS_FULL or one.name in some))
    tell("two worlds: differing pages", len(problems))
    assert problems == []


def test_no_form_takes_a_thing_of_the_other_team(world, visitors, tell):
    some = {"ohio convener", "ohio link seat", "ohio link held", "ohio link ties", "ohio link worksheet"}
    if connection.vendor == "postgresql":
        some.remove("ohio convener")  # has most of the forms; which team a thing is of does not rest on the database
    senders = [one for one in visitors if one.team != "maine" and (IS_FULL or one.name in some)]
    problems = mixed_id_problems(world, senders)
    tell("mixed ids: forms sent", mixed_id_problems.sent)  # type: ignore[attr-defined]
    tell("mixed ids: wrong", len(problems))
    assert problems == [], "\n".join(problems[:40])
    assert mixed_id_problems.sent > (100 if connection.vendor == "sqlite" else 5) / PARTS  # type: ignore[attr-defined]


def test_a_token_opens_only_what_it_is_for(world, tell):
    problems = swap_problems(world)
    tell("token swaps: wrong", len(problems))
    assert problems == []


def test_a_robot_that_opens_every_link_of_every_letter_changes_nothing(world, tell):
    problems = prefetch_problems(world)
    tell("prefetch: links", prefetch_problems.links)  # type: ignore[attr-defined]
    tell("prefetch: wrong", len(problems))
    assert problems == []
    assert prefetch_problems.links >= 3  # type: ignore[attr-defined]


def test_who_left_is_out_at_once(world, visitors, tell):
    some = {"ohio convener", "ohio agency", "ohio state", "convener of one partnership"}
    problems = replay_problems(world, of_this_part(one for one in visitors if IS_FULL or one.name in some))
    tell("replay: wrong", len(problems))
    assert problems == []


# --- a personal link itself -------------------------------------------------------------------------------------------


def test_a_link_leads_to_a_clean_address_and_keeps_its_token_for_that_address_alone(world, settings):
    settings.SESSION_COOKIE_SECURE = True
    link, token = link_of(world.cast.ohio, "undo")
    browser = Client(headers={"host": "testserver"})
    response = browser.get(f"/l/{token}")
    assert response["Location"] == f"/me/{link.pk}/undo/"
    assert response["Referrer-Policy"] == "no-referrer"
    cookie = response.cookies[f"link-{link.pk}"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/me/{link.pk}/", True, "Lax")
    assert cookie["secure"]
    page = browser.get(f"/me/{link.pk}/undo/")
    assert page.status_code == 200
    assert token.encode() not in page.content


def test_every_dead_link_shows_one_and_the_same_page(world):
    from django.utils import timezone

    from sharedtable.accounts.models import PersonalLink

    pages = []
    for change in (None, {"revoked_at": timezone.now()}, {"expires_at": timezone.now()}):
        link, token = link_of(world.cast.maine, "undo")
        address = f"/l/{token}" if change else "/l/there-never-was-such-a-token-00"
        PersonalLink.objects.filter(pk=link.pk).update(**(change or {}))
        response = Client(headers={"host": "testserver"}).get(address)
        assert response.status_code == 404
        pages.append(response.content.decode().replace(address, "ADDRESS"))
        PersonalLink.objects.filter(pk=link.pk).update(revoked_at=None, expires_at=link.expires_at)
    assert len(set(pages)) == 1
    assert "Ask the person who sent it for a new one" in pages[0]


@pytest.mark.parametrize("where", ["/l/", "/sign-in/link/"])
def test_no_token_gets_into_the_log_even_when_a_page_breaks(world, monkeypatch, where):
    from sharedtable.web.log import NoTokens

    token = "T0ken-that_must-not-be-logged"
    monkeypatch.setattr(personal, "open_link", lambda text: 1 / 0)
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep()
    handler.addFilter(NoTokens())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        Client(headers={"host": "testserver"}, raise_request_exception=False).get(f"/l/{token}")
        logger.error("Internal Server Error: %s%s", where, token)
    finally:
        logger.removeHandler(handler)
    assert len(lines) == 2
    assert token not in "\n".join(lines)


def test_the_log_of_the_product_has_that_filter(settings):
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["no_tokens"]
