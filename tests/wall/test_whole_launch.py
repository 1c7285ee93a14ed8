"""A whole launch in real browsers, from the door to the record and the partners' debrief: one screen, one console that
is used by keyboard alone, six phones of which two lose their line, and two partners who try to cheat. On the database
of this run: `./go test tests/wall/test_whole_launch.py` runs it on PostgreSQL and on SQLite.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from docx import Document as read_docx
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.live_server import Server
from tests.papers import pdf_text
from tests.wall.own_database import own_database
from tests.wall.test_browser import Stage, axe
from tests.web.conftest import small_targets

# The server has a database of its own; the mark makes this run on PostgreSQL too, and opens no line to the other one.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

COMPANIES = ("Alder Foods", "Birch Tool", "Cedar Molding", "Dogwood Films", "Elm Robotics", "Fir Packaging")
OPPORTUNITIES = (
    "Robots that small shops can pay for", "Train welders with the college", "Sell together to Mexico",
    "Recycled plastic as raw material", "Cheaper robots, shared by several shops", "Empaques que se compostan",
)  # fmt: skip
REQUIREMENTS = (
    "One course for welders", "A robot to try out", "Somebody who knows export papers", "Sort plastic together",
    "Night buses to the park", "Un laboratorio para probar material",
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_database() as database, Server(phones=1, core=None, database=database) as running:
        yield running


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[Stage]:
    made = Stage(server, browser)
    yield made
    for context in browser.contexts:
        context.close()
    # What the cheats are refused is told in the console of their browsers.
    assert [one for one in made.problems if "status of 404" not in one] == []


def tab_to(target: Locator, most: int = 250) -> None:
    """Get there with the Tab key alone; fails when that is not possible."""
    page = target.page
    expect(target).to_be_visible()
    for _ in range(most):
        if target.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {target}")


def press(target: Locator) -> None:
    """Press a button with the keyboard."""
    tab_to(target)
    target.page.keyboard.press("Enter")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def write(phone: Page, text: str) -> None:
    """A card, typed and sent with the keyboard."""
    tab_to(phone.locator("#text"))
    phone.keyboard.type(text)
    press(phone.locator("#card-form button[type=submit]"))


def come_in(stage: Stage, name: str, company: str, *, is_support: bool = False, language: str = "en-US") -> Page:
    page = stage.open("", 0, "/j/K7M2PQX/", width=320, language=language)
    page.fill("#name", name)
    page.fill("#company", company)
    if is_support:
        page.check("input[value=support]")
    press(page.locator("button[type=submit]").last)
    expect(page.locator(".lobby")).to_be_visible()
    return page


def cheat(page: Page, meeting: int, number: int) -> list[Any]:
    """Everything that somebody with the tools of a browser may try from that page; gives what came back."""
    return page.evaluate(
        """async ([meeting, number]) => {
          const found = [];
          const json = {'content-type': 'application/json'};
          const commands = [
            {do: 'note.add', text: 'Partners say'},
            {do: 'note.add', text: 'Partners say', role: 'facilitator', for: 'Ann'},
            {do: 'cluster.create', title: 'Partners say'}, {do: 'champion.sign', cluster: 3},
            {do: 'peer.name', name: 'Partners say'}, {do: 'segment.end'}, {do: 'stage.set', set: {hides: true}},
            {do: 'note.withdraw', note: number}, {do: 'note.edit', note: number, text: 'Partners say', base: number},
            {do: 'participant.admit', people: []}, {do: 'debrief.open', meeting: 1}, {do: 'practice.set', on: true},
            {do: 'date.say', dates: ['2099-02-24T14:00']}, {do: 'meeting.freeze'}, {do: 'meeting.reopen'},
          ].map((one, at) => ({...one, key: `cheat-${Math.random()}-${at}`.slice(0, 36)}));
          const body = JSON.stringify({commands});
          const sent = await fetch(`/live/${meeting}/events`, {method: 'POST', headers: json, body});
          for (const one of (await sent.json()).answers) found.push(one.turned || 'HAPPENED');
          const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
          const form = (given) => ({method: 'POST', body: new URLSearchParams({csrfmiddlewaretoken: token, ...given})});
          for (const given of [{do: 'admit'}, {do: 'show_out', number: 1}, {do: 'table', number: 1, table: 'inner'}])
            found.push((await fetch(`/live/${meeting}/people`, form(given))).status);
          for (const path of ['debrief', 'close'])
            found.push((await fetch(`/live/${meeting}/${path}`, form({}))).status);
          for (const path of ['console', 'help', 'check']) found.push((await fetch(`/live/${meeting}/${path}`)).status);
          const board = await (await fetch(`/live/${meeting}/events?after=0&view=facilitator`)).json();
          found.push(['people', 'peers', 'steps'].some((name) => name in board.data.set) ? 'TOLD' : 'kept');
          return found;
        }""",
        [meeting, number],
    )


def is_refused(found: list[Any]) -> bool:
    """Whether nothing of what a cheat tried happened or told anything."""
    return set(found[:15]) <= {"listening", "not_yours", "gone"} and found[15:] == [*[404] * 8, "kept"]


def turned(page: Page, meeting: int, **command: Any) -> str:
    """What a command that is sent by hand is answered; HAPPENED when it was carried out."""
    return page.evaluate(
        """async ([meeting, command]) => {
          const body = JSON.stringify({commands: [{key: `late-${Math.random()}`.slice(0, 36), ...command}]});
          const headers = {'content-type': 'application/json'};
          const sent = await fetch(`/live/${meeting}/events`, {method: 'POST', headers, body});
          return (await sent.json()).answers[0].turned || 'HAPPENED';
        }""",
        [meeting, command],
    )


def put(console: Page, text: str, area: str) -> None:
    """A card goes into the first area, with the keyboard."""
    press(button(console, f"Move: {text}"))
    console.keyboard.press("Enter")
    expect(console.locator(f"section[aria-label='{area}'] li", has_text=text)).to_be_visible()


def download(page: Page, link: str) -> bytes:
    """A file that a page gives away."""
    with page.expect_download() as found:
        press(page.get_by_role("link", name=link, exact=True))
    return found.value.path().read_bytes()


RECORD = """
import json
import django; django.setup()
from sharedtable.meetings.models import Meeting
from sharedtable.plans.models import Card, Champion, Closing, Priority, Shelved, Task
from sharedtable.wall.models import Board, Note
print(json.dumps({
    "closings": list(Closing.objects.values_list("next_local", "inner_count", "outer_count")),
    "companies": [name for one in Closing.objects.all() for name in one.companies],
    "priorities": list(Priority.objects.values_list("title", "said", "champions_count", "business_cards_count")),
    "champions": sorted(Champion.objects.values_list("priority__title", "name", "company", "participant__name")),
    "traced": sorted(Card.objects.filter(priority__isnull=False).values_list("text", "participant__name", "table")),
    "cards": sorted(Card.objects.values_list("text", flat=True)),
    "shelved": list(Shelved.objects.values_list("title", "reason")),
    "tasks": list(Task.objects.values_list("kind", "name", "suggested_by__name", "state")),
    "frozen": [one.frozen_at is not None for one in Meeting.objects.filter(run="launch")],
    "number": Board.objects.get(meeting__run="launch").last_number,
    "late": Note.objects.filter(text__contains="Partners say").count(),
}))
"""


def record_of(server: Server) -> dict[str, Any]:
    """What stands in the database of the running server."""
    command = [sys.executable, "-c", RECORD]
    done = subprocess.run(command, env=server.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_a_whole_launch(stage: Stage) -> None:
    meeting = stage.server.seeded.meeting
    wall = stage.open("projector", 0, "wall", width=1920)
    console = stage.open("facilitator", 0, "console", width=1440)

    console.evaluate(
        """() => { window.said = []; const live = document.getElementById('live'); new MutationObserver(() => {
        if (live.textContent) window.said.push(live.textContent); }).observe(live, {childList: true}); }"""
    )

    # --- the door: six executives and two partners, none of them with an account
    phones = [
        come_in(stage, f"Person {n}", company, language="es-US" if n == 5 else "en-US")
        for n, company in enumerate(COMPANIES)
    ]
    partners = [come_in(stage, f"Partner {n}", "A college", is_support=True) for n in range(2)]
    assert "Person 0" not in wall.content()
    press(button(console, "Let in all who wait (8)"))
    for page in (*phones, *partners):
        expect(page.locator("#card-form")).to_be_visible()
    assert stage.browser.contexts[2].cookies(f"{stage.address}/live/{meeting}/")
    assert not [one for context in stage.browser.contexts for one in context.cookies() if one["name"] == "sessionid"]

    # --- first round; two phones are out of reach for a while, one of them over a new load of the page
    for lost in (phones[2], phones[3]):
        lost.context.set_offline(True)
    for phone, text in zip(phones, OPPORTUNITIES, strict=True):
        write(phone, text)
    for lost in (phones[2], phones[3]):
        expect(lost.locator("#status")).to_contain_text("1 card waiting to send")
    for text in (*OPPORTUNITIES[:2], *OPPORTUNITIES[4:]):
        expect(wall.get_by_text(text)).to_be_visible()
    expect(wall.get_by_text(OPPORTUNITIES[2])).to_have_count(0)
    for lost in (phones[2], phones[3]):
        lost.context.set_offline(False)
    for text in OPPORTUNITIES:
        expect(wall.get_by_text(text)).to_have_count(1)
    for phone in phones:
        expect(phone.locator("#mine li")).to_have_count(1)

    # --- partners listen; whatever they send by hand changes nothing
    write(partners[0], "Ask who runs the welding lab")
    expect(partners[0].locator("#mine li")).to_have_count(1)
    before = wall.locator("#areas").inner_text()
    for partner in partners:
        found = cheat(partner, meeting, 4)
        assert is_refused(found), found
    assert wall.locator("#areas").inner_text() == before
    assert "Partners say" not in console.content()

    # --- areas and cards by keyboard: a new area, a move with the arrow keys, an undo
    for title in ("Robots", "Welders"):
        tab_to(console.locator("#area-title"))
        console.keyboard.type(title)
        console.keyboard.press("Enter")
        expect(console.locator("#areas h3", has_text=title)).to_be_visible()
    press(button(console, f"Move: {OPPORTUNITIES[1]}"))
    console.keyboard.press("ArrowDown")
    console.keyboard.press("Enter")
    welders = console.locator("section[aria-label='Welders']")
    expect(welders.locator("li", has_text=OPPORTUNITIES[1])).to_be_visible()
    expect(console.locator("#live")).to_contain_text("Moved to Welders")
    press(button(console, "Undo"))
    expect(welders.locator("li", has_text=OPPORTUNITIES[1])).to_have_count(0)

    # --- second round: announced on every phone, in the language of its reader
    press(button(console, "Start this part: Requirements"))
    expect(phones[0].locator("#live")).to_contain_text("Requirements")
    expect(phones[5].locator("#live")).to_contain_text("Requisitos")
    write(phones[0], REQUIREMENTS[0])
    held = button(console, f"Move: {REQUIREMENTS[0]}")
    tab_to(held)
    for phone, text in zip(phones[1:], REQUIREMENTS[1:], strict=True):
        write(phone, text)
    for text in REQUIREMENTS:
        expect(wall.get_by_text(text)).to_have_count(1)
        expect(button(console, f"Move: {text}")).to_be_visible()
    expect(held).to_be_focused()  # five cards came in around it
    for title in ("Skills together", "A robot pool"):
        tab_to(console.locator("#area-title"))
        console.keyboard.type(title)
        console.keyboard.press("Enter")
        expect(wall.get_by_role("heading", name=title)).to_be_visible()
    for text in (REQUIREMENTS[0], REQUIREMENTS[5]):
        put(console, text, "Skills together")

    # --- talk about the areas, one after the other; what was said stands on the screen
    press(button(console, "Start this part: Talk about the areas"))
    press(button(console, "Begin with the first"))
    expect(console.locator("#talk-area")).to_have_text("Area 1/2: Skills together")
    tab_to(console.locator("#talk-said"))
    console.keyboard.type("One class by spring")
    console.keyboard.press("Tab")
    expect(wall.locator(".room-said")).to_have_text("One class by spring")
    press(button(console, "Next area"))
    expect(wall.locator(".room-area.is-focus h2")).to_have_text("A robot pool")

    # --- names: two phones sign by keyboard, one area stays bare and goes to the shelf
    press(button(console, "Start this part: Commitments"))
    expect(phones[1].locator("#live")).to_contain_text("Names may go onto the areas now")
    press(button(phones[0], "Put my name here: Skills together"))
    press(button(phones[5], "Poner mi nombre aquí: Skills together"))
    for name in ("Person 0", "Person 5"):
        expect(wall.locator(".room-names", has_text=name)).to_be_visible()
    tab_to(phones[0].locator("#peer-name"))
    phones[0].keyboard.type("Pia Peer")
    press(button(phones[0], "Suggest them"))
    expect(console.locator("#peers")).to_contain_text("Pia Peer")
    assert "Pia Peer" not in wall.content()
    press(button(console, "Start this part: Next steps"))
    expect(wall.get_by_text("Rests until the yearly refresh")).to_have_count(1)

    # Twelve cards came; a screen reader heard of them a few times, together, and of each part once.
    told: list[str] = []
    for _ in range(40):
        told = console.evaluate("window.said")
        if any("new card" in one for one in told):
            break
        console.wait_for_timeout(500)
    assert 1 <= sum("new card" in one for one in told) <= 4, told
    assert sum(one.startswith("Requirements") for one in told) == 1, told

    # --- nothing in the way of a screen reader, nothing to scroll sideways, in both languages
    spanish = [
        stage.open("facilitator", 0, "console", width=1440, language="es-US"),
        stage.open("projector", 0, "wall", width=1920, language="es-US"),
    ]
    expect(spanish[0].get_by_role("heading", name="Guion")).to_be_visible()
    expect(spanish[1].get_by_text("Descansa hasta la revisión anual")).to_be_visible()
    for page in (wall, console, phones[0], phones[5], partners[0], *spanish):
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert axe(page) == []
    every = json.dumps([page.content() for page in (wall, console, *phones, partners[1])])
    assert "Ask who runs the welding lab" not in every

    # --- wrap-up: two dates, hands by keyboard, one is taken; partners have no hand in it
    for field, day in (("#date-1", "2099-02-23T09:00"), ("#date-2", "2099-02-24T14:00")):
        tab_to(console.locator(field))
        console.fill(field, day)
    press(button(console, "Show these dates"))
    expect(wall.locator(".room-dates li")).to_have_count(2)
    for phone in (phones[0], phones[3], phones[5]):
        tab_to(phone.locator("#dates input").nth(1))
        phone.keyboard.press("Space")
    expect(wall.locator(".room-dates li").nth(1)).to_contain_text("3 can come")
    expect(partners[0].locator("#dates-form")).to_have_count(0)
    press(console.locator("#dates button").nth(1))
    expect(wall.locator(".room-date")).to_contain_text("February 24")

    # --- read-back: what will be written, and nothing of who is missing but how many
    press(button(console, "Show the read-back"))
    expect(wall.get_by_role("heading", name="This is what we agreed on")).to_be_visible()
    for name in ("Person 0", "Person 5"):
        expect(wall.locator(".room-read")).to_contain_text(name)
    expect(wall.locator(".room-rests")).to_contain_text("A robot pool")
    expect(wall.locator(".room-missing")).to_have_text("1 colleague who is missing will be invited")
    expect(phones[5].locator("#read .is-mine")).to_contain_text("Skills together")
    for page in (wall, console, phones[0], phones[5], partners[0]):
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert axe(page) == []
    assert [small_targets(page) for page in (phones[0], phones[5], partners[0])] == [[], [], []]
    for page in (wall, *phones, *partners):
        assert "Pia Peer" not in page.content()

    # --- close: one press asks, the second freezes, and every page is the one that people take home
    press(button(console, "Close the meeting"))
    expect(console.get_by_role("dialog")).to_contain_text("1 priority: Skills together")
    assert axe(console) == []
    console.keyboard.press("Shift+Tab")
    expect(console.locator("#close-now")).to_be_focused()
    console.keyboard.press("Enter")
    for page in (wall, console, *phones[:5], *partners):
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(phones[5].get_by_role("heading", name="Gracias")).to_be_visible()
    for phone in (phones[0], phones[5]):
        expect(phone.locator("[aria-labelledby=mine-title]")).to_contain_text("Skills together")
    expect(phones[1].locator("[aria-labelledby=mine-title]")).to_have_count(0)
    for page in (wall, console, phones[0], phones[5], partners[0], spanish[0]):
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert axe(page) == []

    assert [small_targets(page) for page in (phones[0], phones[5], partners[0])] == [[], [], []]

    # --- the record, as it stands in the database
    kept = record_of(stage.server)
    assert len(kept["closings"]) == 1 and kept["closings"][0][0] == "2099-02-24T14:00"
    assert kept["companies"] == sorted((*COMPANIES, "Example"))  # the server began with one place of its own
    assert kept["priorities"] == [["Skills together", "One class by spring", 2, 2]]
    assert kept["champions"] == [
        ["Skills together", name, company, name]
        for name, company in (("Person 0", COMPANIES[0]), ("Person 5", COMPANIES[5]))
    ]
    assert kept["traced"] == [[REQUIREMENTS[0], "Person 0", "inner"], [REQUIREMENTS[5], "Person 5", "inner"]]
    assert kept["cards"] == sorted((*OPPORTUNITIES, *REQUIREMENTS))
    assert kept["shelved"] == [["A robot pool", "no_name"]]
    assert kept["tasks"] == [["invitation", "Pia Peer", "Person 0", "open"]]
    assert kept["frozen"] == [True]

    # --- nobody writes after it: no partner, no executive, not whoever ran it
    for partner in partners:
        found = cheat(partner, meeting, 4)
        assert is_refused(found), found
    for page in (phones[0], phones[3], console):
        assert turned(page, meeting, do="note.add", text="Partners say, too late") == "not_yours"
    assert turned(console, meeting, do="cluster.create", title="Too late", round="requirements") == "not_yours"
    assert record_of(stage.server) == kept
    assert kept["late"] == 0

    # --- the shared product goes home as PDF and Word: the words of companies, no private note, nobody who is missing
    word = read_docx(io.BytesIO(download(partners[1], "Word")))
    papers = (
        pdf_text(download(phones[1], "All of it as PDF")),
        "\n".join([one.text for one in word.paragraphs]),
    )
    for paper in papers:
        for part in ("Skills together", "One class by spring", REQUIREMENTS[0], REQUIREMENTS[5], "A robot pool"):
            assert part in paper
        assert "Person 0" in paper
        for hidden in ("Pia Peer", "Ask who runs the welding lab"):
            assert hidden not in paper
    assert b"20990224T140000" in download(phones[0], "Put it into my calendar")

    # --- the firms leave; partners go over with one press from the page at the end, and bring their notes
    for partner in partners:
        expect(partner.locator("#over")).to_be_hidden()
    press(button(console, "Open the partners' debrief"))
    expect(console.get_by_role("heading", name="Partners' debrief: Bench")).to_be_visible()
    press(button(console, "Start this part: What we heard"))
    for partner in partners:
        expect(partner.locator("#over")).to_be_visible()
    expect(partners[0].locator("#live")).to_have_text("The talk among partners is open")
    for phone in phones:
        expect(phone.locator("#over")).to_have_count(0)
    press(button(partners[0], "Go over"))
    expect(partners[0].get_by_role("heading", name="Your notes from the launch")).to_be_visible()
    tab_to(partners[0].locator("#kept input[type=checkbox]"))
    partners[0].keyboard.press("Space")
    press(button(partners[0], "Put them on the board"))
    expect(console.get_by_text("Ask who runs the welding lab")).to_be_visible()
    press(button(partners[1], "Go over"))
    expect(partners[1].locator("#card-form")).to_be_visible()
    token = next(one["value"] for one in phones[0].context.cookies() if one["name"] == "csrftoken")
    status = phones[0].evaluate(
        """async ([meeting, token]) => (await fetch(`/live/${meeting}/over`,
        {method: 'POST', headers: {'X-CSRFToken': token}})).status""",
        [meeting, token],
    )
    assert status == 404
    assert axe(partners[0]) == []
    assert axe(console) == []
