"""The scope workshop in a real Chromium: a press on the map changes the answers; accessible at 320 px."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.lmi import example
from sharedtable.lmi.store import Store
from sharedtable.partnerships import scoping, teamwork, workshop
from tests.web.conftest import axe_violations, overflow_px
from tests.web.test_partnerships_browser import P, opened  # noqa: F401

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("orm_beside_playwright"),
]  # fmt: skip
W = P + "scope/workshop/"


@pytest.fixture
def team(cast, settings, tmp_path: Path):
    """The team of Ohio with a first scope, the hour under way, and the figures of the example."""
    settings.DATA = tmp_path
    assert example.install(Store(tmp_path, create=True))
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    scoping.make_version(by=by, partnership=one, based_on=0, region="39049", sector="3261", note="")
    workshop.begin_session(by=by, partnership=one)
    teamwork.place_on_map(by=by, partnership=one, place="suppliers", name="Resin maker")
    return cast


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_axe_finds_nothing_and_nobody_scrolls_sideways(team, opened, language, scheme) -> None:  # noqa: F811
    for path in (W, W + "region", W + "industry?q=plastics", W + "launch?launch=2", W + "firms", P + "map/"):
        page = opened(path, language=language, scheme=scheme, width=320)
        assert axe_violations(page) == [], path
        assert overflow_px(page) == 0, path


def test_a_press_on_the_map_changes_the_answers_and_the_address_at_once(team, opened) -> None:  # noqa: F811
    page = opened(W + "region")
    assert page.get_by_text("Likely too small: one county alone.").count()
    page.locator('svg[data-map] [data-codes="39041"]').click()
    page.get_by_text("It crosses county lines.").first.wait_for()
    assert "39041" in page.url and "39049" in page.url
    assert page.locator(".tried").inner_text().count("2 counties") == 1
    assert page.locator("[data-said]").inner_text() == "The tests show what you chose."
    # The way to the next part carries what was chosen.
    page.get_by_role("link", name="Firms", exact=True).click()
    assert "39041" in page.url


def test_the_keyboard_alone_changes_the_map_of_the_industry(team, opened) -> None:  # noqa: F811
    page = opened(P + "map/")
    page.get_by_role("link", name="Change Resin maker").press("Enter")
    page.get_by_label("Note").fill("half of the resin")
    page.get_by_role("button", name="Keep").press("Enter")
    page.get_by_text("half of the resin").wait_for()
