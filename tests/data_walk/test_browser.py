"""A data walk in real browsers, on the embedded default: screen of the room, console, two phones, a partner."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.live_server import Server
from benchmarks.walk_server import WALK_SEED
from tests.wall.own_database import own_database
from tests.wall.test_browser import Stage, axe
from tests.wall.test_lines import ask, command, stream, until

pytestmark = pytest.mark.browser
SECRET = "Two plants close in May"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_database() as database, Server(phones=6, core=None, database=database, seed=WALK_SEED) as running:
        yield running


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[Stage]:
    made = Stage(server, browser)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.problems == []


def tap(phone: Page, mark: str, text: str = "") -> None:
    if text:
        phone.fill("#text", text)
    phone.locator(f"#mark-form input[value={mark}]").check()


def test_a_walk_from_the_first_figure_to_the_choice(stage: Stage) -> None:
    room = stage.open("projector", 0, "wall", width=1600)
    console = stage.open("facilitator", 0, "console", width=1440)
    phones = [stage.open("phone", 0, width=320), stage.open("phone", 1, language="es-US")]
    partner = stage.open("partner", 0)
    tokens = stage.server.seeded.tokens
    raw = [stream(stage.server, tokens[kind][0]) for kind in ("facilitator", "projector", "phone", "partner")]

    expect(phones[0].get_by_text("The next figure comes in a moment")).to_be_visible()
    console.get_by_role("button", name="Start this part: Figure by figure").click()
    console.get_by_role("button", name="Show the next one").click()
    expect(room.get_by_role("heading", name="Jobs today")).to_be_visible()
    expect(room.locator(".fig__source")).to_contain_text("Bureau of Labor Statistics")
    expect(room.locator(".fig__gaps")).to_contain_text("2022")
    expect(room.locator(".fig__chart")).to_be_visible()
    expect(phones[1].get_by_role("heading", name="Empleos actuales")).to_be_visible()

    # Marks are on no other screen, and in no line, before the reveal; one phone loses its line in between.
    tap(phones[0], "doubtful", SECRET)
    expect(phones[0].locator("#sent")).to_contain_text("You can change it until it is revealed")
    phones[1].context.set_offline(True)
    tap(phones[1], "real")
    phones[1].context.set_offline(False)
    tap(partner, "missing")
    tap(partner, "real")
    expect(console.locator(".walk-count")).to_contain_text("3 / 6")
    expect(room.locator("#note")).to_have_text("3 marked it")
    for page in (room, console, phones[1], partner):
        assert SECRET not in page.content()
    for line in raw:
        said = until(line, b'"1-0-employment":3')
        assert SECRET.encode() not in said and b'"marks"' not in said and b'"spreads"' not in said
    polled = ask(stage.server, tokens["facilitator"][0], "events?after=0&view=")[1]
    assert SECRET not in json.dumps(polled) and "marks" not in polled["data"]["set"]

    console.get_by_role("button", name="Reveal the marks").click()
    for page in (room, phones[1], partner):
        expect(page.locator("#spread")).to_contain_text(SECRET)
        assert "said by" not in page.locator("#spread").inner_text()
    expect(room.locator(".spread__row--real .spread__count").first).to_have_text("2")
    expect(console.locator("#spread-in")).to_contain_text("said by Ann Alvarez, Lakeside Example")
    console.fill("#hear-text", "A new line opens in June")
    console.get_by_role("button", name="Write it down").click()
    expect(room.locator("#spread")).to_contain_text("A new line opens in June")
    late = {"commands": [command("mark.set", stop="1-0-employment", mark="real")]}
    assert ask(stage.server, tokens["phone"][0], "events", late)[1]["answers"][0]["turned"] == "closed"

    # Words that were typed and not sent are there again after a new load of the page.
    console.get_by_role("button", name="Show the next one").click()
    expect(phones[0].get_by_role("heading", name="Change over 2 years")).to_be_visible()
    phones[0].fill("#text", "Not sent yet")
    phones[0].reload()
    expect(phones[0].locator("#text")).to_have_value("Not sent yet")

    # Somebody without a phone, marked for by the facilitator.
    console.fill("#person-name", "Nora Nophone")
    console.get_by_role("button", name="Add them").click()
    expect(console.locator("#for-who option", has_text="Nora Nophone")).to_have_count(1)
    console.select_option("#for-who", label="Nora Nophone")
    console.get_by_role("button", name="Mark it", exact=True).click()
    expect(console.locator(".walk-count")).to_contain_text("1 / 7")

    console.locator("[data-act='show-1-choice']").click()
    for page, first in ((phones[0], "1"), (phones[1], "0"), (partner, "1")):
        page.select_option("#first", first)
        page.select_option("#next", "2")
        page.locator("#choice-form button").click()
        expect(page.locator("#sent")).not_to_be_empty()
    expect(console.locator(".walk-count")).to_contain_text("3 / 7")
    console.get_by_role("button", name="Reveal the marks").click()
    expect(room.locator(".ranks li").first).to_contain_text("Motor Vehicle Parts Manufacturing first: 2")

    for page in (room, console, phones[0], phones[1], partner):
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert axe(page) == []
