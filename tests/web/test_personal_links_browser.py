"""Pages of personal links on a small phone: no account, one thumb, a screen reader, two languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.live_server import Server
from sharedtable.web.links import PAGES
from tests.wall.own_database import own_database
from tests.web.conftest import axe_violations, overflow_px, small_targets

pytestmark = pytest.mark.browser

SEED = """
import json
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from django.urls import reverse
from sharedtable.web.links import PAGES
from tests.cast import make_cast
from tests.security import things, world
team = make_cast().ohio
things.fill(team)
told = {"meeting": 0, "board": 0, "links": {}}
for purpose, name in PAGES.items():
    link, token = world.link_of(team, purpose)
    told["links"][purpose] = [link.pk, token, reverse(name, args=[link.pk])]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_database() as database, Server(core=None, database=database, seed=SEED) as running:
        yield running


@pytest.fixture
def opened(server: Server, browser: Browser) -> Iterator[object]:
    """Opens the page of a purpose on a phone that holds the cookie of that link and nothing else."""
    contexts, problems = [], []

    def open_page(purpose: str, *, language: str = "en", scheme: str = "light") -> Page:
        link, token, path = server.seeded.tokens["links"][purpose]
        address = f"http://{server.address[0]}:{server.address[1]}"
        context = browser.new_context(
            viewport={"width": 320, "height": 640},
            color_scheme=scheme,
            locale=f"{language}-US",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_cookies([{"name": f"link-{link}", "value": token, "url": f"{address}/me/{link}/"}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
        answer = page.goto(address + path)
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
@pytest.mark.parametrize("purpose", sorted(PAGES))
def test_a_personal_link_works_on_a_small_phone_without_an_account(opened, purpose, language, scheme) -> None:
    page = opened(purpose, language=language, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((block) => { block.open = true; })")
    assert page.locator("html").get_attribute("lang") == language
    assert overflow_px(page) == 0
    assert small_targets(page) == []
    assert axe_violations(page) == []
    assert page.locator("input[type=password]").count() == 0
    assert not [one for one in page.context.cookies() if one["name"] == "sessionid"]


def test_what_was_typed_stays_when_somebody_looks_elsewhere_and_goes_once_it_is_sent(opened) -> None:
    page = opened("held")
    path = page.url
    field = page.locator("form[action$='/held/words'] input[type=text]").first
    before = field.input_value()
    field.fill("Women in trades, and a veteran")
    page.goto(path.split("/me/")[0] + "/j/")
    page.goto(path)
    assert field.input_value() == "Women in trades, and a veteran"
    field.locator("xpath=ancestor::form").locator("button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("Object.keys(sessionStorage).filter((one) => one.startsWith('typed:'))") == []
    assert before != "Women in trades, and a veteran"
    assert "Women in trades, and a veteran" in page.content()


COVERED = """() => {
  const here = document.activeElement;
  const box = (here.closest("label") || here).getBoundingClientRect();
  if (here === document.body || !box.width || !box.height) return "";
  for (const across of [.1, .5, .9]) for (const down of [.1, .5, .9]) {
    const found = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
    if (found && (here.contains(found) || (here.closest("label") || here).contains(found))) return "";
  }
  return here.outerHTML.slice(0, 120);
}"""


@pytest.mark.parametrize("purpose", sorted(PAGES))
def test_what_the_keyboard_reaches_never_lies_wholly_under_a_bar_that_stays(opened, purpose) -> None:
    page = opened(purpose)
    page.evaluate("document.querySelectorAll('details').forEach((block) => { block.open = true; })")
    reached = 0
    for key in ("Tab", "Shift+Tab"):
        for _ in range(60):
            page.keyboard.press(key)
            if page.evaluate("document.activeElement === document.body"):
                break
            assert page.evaluate(COVERED) == ""
            reached += 1
    assert reached > 3
