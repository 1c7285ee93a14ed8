"""The sheet on a phone: saved as it is typed, kept without a connection, usable with a keyboard, nothing too wide."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import Live, axe_violations, overflow_px

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]

MAKE = """
import json, sys
import django
django.setup()
from tests.cast import make_cast
from tests.worksheets.rounds import answer, begun, holder, links, seats
cast = make_cast()
team = cast.ohio
people = seats(team, 6)
found = {}
for tool, hides in (("what-works", True), ("review-scope", False), ("convener-role", False)):
    made = begun(team, people, tool, is_anonymous=hides)
    link, token = links(made)[people[0].pk]
    found[tool] = [link.pk, token]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def sheets(live: Live) -> dict[str, list]:
    """Links to open rounds on the running server, by tool."""
    environment = {
        **os.environ,
        "SHAREDTABLE_DATA": str(live.folder),
        "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", MAKE], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(autouse=True)
def _only_where_the_server_has_its_own_file() -> None:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("the running server has a database of its own there, which this file cannot fill")


def open_sheet(browser: Browser, live: Live, given: list, *, language: str = "en", scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme=scheme, locale={"en": "en-US", "es": "es-US"}[language]
    )
    context.add_cookies([{"name": f"link-{given[0]}", "value": given[1], "url": live.address}])
    page = context.new_page()
    page.goto(f"{live.address}/me/{given[0]}/worksheet/")
    return page


def wait_state(page: Page, state: str) -> None:
    """Wait until the line about saving says so."""
    page.locator(f'[data-save-line][data-state="{state}"]').wait_for(timeout=20_000)


def test_answers_are_saved_as_they_are_typed_and_wait_on_the_phone_without_a_connection(browser, live, sheets):
    page = open_sheet(browser, live, sheets["review-scope"])
    page.locator('[data-question="agreed"] input[value="3"]').check()
    line = page.locator("[data-save-line]")
    wait_state(page, "saved")
    page.context.set_offline(True)
    page.locator('[name="q-first"]').fill("Plastics")
    page.locator('[name="q-shift"]').fill("The northern county")
    wait_state(page, "waiting")
    assert "kept on this device" in line.inner_text()
    page.context.set_offline(False)
    wait_state(page, "saved")
    page.reload()
    assert page.locator('[name="q-first"]').input_value() == "Plastics"
    assert page.locator('[name="q-shift"]').input_value() == "The northern county"
    assert page.locator('[data-question="agreed"] input[value="3"]').is_checked()
    page.get_by_role("button", name="I am done").click()
    page.wait_for_load_state("networkidle")
    assert "Your answers are in" in page.locator("main").inner_text()
    page.context.close()


def test_what_was_typed_without_a_connection_survives_that_the_page_is_closed(browser, live, sheets):
    page = open_sheet(browser, live, sheets["convener-role"])
    page.context.set_offline(True)
    page.locator('[name="q-help"]').fill("With long letters")
    wait_state(page, "waiting")
    page.context.set_offline(False)
    again = page.context.new_page()
    page.close()
    again.goto(f"{live.address}/me/{sheets['convener-role'][0]}/worksheet/")
    wait_state(again, "saved")
    again.reload()
    assert again.locator('[name="q-help"]').input_value() == "With long letters"
    again.context.close()


def test_a_sentence_stands_beside_what_does_not_fit_and_dependent_questions_appear(browser, live, sheets):
    page = open_sheet(browser, live, sheets["convener-role"])
    page.locator('[name="q-hours"]').fill("many")
    problem = page.locator('[data-question="hours"] [data-problem]')
    problem.wait_for(state="visible")
    assert "write a number" in problem.inner_text()
    page.locator('[name="q-hours"]').fill("6")
    problem.wait_for(state="hidden")
    page.context.close()
    page = open_sheet(browser, live, sheets["review-scope"])
    which = page.locator('[data-question="which-way"]')
    assert which.is_hidden()
    page.locator('[data-question="size"] input[value="1"]').check()
    which.wait_for(state="visible")
    page.locator('[data-question="size"] input[value="4"]').check()
    which.wait_for(state="hidden")
    page.context.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_a_sheet_is_for_everybody(browser, live, sheets, language, scheme):
    for tool in ("review-scope", "convener-role"):
        page = open_sheet(browser, live, sheets[tool], language=language, scheme=scheme)
        page.wait_for_load_state("networkidle")
        assert axe_violations(page) == []
        assert overflow_px(page) == 0
        page.context.close()


def test_an_anonymous_sheet_is_answered_with_the_keyboard_alone(browser, live, sheets):
    page = open_sheet(browser, live, sheets["what-works"])
    page.get_by_role("button", name="Begin").focus()
    page.keyboard.press("Enter")
    page.locator('[data-question="clusters"]').wait_for()
    page.locator('[data-question="clusters"] input[value="1"]').focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    wait_state(page, "saved")
    page.wait_for_timeout(300)
    page.reload()
    assert page.locator('[data-question="clusters"] input[value="2"]').is_checked()
    assert axe_violations(page) == []
    page.context.close()
