"""The library in a real browser: nothing too wide at 320 pixels, axe clean, in both languages."""

from __future__ import annotations

import pytest

from tests.web.conftest import axe_violations, overflow_px

pytestmark = pytest.mark.browser
PAGES = (
    "/library/", "/library/?q=launch", "/library/facts/", "/library/states/", "/library/reading/",
    "/library/stories/northern-colorado/", "/library/poster/", "/library/help/profile/",
)  # fmt: skip


@pytest.mark.parametrize(("width", "language", "scheme"), [(320, "es", "light"), (1280, "en", "dark")])
def test_pages_of_the_library_fit_and_are_accessible(visit, width, language, scheme) -> None:
    page = visit("/library/", language=language, width=width, scheme=scheme)
    for path in PAGES:
        page.goto(page.url.split("/library")[0] + path)
        assert overflow_px(page) <= 0, path
        assert axe_violations(page) == [], path
