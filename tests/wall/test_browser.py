"""A whole launch in real browsers: screen of the room, console, phones (one without a line for a while), a partner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from benchmarks.live_server import Server
from tests.wall.own_database import own_database

pytestmark = pytest.mark.browser


@dataclass
class Stage:
    """Browsers around one server. Whatever a page reports as an error fails the test."""

    server: Server
    browser: Browser
    problems: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://{self.server.address[0]}:{self.server.address[1]}"

    def open(self, kind: str, number: int, path: str = "", *, width: int = 360, language: str = "en-US") -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 740}, locale=language, reduced_motion="reduce"
        )
        meeting = self.server.seeded.meeting
        if kind:
            token = self.server.seeded.tokens[kind][number]
            url = f"{self.address}/live/{meeting}/"
            context.add_cookies([{"name": f"place-{meeting}", "value": token, "url": url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda entry: self._heard(entry.type, entry.text))
        page.goto(self.address + (path if path.startswith("/") else f"/live/{meeting}/{path}"))
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "net::ERR" not in text:  # a line that is cut on purpose
            self.problems.append(text)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_database() as database, Server(phones=6, core=None, database=database) as running:
        yield running


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[Stage]:
    made = Stage(server, browser)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.problems == []


def write(phone: Page, text: str) -> None:
    phone.fill("#text", text)
    phone.click("#card-form button[type=submit]")


def axe(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def test_a_phone_that_is_closed_with_a_card_in_it_sends_it_when_it_is_opened_again(stage: Stage) -> None:
    wall, phone = stage.open("projector", 0, "wall", width=1280), stage.open("phone", 0)
    expect(phone.locator("#card-form")).to_be_visible()
    phone.route("**/events", lambda route: route.abort())
    write(phone, "Kept while the phone was off")
    expect(phone.locator("#status")).to_contain_text("1 card waiting to send")
    phone.unroute("**/events")
    phone.goto(f"{stage.address}/j/")
    phone.goto(f"{stage.address}/live/{stage.server.seeded.meeting}/")
    expect(wall.get_by_text("Kept while the phone was off")).to_have_count(1)
    expect(phone.locator("#mine li")).to_have_count(1)


def test_a_phone_without_streams_asks_for_what_is_new(stage: Stage) -> None:
    wall, phone = stage.open("projector", 0, "wall", width=1280), stage.open("phone", 0)
    wall.route("**/stream?*", lambda route: route.abort())
    wall.reload()
    write(phone, "Through the back door")
    expect(wall.get_by_text("Through the back door")).to_be_visible(timeout=20_000)


def test_a_launch_from_the_door_to_names_on_areas(stage: Stage) -> None:
    wall = stage.open("projector", 0, "wall", width=1600)
    console = stage.open("facilitator", 0, "console", width=1440)
    phones = [stage.open("phone", number) for number in range(3)]
    spanish = stage.open("phone", 3, language="es-US")
    partner = stage.open("partner", 0)

    # Somebody comes in by the code, waits, and is let in with one tap.
    walk_in = stage.open("", 0, "/j/K7M2PQX/")
    walk_in.fill("#name", "Dee Diaz")
    walk_in.fill("#company", "Delta Foods")
    walk_in.get_by_role("button", name="Ask to come in").click()
    expect(walk_in.get_by_role("heading")).to_have_text("You are at the door")
    console.get_by_role("button", name="Let in all who wait (1)").click()
    expect(walk_in.locator("#card-form")).to_be_visible()

    # One phone loses its line, writes on, and keeps what it has, even over a new load of the page.
    phones[2].context.set_offline(True)
    write(phones[2], "Written in the lift")
    expect(phones[2].locator("#status")).to_contain_text("waiting to send")
    write(phones[0], "Robots that small shops can pay for")
    write(phones[1], "Train welders with the college")
    write(spanish, "Vender juntos a México")
    write(walk_in, "Cheaper robots, shared by several shops")
    expect(spanish.locator("#mine li")).to_have_count(1)
    for text in ("Robots that small shops can pay for", "Vender juntos a México"):
        expect(wall.get_by_text(text)).to_be_visible()
    expect(wall.get_by_text("Written in the lift")).to_have_count(0)
    phones[2].context.set_offline(False)
    expect(wall.get_by_text("Written in the lift")).to_have_count(1)
    expect(phones[2].locator("#status")).not_to_contain_text("waiting to send")

    # A partner writes a note for themselves; raw requests change nothing.
    write(partner, "Ask about the welding lab")
    expect(partner.locator("#mine li")).to_have_count(1)
    said = partner.evaluate(
        """async (meeting) => (await (await fetch(`/live/${meeting}/events`, {method: 'POST',
        headers: {'content-type': 'application/json'}, body: JSON.stringify({commands: [
        {key: 'cheat-cheat-1', do: 'note.add', text: 'Partners say'}, {key: 'cheat-cheat-2', do: 'cluster.create',
        title: 'Ours'}]})})).json()).answers.map((one) => one.turned)""",
        stage.server.seeded.meeting,
    )
    assert said == ["listening", "listening"]

    # The facilitator makes areas, takes a suggestion, moves a card by keyboard, and undoes it.
    for title in ("Robots and automation", "Welders and skills"):
        console.fill("#area-title", title)
        console.keyboard.press("Enter")
        expect(console.locator("#areas h3", has_text=title)).to_be_visible()
    card = console.locator("#loose li", has_text="Robots that small shops")
    card.locator(".chip", has_text="Robots and automation").click()
    expect(console.locator("section[aria-label='Robots and automation'] li", has_text="small shops")).to_be_visible()
    console.locator("#loose li", has_text="Train welders").get_by_role("button", name="Move").focus()
    console.keyboard.press("Enter")
    console.keyboard.press("ArrowDown")
    console.keyboard.press("Enter")
    area = console.locator("section[aria-label='Welders and skills']")
    expect(area.locator("li", has_text="Train welders")).to_be_visible()
    expect(console.locator("#live")).to_contain_text("Moved to Welders and skills")
    console.locator("#undo").click()
    expect(area.locator("li", has_text="Train welders")).to_have_count(0)
    expect(wall.get_by_role("heading", name="Robots and automation")).to_be_visible()

    # Second round, then names; a peer is seen by nobody but those who run the meeting.
    console.get_by_role("button", name="Start this part: Requirements").click()
    expect(console.locator("#round")).to_have_value("requirements")
    for title in ("Skills together", "A robot pool"):
        console.fill("#area-title", title)
        console.keyboard.press("Enter")
        expect(console.locator("#areas h3", has_text=title)).to_be_visible()
    console.get_by_role("button", name="Start this part: Commitments").click()
    phones[0].get_by_role("button", name="Put my name here: Skills together").click()
    expect(wall.locator(".room-names", has_text="participant 0")).to_be_visible()
    phones[0].fill("#peer-name", "Pia Peer")
    phones[0].get_by_role("button", name="Suggest them").click()
    expect(console.locator("#peers")).to_contain_text("Pia Peer")
    assert "Pia Peer" not in wall.content()
    console.get_by_role("button", name="Start this part: Next steps").click()
    expect(wall.get_by_text("Rests until the yearly refresh")).to_be_visible()

    # Everybody sees the same, nobody has to scroll sideways, and nothing stands in the way of a screen reader.
    for page in (wall, console, phones[0], spanish, partner):
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert axe(page) == []
    assert "Ask about the welding lab" not in json.dumps([wall.content(), console.content(), phones[0].content()])
