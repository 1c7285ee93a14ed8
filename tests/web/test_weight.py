"""What somebody with a link gets on a phone is light: a page with all that it needs, fonts aside, is at most 50 kB."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from sharedtable.web import static_files
from sharedtable.web.links import PAGES
from tests.security import things, world
from tests.worksheets.rounds import begun, links

pytestmark = pytest.mark.django_db
MOST_BYTES = 50_000
STATIC = re.compile(r"/static/[0-9a-f]+/([\w./-]+)")


def weight(client, address: str) -> int:
    """Bytes that go over the line for a page without a cache, fonts aside."""
    small = client.get(address, headers={"accept-encoding": "gzip"})
    assert small.status_code == 200, address
    text = client.get(address).content.decode()
    names = {name for name in STATIC.findall(text) if not name.endswith((".woff2", ".woff"))}
    assert any(name.endswith(".css") for name in names), "no style was found, so this measures nothing"
    return len(small.content) + sum(len(zipped or plain) for plain, zipped in map(static_files._content, names))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("purpose", sorted(PAGES))
def test_every_page_of_a_personal_link_is_light(cast, purpose, language):
    things.fill(cast.ohio)
    with world.kept_links():
        world._links.clear()  # those of the test before are in no database any more
        link, token = world.link_of(cast.ohio, purpose)
    client = cast.client("visitor")
    client.cookies["language"] = language
    client.cookies[f"link-{link.pk}"] = token
    assert weight(client, reverse(PAGES[purpose], args=[link.pk])) <= MOST_BYTES


@pytest.mark.parametrize("tool", ["sustainability-check", "launch-readiness", "lmi-review"])
def test_a_long_worksheet_is_light_too(cast, tool):
    lists = {"industries": ["Plastics", "Food", "Health care"]} if tool == "lmi-review" else {}
    made = begun(cast.ohio, [cast.ohio.chair], tool, lists=lists)
    link, token = links(made)[cast.ohio.chair.pk]
    client = cast.client("visitor")
    client.cookies[f"link-{link.pk}"] = token
    assert weight(client, reverse("my-worksheet", args=[link.pk])) <= MOST_BYTES


def test_the_door_of_a_meeting_is_light(cast):
    assert weight(cast.client("visitor"), reverse("join")) <= MOST_BYTES
