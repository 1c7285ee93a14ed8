"""In a real browser: set the team up, add a passkey, and look at the pages on a phone."""

from __future__ import annotations

import pytest

from tests.web.conftest import axe_violations, overflow_px

pytestmark = pytest.mark.browser


def test_a_team_is_set_up_and_a_passkey_added_and_the_pages_fit_a_phone(live, browser):
    # A passkey belongs to a name, so not to 127.0.0.1.
    address = live.address.replace("127.0.0.1", "localhost")
    context = browser.new_context(viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    problems: list[str] = []
    page = context.new_page()
    page.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{address}/")
    page.get_by_role("link", name="Set up your team").click()
    page.get_by_label("What is your team called?").fill("Lake team")
    page.get_by_label("State").select_option("OH")
    page.get_by_label("Your name").fill("Casey Lake")
    page.get_by_label("Your mail address").fill("casey@lake.example")
    page.get_by_role("button", name="Set up the team").click()
    page.wait_for_url("**/s/lake-team/**")
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    page.goto(f"{address}/security/passkey/")
    page.get_by_label("A name for it").fill("Phone of Casey")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/security/codes/")
    page.get_by_role("button", name="Show my codes").click()
    assert page.locator(".code-list li").count() == 10
    page.goto(f"{address}/security/")
    assert page.get_by_text("Phone of Casey").first.is_visible()
    for path in (
        "/s/lake-team/team/",
        "/s/lake-team/team/roles/",
        "/s/lake-team/team/give/",
        "/security/",
        "/regions/",
    ):
        page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        assert overflow_px(page) == 0, path
        page.locator(".user-menu summary").click()
        assert overflow_px(page) == 0, path
        assert page.get_by_role("link", name="Security").is_visible()
        assert axe_violations(page) == [], path
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state("networkidle")
    for path in ("/sign-in/", "/set-up/"):
        page.goto(f"{address}{path}")
        assert overflow_px(page) == 0
        assert path == "/set-up/" or axe_violations(page) == []
    context.close()
    assert [one for one in problems if "404" not in one] == []
