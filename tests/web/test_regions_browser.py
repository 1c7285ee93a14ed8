"""Region, sectors and data in a real Chromium: map, keyboard, no scripts, small screens, accessibility."""

from __future__ import annotations

import re

import pytest

from sharedtable.studies.questions import default_region
from tests.web.conftest import axe_violations, overflow_px

pytestmark = [pytest.mark.browser]
CENTRAL = ",".join(default_region().areas)
PAGES = (
    "/regions/",
    f"/regions/?areas={CENTRAL}&name=Central+Ohio",
    "/regions/?q=columbus",
    "/regions/?areas=09001,09110",
    "/sectors/?include=31-33&exclude=3339&min_pay=60000",
    "/sectors/?open=3261",
    "/data/",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path, scheme):
    assert axe_violations(visit(path, scheme=scheme)) == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_scrolls_sideways_on_a_small_phone(visit, path, language):
    assert overflow_px(visit(path, language=language, width=320, height=640)) == 0


@pytest.mark.parametrize("path", PAGES)
def test_whatever_can_be_pressed_is_large_enough_for_a_thumb(visit, path):
    page = visit(path, width=320, height=640)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button,.button,nav a,input:not([type=hidden]),select,summary,li > a")]
          .filter(e => e.getClientRects().length && !e.disabled && !e.closest(".skip-link"))
          .map(e => e.closest("label") || e)
          .filter(e => Math.min(e.getBoundingClientRect().height, e.getBoundingClientRect().width) < 24)
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def live_words(page) -> str:
    return page.locator("[data-live]").inner_text()


def test_a_press_on_the_map_ticks_the_box_and_counts(visit):
    page = visit(f"/regions/?areas={CENTRAL}")
    before = live_words(page)
    assert before.startswith("15 counties, ")
    page.locator('[data-codes="39023"] path').click(position={"x": 12, "y": 12}, force=True)
    box = page.locator('input[value="39023"]')
    assert box.is_checked()
    assert live_words(page).startswith("16 counties, at least ")
    assert "is-chosen" in page.locator('[data-codes="39023"]').get_attribute("class")
    page.locator('[data-codes="39049"] path').click(force=True)
    assert not page.locator('input[value="39049"]').is_checked()
    assert live_words(page).startswith("15 counties, ")
    page.get_by_role("button", name="Show this choice").click()
    page.wait_for_url(re.compile("39023"))
    assert "39049" not in page.url


def test_counties_are_chosen_by_keyboard_alone(visit):
    page = visit("/regions/?state=OH")
    filter_box = page.get_by_label("Narrow the list")
    filter_box.focus()
    page.keyboard.type("delaw")
    assert page.locator(".pick:visible").all_inner_texts() == ["Delaware County\n92,493", "Delaware County\nno figures"]
    page.keyboard.press("Enter")  # must not send the form
    assert page.url.endswith("/regions/?state=OH")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "areas":
            break
    page.keyboard.press("Space")
    assert page.locator('input[value="39041"]').is_checked()
    assert "is-chosen" in page.locator('[data-codes="39041"]').get_attribute("class")
    page.get_by_label("Name of the region").focus()
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("areas=39041"))
    assert page.locator("h1").inner_text() == "Mine"


def test_the_keyboard_passes_the_map_by(visit):
    page = visit("/regions/?state=OH")
    assert page.evaluate("[...document.querySelectorAll('svg[data-map] a')].every(a => a.tabIndex === -1)")
    for _ in range(60):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('svg') !== null")


@pytest.fixture
def without_scripts(live, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 900, "height": 900})
    yield lambda path: _opened(context, f"{live.address}{path}")
    context.close()


def _opened(context, address):
    page = context.new_page()
    page.goto(address)
    return page


def test_a_region_is_made_without_scripts(without_scripts):
    page = without_scripts("/regions/")
    page.get_by_label("Or choose a state on the map").select_option("OH")
    page.get_by_role("button", name="Show").click()
    page.locator('input[value="39041"]').check()
    page.locator('input[value="39049"]').check()
    page.get_by_label("Name of the region").fill("Two")
    page.get_by_role("button", name="Make this the region").click()
    assert page.locator("h1").inner_text() == "Two"
    assert "areas=39041,39049" in page.url
    assert not page.locator("[data-filter]").is_visible()
    page.locator('[data-codes="39089"] path').click(force=True)
    page.wait_for_url(re.compile("39089"))
    page.get_by_role("link", name="See its industries").click()
    page.wait_for_url(re.compile("/industries/"))


def test_a_sector_is_made_without_scripts(without_scripts):
    page = without_scripts("/sectors/?q=plastics+product")
    page.get_by_role("link", name="Take in Plastics Product Manufacturing", exact=True).click()
    page.get_by_label("dollars of average yearly pay").fill("50000")
    page.get_by_role("button", name="Show what this takes in").click()
    assert "min_pay=50000" in page.url
    assert "What it takes in: Central Ohio" in page.content()


def test_a_file_is_checked_used_and_kept_without_scripts(without_scripts, shared, live):
    path = sorted((shared / "data" / "qcew" / "area_api_ohio").glob("*2022-a-39041.csv.gz"))[0]
    page = without_scripts("/data/")
    page.locator("#upload-files").set_input_files(path)
    page.get_by_role("button", name="Check the files").click()
    page.wait_for_url(re.compile("/data/incoming/"))
    page.get_by_role("heading", name="Read, and not used yet").wait_for(timeout=60_000)
    assert path.name in page.content()
    page.get_by_role("button", name="Throw away").click()
    page.wait_for_url(re.compile("/data/$"))
    assert "Thrown away." in page.content()
    assert not list((live.folder / "incoming").glob("*/files/*/*"))


def test_a_web_page_instead_of_figures_is_told_in_the_browser(without_scripts, tmp_path):
    (tmp_path / "notice.csv").write_text("<!doctype html><title>Access denied</title>")
    page = without_scripts("/data/")
    page.locator("#upload-files").set_input_files(tmp_path / "notice.csv")
    page.get_by_role("button", name="Check the files").click()
    page.get_by_role("heading", name="This cannot be used").wait_for(timeout=60_000)
    assert "this is a web page, not a file of figures" in page.content()


def test_the_whole_country_leads_to_a_state(visit):
    page = visit("/regions/")
    page.locator(".outline", has=page.locator("title", has_text=re.compile("^Texas$"))).click(force=True)
    page.wait_for_url(re.compile("state=TX"))
    assert "Counties of Texas" in page.content()


def test_a_long_list_does_not_make_the_page_longer(visit):
    page = visit(f"/regions/?areas={CENTRAL},21015")
    gap = page.evaluate(
        """() => document.documentElement.scrollHeight - scrollY
          - document.querySelector(".site-footer").getBoundingClientRect().bottom"""
    )
    assert abs(gap) <= 1
