"""Sixty paper cards, typed by one scribe at the speed of a person: minutes, and whether each is stored under its name.

    python -m benchmarks.bench_scribe [CARDS] [WORDS_A_MINUTE]

The person types 45 words a minute (225 signs, so 0.27 s a sign) without a mistake, and takes 2 s to pick up and read
each sheet. Twenty business members are in the room; the first three letters of the name find one of them.
Needs the extra `web` and Chromium.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.live_server import Server

CARDS = Path(__file__).resolve().parent.parent / "tests" / "wall" / "labelled"
PICK_UP_SECONDS = 2.0
FIRST = "Ann Bo Cy Dee Eli Fay Gus Hana Ike Jo Kim Lou Mia Ned Ola Pia Quin Rae Sol Tess".split()  # noqa: SIM905
LAST = "Alvarez Baker Chen Diaz Engel Fischer Gupta Hernandez Ibarra Jones Kowalski Lopez Moss Petrov".split()  # noqa: SIM905


def texts(most: int) -> list[str]:
    """Cards as people write them, from the labelled sets."""
    found = []
    for name in ("tuned_en.tsv", "fresh_en.tsv"):
        lines = (CARDS / name).read_text(encoding="utf-8").splitlines()
        found += [line.partition("\t")[2] for line in lines if not line.startswith("#")]
    return [found[n % len(found)] for n in range(most)]


def people() -> list[tuple[str, str]]:
    """Twenty made-up business members."""
    return [(f"{first} {LAST[n % len(LAST)]}", f"{LAST[n % len(LAST)]} Works") for n, first in enumerate(FIRST)]


def add_people(page: Page, meeting: int) -> None:
    """Write everybody down, as the door does."""
    for name, company in people():
        done = page.evaluate(
            """async ([meeting, name, company]) => { const form = new FormData(document.getElementById('token'));
            form.set('do', 'write_down'); form.set('name', name); form.set('company', company);
            return (await fetch(`/live/${meeting}/people`, {method: 'POST', body: new URLSearchParams(form),
            headers: {accept: 'application/json'}})).status; }""",
            [meeting, name, company],
        )
        assert done == 200, done


def main() -> None:
    """Type, and tell."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    words_a_minute = float(sys.argv[2]) if len(sys.argv) > 2 else 45
    pause = 60_000 / (words_a_minute * 5)  # milliseconds a sign
    with Server(phones=1, core=None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        meeting, address = server.seeded.meeting, f"http://{server.address[0]}:{server.address[1]}"
        context = browser.new_context(locale="en-US")
        cookie = {"name": f"place-{meeting}", "value": server.seeded.tokens["facilitator"][0]}
        context.add_cookies([{**cookie, "url": f"{address}/live/{meeting}/"}])
        page = context.new_page()
        page.goto(f"{address}/live/{meeting}/scribe")
        add_people(page, meeting)
        expect(page.locator("#names option")).to_have_count(len(people()) + 1)
        cards = [(text, *people()[n % len(people())]) for n, text in enumerate(texts(count))]
        page.focus("#who")
        begun, keys = time.monotonic(), 0
        for text, name, _company in cards:
            time.sleep(PICK_UP_SECONDS)
            short = name.split()[0][:3]
            page.keyboard.type(short, delay=pause)
            page.keyboard.press("Enter")
            page.keyboard.type(text, delay=pause)
            page.keyboard.press("Enter")
            keys += len(short) + len(text) + 2
        minutes = (time.monotonic() - begun) / 60
        expect(page.locator("#typed-count")).to_have_text(str(count))
        expect(page.locator("#typed .is-waiting")).to_have_count(0)
        stored = page.evaluate(
            "async (meeting) => Object.values((await (await fetch(`/live/${meeting}/events?after=0&view=facilitator`))"
            ".json()).data.set.notes).map((one) => [one.text, one.for])",
            meeting,
        )
        wanted = [[text, f"{name}, {company}"] for text, name, company in cards]
        said = {
            "cards": count, "words_a_minute": words_a_minute, "pick_up_seconds": PICK_UP_SECONDS,
            "signs_a_card": round(keys / count, 1), "minutes": round(minutes, 2),
            "all_stored_in_order_under_their_names": stored == wanted,
        }  # fmt: skip
        print(json.dumps(said, indent=1))
        browser.close()


if __name__ == "__main__":
    main()
