"""What only a browser shows: everything grows on a projector, and a wide table on a phone says that it can be slid."""

from __future__ import annotations

import pytest

from tests.web.conftest import axe_violations, overflow_px

pytestmark = pytest.mark.browser


def test_on_a_projector_type_and_width_grow_and_on_a_desk_they_stay(visit) -> None:
    found = {}
    for width in (1280, 1920, 3840):
        page = visit("/data/", width=width, height=width * 9 // 16)
        found[width] = page.evaluate(
            "[parseFloat(getComputedStyle(document.querySelector('main p')).fontSize),"
            " document.querySelector('main .wrap').clientWidth]"
        )
        assert overflow_px(page) == 0
    assert found[1280][1] <= 1280
    assert found[1920][0] > found[1280][0] and found[1920][1] > 1400
    assert found[3840][0] >= 1.4 * found[1920][0] and found[3840][1] > 2400


@pytest.mark.parametrize("path", ["/", "/data/"])
def test_a_table_that_does_not_fit_a_phone_says_so_and_can_be_reached_by_keyboard(visit, path: str) -> None:
    page = visit(path, width=320)
    hint = page.locator(".scroll-hint").first
    assert hint.is_visible()
    table = page.locator(".scroll-hint + .table-scroll").first
    assert table.get_attribute("tabindex") == "0" and table.get_attribute("role") == "region"
    assert overflow_px(page) == 0
    assert axe_violations(page) == []
    wide = visit(path, width=1440)
    assert not wide.locator(".scroll-hint").first.is_visible()
