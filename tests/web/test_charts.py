"""Charts are numbers: shapes stand where the figures say, and what is not known is not drawn as something."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.studies.figures import FLOOR, TOP, WIDTH, history_picture, history_svg
from sharedtable.web import charts

QUOTIENT, GROWTH, JOBS, PAY = (
    "location_quotient_ratio",
    "employment_change_10y_pct",
    "employment_jobs",
    "average_annual_pay_usd",
)


def row(quotient: float | None, growth: float | None, jobs: int | None, pay: int | None = 50_000) -> dict[str, Any]:
    title = f"Industry {quotient} {growth} {jobs}"
    return {QUOTIENT: quotient, GROWTH: growth, JOBS: jobs, PAY: pay, "industry_title": title}


def chart(*rows: dict[str, Any]) -> charts.BubbleChart:
    return charts.bubble_chart(rows, lambda found: f"/profile/?{found['industry_title']}", "en")


def test_more_concentrated_stands_right_and_more_growth_stands_higher() -> None:
    found = chart(row(0.5, -10, 100), row(2.0, 15, 100))
    left, right = sorted(found.bubbles, key=lambda bubble: bubble.x)
    assert left.row[QUOTIENT] == 0.5
    assert left.x < found.middle_x < right.x
    assert right.y < found.middle_y < left.y


def test_the_area_of_a_bubble_follows_its_jobs() -> None:
    large, small = chart(row(1, 1, 4000), row(1, 1, 1000)).bubbles
    assert large.radius / small.radius == pytest.approx(2)


def test_a_row_without_one_of_the_three_figures_is_listed_and_not_drawn() -> None:
    rows = [row(None, 1, 10), row(1, None, 10), row(1, 1, None), row(1, 1, 10)]
    found = chart(*rows)
    assert [bubble.row for bubble in found.bubbles] == rows[3:]
    assert list(found.left_out) == rows[:3]


def test_a_few_extremes_stand_at_the_edge_and_say_so() -> None:
    found = chart(*(row(1, growth, 10) for growth in range(30)), row(1, 900.0, 10))
    beyond = [bubble for bubble in found.bubbles if bubble.is_beyond]
    assert [bubble.row[GROWTH] for bubble in beyond] == [900.0]
    assert found.has_beyond
    assert beyond[0].y >= found.top


@given(
    st.lists(
        st.builds(
            row, st.floats(0.01, 90), st.floats(-100, 5000), st.integers(1, 400_000), st.integers(9_000, 400_000)
        ),
        max_size=60,
    )
)
def test_every_bubble_and_every_label_stands_inside_the_chart(rows: list[dict[str, Any]]) -> None:
    found = chart(*rows)
    for bubble in found.bubbles:
        assert found.left <= bubble.x <= found.right
        assert found.top <= bubble.y <= found.bottom
        assert charts.SMALLEST <= bubble.radius <= charts.LARGEST
        assert 0 <= bubble.pay_class <= charts.PAY_CLASSES
        if bubble.label:
            assert bubble.label_x >= found.left
            assert bubble.label_x + charts.LETTER * len(bubble.label) <= found.right + 0.1
    boxes = [(b.label_x, b.label_y, b.label_x + charts.LETTER * len(b.label)) for b in found.bubbles if b.label]
    for at, (x, y, end) in enumerate(boxes):
        for other_x, other_y, other_end in boxes[at + 1 :]:
            assert end <= other_x + 0.2 or other_end <= x + 0.2 or abs(y - other_y) >= charts.LINE - 0.2


def test_bars_grow_from_the_middle_to_either_side() -> None:
    assert charts.diverging(50, 100) == (50, 25)
    assert charts.diverging(-50, 100) == (25, 25)
    assert charts.diverging(-400, 100) == (0, 50)
    assert charts.diverging(None, 100) == (50, 0)
    assert charts.bar_pct(None, 10) == 0
    assert charts.bar_pct(5, 10) == 50


def test_the_parts_of_a_change_share_one_scale() -> None:
    keys = ("national_growth_jobs", "industry_mix_jobs", "regional_shift_jobs", "employment_change_jobs")
    bars = charts.shift_bars(dict(zip(keys, (100.0, -50.0, 350.0, 400), strict=True)))
    assert [bar.length for bar in bars] == [12.5, 6.2, 43.8, 50]
    assert charts.shift_bars(dict.fromkeys(keys))[0] == charts.ShiftBar(keys[0], None, 50, 0)


def years(*found: tuple[int, int | None, str]) -> list[dict[str, Any]]:
    return [
        {"year": year, "employment_jobs": jobs, "status": status, "is_cut": status == "cut"}
        for year, jobs, status in found
    ]


def test_a_year_that_is_withheld_or_cut_has_no_bar_and_no_figure() -> None:
    picture = history_picture(years((2016, None, "cut"), (2020, None, "withheld"), (2021, 200, "published")))
    assert [(bar.kind, bar.height, bar.text) for bar in picture.bars] == [
        ("cut", 0, ""),
        ("withheld", 0, ""),
        ("published", FLOOR - TOP, "200"),
    ]
    assert picture.missing == (2017, 2018, 2019)
    assert picture.has_gaps


def test_a_partly_withheld_year_reads_as_a_lower_bound() -> None:
    picture = history_picture(years((2020, 1200, "partly_withheld"), (2021, 2400, "published")))
    assert [bar.text for bar in picture.bars] == ["≥ 1,200", "2,400"]
    assert picture.bars[0].height * 2 == pytest.approx(picture.bars[1].height, abs=0.1)


@given(st.lists(st.integers(1990, 2030), min_size=1, max_size=12, unique=True).map(sorted))
def test_bars_stand_apart_in_the_order_of_their_years(found: list[int]) -> None:
    picture = history_picture(years(*((year, 10, "published") for year in found)))
    assert picture.bars[0].x >= 0
    assert picture.bars[-1].x + picture.bars[-1].width <= WIDTH + 0.1
    for one, other in zip(picture.bars, picture.bars[1:], strict=False):
        assert one.x + one.width <= other.x + 0.1


def test_the_picture_of_a_document_stands_alone_and_is_taken_by_the_writer() -> None:
    from sharedtable.exports.typesetter import checked_svg

    svg = history_svg(history_picture(years((2016, None, "withheld"), (2021, 200, "published"))))
    assert checked_svg(svg)
    assert "class=" not in svg
    assert "style=" not in svg
