"""The end of a launch in real browsers, the console by keyboard alone: areas, names, date, read-back, close, home."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.live_server import Server
from tests.wall.own_database import own_database
from tests.wall.test_browser import Stage, axe, write

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_database() as database, Server(phones=3, core=None, database=database) as running:
        yield running


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[Stage]:
    made = Stage(server, browser)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.problems == []


def press(at: Locator, key: str = "Enter") -> None:
    """Without a pointer: focus, and a key."""
    at.focus()
    at.page.keyboard.press(key)


def type_into(page: Page, field: str, text: str) -> None:
    page.locator(field).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_meeting_is_wrapped_up_and_closed_by_keyboard(stage: Stage) -> None:
    wall = stage.open("projector", 0, "wall", width=1920)
    console = stage.open("facilitator", 0, "console", width=1440)
    phone, spanish = stage.open("phone", 0, width=320), stage.open("phone", 1, width=320, language="es-US")
    partner, third = stage.open("partner", 0, width=320), stage.open("phone", 2, width=320)
    button = lambda name: console.get_by_role("button", name=name, exact=True)  # noqa: E731

    press(button("Start this part: Requirements"))
    expect(phone.locator("#question")).to_contain_text("tackle together")
    for page, text in ((phone, "Train welders"), (spanish, "Un entrenador"), (phone, "Lower a federal tax")):
        write(page, text)
        expect(console.locator("#loose li", has_text=text)).to_be_visible()
    for title in ("Skills", "Export"):
        type_into(console, "#area-title", title)
        expect(console.locator("#areas h3", has_text=title)).to_be_visible()
    # Ours together or somebody else (E14), with a key.
    tax = console.locator("#loose li", has_text="Lower a federal tax")
    press(tax.get_by_role("button", name="Somebody else"))
    expect(wall.locator(".room-area--parked")).to_contain_text("Lower a federal tax")
    expect(console.locator("#parked li")).to_contain_text("Lower a federal tax")
    expect(console.locator("#loose-count")).to_have_text("2")
    assert console.evaluate("document.activeElement.tagName") == "BUTTON"  # of the card that stands next
    press(console.locator("#loose li", has_text="Train welders").get_by_role("button", name="Move"))
    console.keyboard.press("Enter")
    expect(console.locator("section[aria-label='Skills'] li", has_text="Train welders")).to_be_visible()

    # One area after the other, each with its time and its box (E15).
    press(button("Start this part: Talk about the areas"))
    press(button("Begin with the first"))
    expect(console.locator("#talk-area")).to_have_text("Area 1/2: Skills")
    expect(console.locator("#talk-left")).to_contain_text("left for this area")
    console.locator("#talk-said").focus()
    console.keyboard.type("One class by spring")
    console.keyboard.press("Tab")
    expect(wall.locator(".room-said")).to_have_text("One class by spring")
    press(button("Next area"))
    expect(wall.locator(".room-area.is-focus h2")).to_have_text("Export")

    press(button("Start this part: Commitments"))
    phone.get_by_role("button", name="Put my name here: Skills").click()
    spanish.get_by_role("button", name="Export").click()
    third.get_by_role("button", name="Put my name here: Export").click()
    phone.fill("#peer-name", "Pia Peer")
    phone.get_by_role("button", name="Suggest them").click()
    expect(console.locator("#peers")).to_contain_text("Pia Peer")

    press(button("Start this part: Next steps"))
    expect(console.locator("#check")).to_contain_text("“Export” has a champion, but no card of a business member")
    expect(console.locator("#check")).to_contain_text("Groups that last carry 2 to 5")
    console.fill("#date-1", "2099-02-23T09:00")
    console.fill("#date-2", "2099-02-24T14:00")
    press(button("Show these dates"))
    expect(wall.locator(".room-dates li")).to_have_count(2)
    spanish.locator("#dates input").nth(1).check()
    phone.locator("#dates input").nth(1).check()
    expect(wall.locator(".room-dates li").nth(1)).to_contain_text("2 can come")
    expect(partner.locator("#dates-form")).to_have_count(0)
    press(console.locator("#dates button").nth(1))
    expect(wall.locator(".room-date")).to_contain_text("February 24")

    press(button("Show the read-back"))
    expect(wall.get_by_role("heading", name="This is what we agreed on")).to_be_visible()
    expect(wall.locator(".room-read")).to_contain_text("participant 0")
    expect(wall.locator(".room-rests")).to_contain_text("Export")
    expect(wall.locator(".room-missing")).to_have_text("1 colleague who is missing will be invited")
    expect(phone.locator("#read .is-mine")).to_contain_text("Skills")
    expect(spanish.locator("#read .is-resting")).to_contain_text("Export")
    for page in (wall, phone, partner):
        assert "Pia Peer" not in page.content()
    # The words come in the last minute, and the read-back follows.
    console.locator("#scribe-text").focus()
    console.keyboard.type("Papers for exports")
    console.locator("#scribe-for").focus()
    console.keyboard.type("participant 1, Example")
    press(button("Write it down"))
    press(console.locator("#loose li", has_text="Papers for exports").get_by_role("button", name="Move"))
    console.keyboard.press("ArrowDown")
    console.keyboard.press("Enter")
    expect(wall.locator(".room-read")).to_contain_text("Export")
    for page in (wall, console, phone, spanish, partner):
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert axe(page) == []

    # A first press of Close asks; Escape leaves everything as it is; the second one freezes.
    press(button("Close the meeting"))
    expect(console.get_by_role("dialog")).to_contain_text("2 priorities: Skills, Export")
    assert axe(console) == []
    console.keyboard.press("Escape")
    expect(console.get_by_role("dialog")).to_have_count(0)
    # Somebody is shown out: their name leaves the screens, and whoever closes the meeting decides about it.
    third.close()
    console.locator("summary", has_text="In the room").click()
    press(console.locator("#people li", has_text="participant 2").get_by_role("button", name="Show out"))
    expect(wall.locator(".room-read")).not_to_contain_text("participant 2")
    press(button("Close the meeting"))
    gone = console.get_by_role("dialog").get_by_role("checkbox", name="participant 2 (Example) on “Export”")
    expect(gone).not_to_be_checked()
    assert axe(console) == []
    press(gone, "Space")
    press(console.locator("#close-now"))
    for page, word in ((console, "Thank you"), (phone, "Thank you"), (spanish, "Gracias"), (partner, "Thank you"),
                       (wall, "Thank you")):  # fmt: skip
        expect(page.get_by_role("heading", name=word)).to_be_visible()
    expect(phone.locator("[aria-labelledby=mine-title]")).to_contain_text("Skills")
    expect(spanish.locator("[aria-labelledby=mine-title]")).to_contain_text("Export")
    expect(wall.locator(".room-date")).to_contain_text("24")
    expect(wall.locator(".room-read")).to_contain_text("participant 2")
    for page in (wall, console, phone, spanish, partner):
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert axe(page) == []
    with phone.expect_download() as calendar:
        phone.get_by_role("link", name="Put it into my calendar").click()
    assert b"20990224T140000" in calendar.value.path().read_bytes()
    with partner.expect_download() as paper:
        partner.get_by_role("link", name="All of it as PDF").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    # A second facilitator who presses now gets the same page; whoever sends something gets nothing in.
    again = console.evaluate(
        "async (meeting) => (await fetch(`/live/${meeting}/events`, {method: 'POST', headers: {'content-type': "
        "'application/json'}, body: JSON.stringify({commands: [{key: 'late-late-1', do: 'cluster.create', title: 'X', "
        "round: 'requirements'}]})})).json()",
        stage.server.seeded.meeting,
    )
    assert again["answers"][0]["turned"] == "not_yours"
