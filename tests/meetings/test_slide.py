"""The slide with the facts on the screen of the room: figures that the back row reads, and that do not run together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sharedtable
from sharedtable.meetings import slide
from sharedtable.meetings.slide import SectorSlide
from sharedtable.studies.figures import history_picture

CSS = Path(sharedtable.__file__).parent / "web/static/css/wall.css"


def slide_of(years: int, jobs: int = 123_456) -> SectorSlide:
    rows = [
        {"year": 2000 + n, "employment_jobs": jobs + n, "is_cut": False, "status": "published"} for n in range(years)
    ]
    return SectorSlide("S", "R", (), history_picture(rows), "source")


@pytest.mark.parametrize("years", [1, 2, 5, 12, 24])
def test_the_last_year_is_written_and_no_two_figures_touch(years: int) -> None:
    bars = slide_of(years).room
    said = [one for one in bars if one.says]
    assert len(bars) == years and bars[-1].says and len(said) >= min(years, 5)
    for before, after in zip(said, said[1:], strict=False):
        wide = max(len(before.bar.text), 4) * slide.ROOM_SIGN * slide.WIDE_SIGNS
        assert after.middle - before.middle > wide
    for one in bars:
        assert one.x >= 0 and one.x + one.width <= slide.ROOM_WIDTH
        assert one.y - 10 - slide.ROOM_SIGN >= 0 and one.y + one.height == pytest.approx(slide.ROOM_FLOOR, abs=0.2)


def test_without_figures_there_is_no_picture() -> None:
    assert slide_of(0).room == []


def test_a_sign_is_a_thirtieth_of_the_screen_and_more() -> None:
    """Ten metres from a screen two metres high, a sign of a thirtieth of it is read well (about 20 minutes of arc)."""
    style = CSS.read_text(encoding="utf-8")
    sign = int(re.search(r"\.room-slide text { font: (\d+)px", style)[1])
    assert sign == slide.ROOM_SIGN
    for share in map(int, re.findall(r"\.room-slide svg {[^}]*max-height: (\d+)vh", style)):
        assert share / 100 * sign / slide.ROOM_HEIGHT >= 1 / 30
