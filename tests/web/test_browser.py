"""The shell in a real Chromium: accessibility, small screens, keyboard, languages, nobody else asked for anything."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.web.conftest import axe_violations, overflow_px

pytestmark = pytest.mark.browser
PAGES = ("/", "/style")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path, language, scheme):
    page = visit(path, language=language, scheme=scheme)
    assert page.locator("html").get_attribute("lang") == language
    assert axe_violations(page) == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_scrolls_sideways_on_a_small_phone(visit, path, language):
    page = visit(path, language=language, width=320, height=640)
    assert overflow_px(page) == 0


@pytest.mark.parametrize("path", PAGES)
def test_whatever_can_be_pressed_is_large_enough_for_a_thumb(visit, path):
    page = visit(path, width=320, height=640)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, nav a, input:not([type=hidden]), select, summary")]
          .filter(e => e.getClientRects().length && !e.disabled && !e.closest(".skip-link"))
          .map(e => [e, (e.closest("label") || e).getBoundingClientRect()])
          .filter(([e, box]) => box.height < 24 || box.width < 24)
          .map(([e]) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_the_skip_link_comes_first_and_leads_to_the_content(visit):
    page = visit("/style")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("e => e === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_keyboard_reaches_everything_in_the_header_with_a_visible_ring(visit):
    page = visit("/style")
    names = []
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement.closest('.site-header') !== null")
        if names and not inside:
            break
        if inside:
            names.append(page.evaluate("document.activeElement.textContent.trim()"))
            assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    assert names[0] == "Shared Table"
    assert names[-2:] == ["Español", "Sign in"]


def test_the_language_is_switched_by_keyboard_and_stays(visit):
    page = visit("/style")
    page.get_by_role("button", name="Español").press("Enter")
    page.wait_for_url(re.compile("/style$"))
    assert page.locator("h1").text_content() == "Guía de estilo"
    page.goto(page.url.replace("/style", "/"))
    assert page.locator("html").get_attribute("lang") == "es"
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_dark_scheme_is_dark_and_printing_is_light(visit):
    page = visit("/", scheme="dark")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(background) == "rgb(17, 24, 24)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(17, 24, 24)"
    assert not page.locator(".language").is_visible()


def test_our_own_typefaces_are_the_ones_shown(visit):
    page = visit("/")
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family))"
    )
    assert {"Public Sans", "Newsreader Display"} <= {name.strip('"') for name in loaded}


def test_text_cannot_become_markup_by_a_script(live, page):
    page.goto(live.address)
    assert (
        page.evaluate(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return 'allowed'; } catch (e) { return e.name; } }"
        )
        == "TypeError"
    )


def test_a_server_of_this_machine_answers_health_and_hides_what_it_is(live):
    with urllib.request.urlopen(f"{live.address}/healthz") as answer:
        assert answer.status == 200
        assert answer.headers["Server"] is None


def test_a_header_cannot_claim_a_host_or_an_address(live):
    request = urllib.request.Request(f"{live.address}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400


def test_a_busy_port_is_told_in_a_sentence_with_the_way_out(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [
            sys.executable,
            "-c",
            "from sharedtable.cli import main; main()",
            "serve",
            "--port",
            str(port),
            "--store",
            str(tmp_path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
