"""What the hand and the keyboard reach on live screens: large enough, never under a bar, at 320 px, with wide text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.live_server import Server
from tests.wall.own_database import own_database
from tests.wall.test_browser import Stage, axe, write
from tests.web.conftest import overflow_px, small_targets
from tests.web.test_personal_links_browser import COVERED

pytestmark = pytest.mark.browser
# The spacing that WCAG 1.4.12 asks a page to bear.
WIDE = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-bottom: 2em !important; }"""
SPACE_OUT = "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.getClientRects().length && !e.closest(".sr-only"))
  .filter((e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
  .map((e) => e.outerHTML.slice(0, 100))"""


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    with own_database() as database, Server(phones=1, core=None, database=database) as running:
        made = Stage(running, browser)
        yield made
        for context in browser.contexts:
            context.close()
    assert made.problems == []


def covered(page: Page) -> list[str]:
    """What has the focus and lies wholly under something else, on the way down and on the way back."""
    found = []
    for key in ("Tab", "Shift+Tab"):
        for _ in range(60):
            page.keyboard.press(key)
            found.append(page.evaluate(COVERED))
    return [one for one in found if one]


def test_live_screens_at_320_px_with_the_keyboard_and_with_wide_text(stage: Stage) -> None:
    console, phone = stage.open("facilitator", 0, "console", width=320), stage.open("phone", 0, width=320)
    console.get_by_role("button", name="Start this part: Requirements").click()
    # A card that is sent before the phone has heard of the part belongs to the one before.
    expect(phone.get_by_text("What do we have to tackle together").first).to_be_visible(timeout=20_000)
    for number in range(4):
        write(phone, f"Card number {number} with some more words in it")
        expect(console.locator("#loose li", has_text=f"number {number}")).to_be_visible(timeout=20_000)
    console.fill("#area-title", "Skills")
    console.keyboard.press("Enter")
    expect(console.locator("#areas h3", has_text="Skills")).to_be_visible()
    for page in (console, phone):
        assert small_targets(page) == []
        assert axe(page) == []
        assert covered(page) == []
        page.evaluate(SPACE_OUT, WIDE)
        assert overflow_px(page) == 0
        assert page.evaluate(CUT) == []
