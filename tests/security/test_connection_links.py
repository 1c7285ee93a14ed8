"""A link to say whom one knows: in a full team it lists the scope of its partnership, and no search finds any other."""

from __future__ import annotations

from html import unescape

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharedtable.partnerships import company_rules
from sharedtable.partnerships.connection_queries import listed
from sharedtable.people.models import LISTED, Organisation
from sharedtable.people.search import refresh_organisations
from sharedtable.web.actor import link_cookie
from tests.security.world import link_of


def test_no_search_through_the_link_finds_a_company_beside_the_scope(world):
    team = world.cast.ohio
    now = timezone.now()
    out = Organisation.objects.create(
        space=team.space, kind="business", name="Zebrafish Freight", city="Zanesville", naics_code="484121",
        made_at=now, changed_at=now,
    )  # fmt: skip
    refresh_organisations([out.pk])
    scope = team.partnership.scopes.first()
    # Without a rule the scope takes in every company; the link shows the one that was marked by hand.
    assert not scope.company_rules and out in company_rules.with_verdict(scope, "in")
    inside = set(listed(team.partnership).values_list("pk", flat=True))
    beside = [one for one in Organisation.objects.filter(LISTED, kind="business") if one.pk not in inside]
    assert inside == {team.company.pk} and out in beside and len({one.space_id for one in beside}) == 2
    link, token = link_of(team, "connections")
    browser = Client()
    browser.cookies[link_cookie(link.pk)] = token
    address = reverse("my-connections", args=[link.pk])
    assert {row.pk for row in browser.get(address).context["tell"].rows} == inside
    pages = [""] + [text for one in beside for text in (one.name, *one.name.split(), one.city, one.naics_code)]
    for text in pages:
        page = browser.get(address, {"q": text})
        assert page.status_code == 200
        assert not {row.pk for row in page.context["tell"].rows} - inside, text
        found = unescape(page.content.decode())  # what was searched for stands in the field again
        assert not [one.name for one in beside if one.name not in text and one.name in found], text
    for one in beside:
        page = browser.post(address, {f"know-{one.pk}": "1", "shown_to": "team"})
        assert page.status_code == 422 and one.name not in unescape(page.content.decode())
