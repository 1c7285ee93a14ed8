"""Connections and tools of outreach in a real Chromium: accessible, at 320 px, in both languages, by keyboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from sharedtable.accounts.links import make_link
from sharedtable.partnerships import teamwork
from sharedtable.people.actions.telling import PURPOSE
from sharedtable.people.models import Organisation, Tie
from sharedtable.people.told_models import ToldTie
from sharedtable.worksheets import round_actions
from tests.cast import Team
from tests.web.conftest import axe_violations, overflow_px
from tests.worksheets.rounds import answer, begun, holder, seats

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("orm_beside_playwright"),
]  # fmt: skip
P = "/s/ohio/p/plastics/"
FIRMS = ("Buckeye Molds", "Franklin Extrusion Technologies Incorporated", "Delaware Resin Works", "Hocking Lids",
         "Union Polymers of Central Ohio", "Licking Caps", "Fairfield Film", "Madison Foam")  # fmt: skip
AGENCIES = ("Chamber of Central Ohio", "One Columbus Growth", "Adult Education Center", "Columbus State")


def _ties(team: Team) -> None:
    now = timezone.now()
    stamp = {"space": team.space, "made_at": now}
    board = [
        Organisation.objects.create(kind="support", name=name, changed_at=now, **stamp) for name in AGENCIES
    ] + [team.college, team.board]  # fmt: skip
    for n, name in enumerate(FIRMS):
        for m in range(1 + n % 3):
            ToldTie.objects.create(
                agency=board[(n + m * 2) % len(board)], known_by=team.partner, company_name=name,
                person_name=f"Al Adams {n}", strength_rating=1 + (n + m) % 3, made_by="operator", **stamp,
            )  # fmt: skip
    Tie.objects.create(person=team.chair, agency=team.college, known_by=team.partner, strength_rating=3,
                       made_by="operator", **stamp)  # fmt: skip


def _knocks(team: Team) -> int:
    """A shown round of many knocks, answered for two organisations, and one of hand-offs."""
    numbers = []
    for tool, answers in (
        ("many-knocks", ({"firm-list": "Buckeye Molds, Al, openings\nHocking Lids, Bea, visits", "why": ["jobs"],
                          "table-for": ["jobs"], "table-list": "Plastics round table, owners, monthly, hiring"},
                         {"firm-list": "buckeye molds Inc., Cy, courses", "why": ["jobs", "training"],
                          "table-for": ["jobs"]})),
        ("open-or-closed", ({"to": "Lakeside Workforce Board, after the course", "how": ["call"]},
                            {"from": "Lakeside Community College, adults", "how": ["walk", "call"]})),
    ):  # fmt: skip
        first = seats(team, 1, table="outer")[0]
        second = seats(team, 1, table="network")[0]
        second.memberships.update(organisation=team.board)
        made = begun(team, [first, second], tool, way="organisation")
        for person, given in zip((first, second), answers, strict=True):
            answer(holder(made, person), given)
        round_actions.reveal(made.pk, by=team.actor("convener"))
        numbers.append(made.pk)
        for person in (first, second):
            person.seats.all().update(ended_on=timezone.localdate())
            type(person).objects.filter(pk=person.pk).update(email="")
    return numbers[0]


@pytest.fixture
def opened(site, cast, browser):
    """A function that opens a page as the convener, with a partner's link in its cookies too."""
    by, team = cast.ohio.actor("convener"), cast.ohio
    _ties(team)
    number = _knocks(team)
    for group, name in (("team", "Board visits"), ("programs", "Veterans at work"), ("others", "City calls")):
        teamwork.register_program(by=by, organisation=team.board, group=group, name=name, owner=team.partner)
    link, token = make_link(
        by=by, purpose=PURPOSE, person_id=team.partner.pk, kind="partnership", object_id=team.partnership.pk
    )
    session = cast.client("convener").cookies[django_settings.SESSION_COOKIE_NAME].value
    contexts = []

    def open_page(path: str, *, language: str = "en", scheme: str = "light", width: int = 1280):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        cookies = {f"link-{link.pk}": token, "language": language}
        if not path.startswith("/me/"):
            cookies[django_settings.SESSION_COOKIE_NAME] = session
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        page = context.new_page()
        page.goto(site + path.replace("LINK", str(link.pk)).replace("ROUND", str(number)))
        if folder := os.environ.get("SCREENSHOTS"):
            name = path.strip("/").replace("/", "-").replace("?", "-")
            page.screenshot(path=str(Path(folder) / f"{name}-{language}-{width}.png"), full_page=True)
        return page

    yield open_page
    for context in contexts:
        context.close()


PAGES = (
    P + "connections/", "/me/LINK/connections", "/s/ohio/ties/told", "/s/ohio/talking-points/",
    "/s/ohio/talking-points/talk", "/s/ohio/roles/", "/s/ohio/programs/rings", "/s/ohio/pathway-definitions/",
    P + "outreach/", P + "hours/", "/s/ohio/rounds/ROUND/results",
)  # fmt: skip


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 320), ("es", "dark", 320)])
def test_axe_finds_nothing_and_nobody_scrolls_sideways(opened, language, scheme, width) -> None:
    for path in PAGES:
        page = opened(path, language=language, scheme=scheme, width=width)
        assert page.title() and "404" not in page.title(), path
        assert axe_violations(page) == [], path
        assert overflow_px(page) == 0, path


def test_the_network_is_read_on_a_phone_and_walked_with_the_keyboard(opened) -> None:
    page = opened(P + "connections/", width=320)
    heights = page.eval_on_selector_all(".network text", "all => all.map(one => one.getBoundingClientRect().height)")
    assert heights and min(heights) >= 11  # as large as small print
    boxes = page.eval_on_selector_all(".network rect", "all => all.map(one => one.getBoundingClientRect().height)")
    assert min(boxes) >= 24
    first = page.locator("a.network__end--right").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.url.split("#")[1] == first.get_attribute("href")[1:]
    assert page.locator("tr:target").count() == 1
