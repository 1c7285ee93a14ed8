"""The frame of the pages on a small phone, where the title comes soon and menus open by a press; and one on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, Page, Response

from sharedtable.partnerships import clocking, seating
from sharedtable.people.models import Person
from sharedtable.web.policy import ROUTES
from tests.security.cases import routes
from tests.security.world import EMPTY, World, kept_links, make_world
from tests.web.conftest import axe_violations, overflow_px

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("orm_beside_playwright"),
]  # fmt: skip
P = "/s/ohio/p/plastics-ohio/"  # as the world of the security tests calls it
# Where the title begins; what a page answers to the press before stands above it, and is read first.
TITLE = """() => (document.querySelector("h1")?.getBoundingClientRect().top ?? -1)
  - (document.querySelector(".messages")?.getBoundingClientRect().height ?? 0)"""


@pytest.fixture
def world(site: str, settings, example_data: Path) -> Iterator[World]:
    """Both teams with all their things, on the example facts."""
    settings.DATA = example_data
    settings.LOCAL = False
    with kept_links():
        yield make_world()


@pytest.fixture
def member(site: str, world: World, browser) -> Iterator[Callable[..., Page]]:
    """A function that gives a page in which a member is signed in: the convener, 320 by 640, unless told."""
    contexts = []

    def sign_in(role: str = "convener", *, language: str = "en", scheme: str = "light", width: int = 320) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 640}, color_scheme=scheme, base_url=site, reduced_motion="reduce"
        )
        contexts.append(context)
        session = world.cast.client(role).cookies[django_settings.SESSION_COOKIE_NAME].value
        cookies = {django_settings.SESSION_COOKIE_NAME: session, "language": language}
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        return context.new_page()

    yield sign_in
    for context in contexts:
        context.close()


def _addresses(world: World) -> Iterator[tuple[str, str]]:
    """Each page of a team with its address, for a thing of the first team."""
    for route in routes():
        rule = ROUTES[route.name]
        if rule.who == "member" and "GET" in rule.methods and route.name not in EMPTY:
            names = [name for name, _ in route.converters]
            yield route.name, reverse(route.name, kwargs={n: world.value(route.name, n, "ohio") for n in names})


def _went(page: Page, address: str) -> Response | None:
    """Opens an address; nothing where it is a file."""
    try:
        answer = page.goto(address)
    except Error as problem:
        if "Download is starting" in str(problem):
            return None
        raise
    is_page = answer is not None and "text/html" in answer.headers.get("content-type", "")
    return answer if is_page else None


def test_every_page_of_a_team_shows_its_title_in_the_first_half_of_a_small_phone(member, world) -> None:
    page, seen, problems = member(language="es"), 0, []
    for name, address in _addresses(world):
        answer = _went(page, address)
        if answer is None or answer.status != 200:
            continue
        seen += 1
        if not 0 <= (top := page.evaluate(TITLE)) < 320:
            problems.append(f"{name}: title at {top:.0f} px, {address}")
        if overflow_px(page):
            problems.append(f"{name}: slides sideways by {overflow_px(page)} px, {address}")
    assert problems == []
    assert seen > 100


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_the_menus_of_a_phone_open_by_keyboard_and_say_where_one_is(member, language, scheme) -> None:
    page = member(language=language, scheme=scheme)
    page.goto(P + "timeline/")
    here = {"en": "Timeline", "es": "Cronología"}[language]
    for menu, inside in ((".site-nav", "/s/ohio/people/"), (".tabs", P + "seats/")):
        link, bar = page.locator(f'{menu} a[href="{inside}"]'), page.locator(f"{menu} .fold > summary")
        assert bar.is_visible() and not link.is_visible()
        bar.focus()
        page.keyboard.press("Enter")
        assert link.is_visible() and axe_violations(page) == [] and overflow_px(page) == 0
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.activeElement.closest('{menu}') !== null")
        bar.focus()
        page.keyboard.press("Space")
        assert not link.is_visible()
    assert here in page.locator(".tabs .fold > summary").inner_text()
    assert [one.inner_text() for one in page.locator(".breadcrumbs li").all() if one.is_visible()] == [
        "Lakeside plastics partnership"
    ]


def test_where_there_is_room_the_menus_lie_open_and_are_walked_with_the_tab_key(member) -> None:
    page = member(width=1280)
    page.goto(P + "timeline/")
    for menu, inside in ((".site-nav", "/s/ohio/people/"), (".tabs", P + "seats/")):
        assert page.locator(f'{menu} a[href="{inside}"]').is_visible()
        assert not page.locator(f"{menu} .fold > summary").is_visible()
    walked = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        walked.add(page.evaluate("document.activeElement.getAttribute('href')"))
    assert {"/s/ohio/people/", P + "seats/", P + "timeline/"} <= walked
    assert page.get_by_role("link", name="Help with this page").is_visible()
    assert axe_violations(page) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_home_of_a_partnership_prints_on_two_pages_with_what_a_table_needs(member, world, language) -> None:
    team, by = world.cast.ohio, world.cast.ohio.actor("convener")
    for number in range(60):  # a large table
        person = Person.objects.create(
            space=team.space, given_name="Robin", family_name=f"Rowan{number}", name=f"Robin Rowan{number}",
            search_text="", made_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip
        seating.give_seat(by=by, partnership=team.partnership, role="member", person=person)
    clocking.set_meeting(by=by, partnership=team.partnership, on=timezone.localdate(), is_launch=True)
    page = member(language=language, width=1280)
    page.goto(P)
    made = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) <= 2
    page.emulate_media(media="print")
    for seen in ("h1", ".tracker", ".pship-next .due__title", '.person-row__name:text-is("Robin Rowan59")',
                 f'.decided a[href^="{P}priorities/"]'):  # fmt: skip
        assert page.locator(seen).first.is_visible(), seen
    for absent in (".tabs", ".site-nav", ".tools", ".disclosure", ".tables-figure", ".page-help"):
        assert not any(one.is_visible() for one in page.locator(absent).all()), absent
