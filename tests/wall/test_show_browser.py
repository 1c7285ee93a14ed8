"""Paper cards by keyboard, the run of show on console and screen, and no page that asks another host: real browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from benchmarks.bench_scribe import add_people, people, texts
from benchmarks.live_server import Server
from tests.wall.own_database import own_database
from tests.wall.test_browser import Stage, axe, write

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_database() as database, Server(phones=3, core=None, database=database) as running:
        yield running


@pytest.fixture
def stage(browser, server: Server) -> Iterator[Stage]:
    made = Stage(server, browser)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.problems == []


def stored(page: Page, meeting: int) -> list[list[str]]:
    return page.evaluate(
        "async (meeting) => Object.values((await (await fetch(`/live/${meeting}/events?after=0&view=facilitator`))"
        ".json()).data.set.notes).map((one) => [one.text, one.for])",
        meeting,
    )


def wide(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_sixty_paper_cards_by_keyboard_alone_some_of_them_without_a_line(stage: Stage) -> None:
    page = stage.open("facilitator", 0, "scribe", width=1280)
    meeting = stage.server.seeded.meeting
    add_people(page, meeting)
    expect(page.locator("#names option")).to_have_count(len(people()) + 3)
    expect(page.locator("#who")).to_be_focused()
    cards = [(text, *people()[n % len(people())]) for n, text in enumerate(texts(60))]
    for number, (text, name, _company) in enumerate(cards):
        if number in (20, 30):
            page.context.set_offline(number == 20)
        page.keyboard.type(name.split()[0][:3])
        page.keyboard.press("Enter")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(page.locator("#typed-count")).to_have_text("60")
    expect(page.locator("#typed .is-waiting")).to_have_count(0)
    expect(page.locator("#status")).to_have_text("")
    wanted = [[text, f"{name}, {company}"] for text, name, company in cards]
    assert sorted(one for one in stored(page, meeting) if one[1]) == sorted(wanted)

    # Somebody who is not on the list: add them with the same keys. A card that nobody signed. One taken back.
    page.keyboard.type("Wanda Walkin, New Mold Co")
    expect(page.locator("#add")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#who-says")).to_have_text("Wanda Walkin, New Mold Co")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Molds made here")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Nobody signed it").click()
    page.keyboard.type("Found on the floor")
    page.keyboard.press("Enter")
    expect(page.locator("#typed-count")).to_have_text("62")
    page.get_by_role("button", name="Take back: Found on the floor").click()
    expect(page.locator("#typed-count")).to_have_text("61")
    found = stored(page, meeting)
    assert ["Molds made here", "Wanda Walkin, New Mold Co"] in found
    assert axe(page) == []

    # Without a name nothing is sent, and what was typed stays.
    page.fill("#who", "")
    page.fill("#text", "Whose words?")
    page.keyboard.press("Enter")
    expect(page.locator("#who-says")).to_contain_text("Say first who said it")
    expect(page.locator("#text")).to_have_value("Whose words?")
    assert len(stored(page, meeting)) == len(found)


def test_whom_the_scribe_just_added_counts_before_the_room_says_so(stage: Stage) -> None:
    page = stage.open("facilitator", 0, "scribe", width=1280)
    meeting = stage.server.seeded.meeting
    page.route("**/stream*", lambda route: route.abort())  # what is sent goes out; what the room says does not come in
    page.reload()
    page.keyboard.type("Quick Quinn, Quarry Co")
    page.keyboard.press("Enter")
    expect(page.locator("#who-says")).to_have_text("Quick Quinn, Quarry Co")
    page.keyboard.type("Gravel by rail")
    page.keyboard.press("Enter")
    expect(page.locator("#typed")).to_contain_text("Quick Quinn, Quarry Co")
    page.unroute("**/stream*")
    page.reload()
    expect(page.locator("#names option[value^=Quick]")).to_have_count(1)
    assert ["Gravel by rail", "Quick Quinn, Quarry Co"] in stored(page, meeting)


def test_the_scribe_page_fits_a_phone_in_spanish(stage: Stage) -> None:
    page = stage.open("facilitator", 0, "scribe", width=320, language="es-US")
    expect(page.get_by_role("heading", name="Copiar tarjetas de papel")).to_be_visible()
    assert wide(page) == 0


def test_the_run_of_show_on_console_screen_and_phones(stage: Stage) -> None:
    wall = stage.open("projector", 0, "wall", width=1920)
    console = stage.open("facilitator", 0, "console", width=1440)
    phone = stage.open("phone", 0)

    # Welcome: the roll call stands beside the step, by company.
    console.get_by_role("button", name="Start this part: Welcome").click()
    expect(console.locator("#roll li").first).to_be_visible()
    console.locator("#roll input").first.check()
    console.reload()
    expect(console.locator("#roll input").first).to_be_checked()
    expect(console.locator("#attendance")).to_contain_text("at least 12, better 25 companies")

    # Opportunities: the push for this region on every screen; each card is of here or of everywhere by one press.
    console.get_by_role("button", name="Start this part: Opportunities").click()
    write(phone, "Robots for small shops")
    console.get_by_role("button", name="In our region specifically").click()
    for page in (wall, phone):
        expect(page.locator("#prompt")).to_contain_text("In our region specifically")
    card = console.locator(".card-item", has_text="Robots for small shops")
    card.get_by_role("button", name="Our region").click()
    expect(card.locator(".card-item__meta")).to_contain_text("Our region")
    expect(console.locator("#hint")).to_contain_text("cards are marked as true in our region")
    card.get_by_role("button", name="Everywhere").click()
    expect(card.locator(".card-item__meta")).to_have_text("Everywhere")  # one or the other

    # Kinds of requirement are never shown first: not on phone or screen, and folded away at the console.
    for page in (wall, phone):
        assert "Access to capital" not in page.content().split('"tags"')[-1].split("</script>")[-1]
    expect(card.get_by_role("button", name="Access to capital")).to_be_hidden()

    # Quiet: ten seconds on the screen.
    console.get_by_role("button", name="Ten quiet seconds").click()
    expect(wall.locator("#note")).to_contain_text("A quiet moment to think")

    # Requirements: two or three cards each, about an opportunity; who has not written stands at the console alone.
    console.fill("#area-title", "Automation")
    console.keyboard.press("Enter")
    expect(console.locator("#areas h3")).to_contain_text("Automation")
    console.get_by_role("button", name="Start this part: Requirements").click()
    expect(phone.locator("#asked")).to_have_text("2 or 3 cards from each person. You have written 0.")
    phone.select_option("#about", label="Automation")
    write(phone, "A shared robot lab")
    expect(phone.locator("#asked")).to_contain_text("You have written 1.")
    expect(console.locator("#hint")).to_contain_text("Fewer than 2 cards from")
    expect(console.locator(".card-item", has_text="A shared robot lab").locator(".card-item__meta")).to_contain_text(
        "→ Automation"
    )
    assert axe(console) == []

    # Too few areas on the wall, then too few with names: a hint at the console, nothing more.
    console.fill("#area-title", "Robots together")
    console.keyboard.press("Enter")
    console.get_by_role("button", name="Start this part: Commitments").click()
    phone.get_by_role("button", name="Put my name here: Robots together").click()
    expect(console.locator("#hint")).to_contain_text("Only 1 area has names")
    console.get_by_role("button", name="shut for now").click()
    expect(console.locator("#hint")).not_to_contain_text("area has names")


def test_five_minutes_and_one_before_the_end_are_said(stage: Stage) -> None:
    console = stage.open("facilitator", 0, "console", width=1440)
    console.get_by_role("button", name="Start this part: Talk about the areas").click()
    expect(console.locator("#timer")).to_be_visible()
    wall = stage.browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-US")
    meeting = stage.server.seeded.meeting
    token = stage.server.seeded.tokens["projector"][0]
    wall.add_cookies([{"name": f"place-{meeting}", "value": token, "url": f"{stage.address}/live/{meeting}/"}])
    page = wall.new_page()
    page.clock.install()
    page.goto(f"{stage.address}/live/{meeting}/wall")
    expect(page.locator("#timer")).to_be_visible()
    page.clock.fast_forward("05:05")
    expect(page.locator("#note")).to_have_text("5 minutes left")
    page.reload()
    expect(page.locator("#timer")).to_be_visible()
    expect(page.locator("#note")).to_be_hidden()
    page.clock.fast_forward("09:05")
    expect(page.locator("#note")).to_have_text("1 minute left")


def test_no_page_of_a_meeting_asks_any_other_host(stage: Stage) -> None:
    asked: list[str] = []
    for kind, path in (
        ("", "/j/"), ("", "/j/K7M2PQX/"), ("phone", ""), ("partner", ""), ("projector", "wall"),
        ("facilitator", "console"), ("facilitator", "scribe"),
    ):  # fmt: skip
        page = stage.open(kind, 0, path, width=1280)
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        expect(page.locator("h1").first).to_be_visible()
    assert len(asked) > 40
    assert [url for url in asked if not url.startswith(f"{stage.address}/")] == []
