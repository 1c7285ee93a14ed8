"""The pages of partnerships in a real Chromium: accessible, at 320 px, in both languages, by link without account."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from sharedtable.accounts.links import make_link
from sharedtable.partnerships import clocking, seating
from tests.web.conftest import axe_violations, overflow_px

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("orm_beside_playwright"),
]  # fmt: skip
P = "/s/ohio/p/plastics/"


@pytest.fixture
def opened(site, cast, browser):
    """A function that opens a page as the convener, with the link of the chair in its cookies too."""
    by, team = cast.ohio.actor("convener"), cast.ohio
    clocking.set_meeting(by=by, partnership=team.partnership, on=timezone.localdate(), is_launch=True)
    seating.give_seat(by=by, partnership=team.partnership, role="champion", person=team.champion)
    link, token = make_link(by=by, purpose="seat", person_id=team.chair.pk, kind="seat", object_id=team.chair_seat.pk)
    session = cast.client("convener").cookies[django_settings.SESSION_COOKIE_NAME].value
    contexts = []

    def open_page(path: str, *, language: str = "en", scheme: str = "light", width: int = 1280, is_member: bool = True):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        cookies = {f"link-{link.pk}": token, "language": language}
        if is_member:
            cookies[django_settings.SESSION_COOKIE_NAME] = session
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        page = context.new_page()
        page.goto(site + path.replace("LINK", str(link.pk)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_axe_finds_nothing_and_nobody_scrolls_sideways(opened, language, scheme) -> None:
    for path in ("/s/ohio/", P, P + "seats/", P + "scope/", P + "clock/", P + "hours/", P + "map/", "/me/LINK/seat"):
        page = opened(path, language=language, scheme=scheme, width=320)
        assert page.title() and "404" not in page.content(), path
        assert axe_violations(page) == [], path
        assert overflow_px(page) == 0, path


def test_a_chair_without_an_account_takes_the_seat_on_a_phone_with_the_keyboard(opened) -> None:
    page = opened("/me/LINK/seat", width=320, is_member=False)
    page.get_by_role("button", name="Yes, I take this seat").focus()
    page.keyboard.press("Enter")
    page.get_by_text("You said yes.").wait_for()
    page.get_by_role("button", name="Step back, keep me informed").click()
    page.get_by_text("You are kept informed.").wait_for()
    assert page.get_by_role("button", name="Leave").is_visible()
