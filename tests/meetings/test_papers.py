"""The papers of a meeting, opened and read back: agenda, guide, card, lists, seating plan, tags, the whole pack."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import pikepdf
import pytest
from docx import Document as open_word

from sharedtable.errors import Missing
from sharedtable.meetings import arranging, pack, papers, seating

pytestmark = pytest.mark.django_db


def read(meeting, name: str, language: str = "en") -> str:
    """All the words of a Word file, also those in tables."""
    word = open_word(io.BytesIO(pack.paper(meeting, name, "docx", language).content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in word.paragraphs), *cells])


def test_the_agenda_says_when_each_part_begins_and_when_all_ends(launch):
    launch.starts_at = launch.starts_at.replace(hour=9, minute=0)
    text = read(launch, "agenda")
    for wanted in ("9 a.m.", "9:05 a.m.", "9:15 a.m.", "9:50 a.m.", "We end at 11 a.m."):
        assert wanted in text
    assert "Cuatro o cinco grandes oportunidades" in read(launch, "agenda", "es")


def test_the_guide_has_every_step_with_script_goal_and_products_and_follows_a_changed_order(cast, launch):
    text = read(launch, "guide")
    assert "Begin with what could grow, not with what is wrong." in text
    assert "2 to 3 cards from each person." in text
    assert "Business leaders who put their names to it" in text
    fresh = arranging.arrange(
        by=cast.ohio.actor("convener"), meeting=launch, version=1, order=["commitments", "welcome"], minutes={}
    )
    text = read(fresh, "guide")
    assert "Begin with what could grow" not in text
    assert text.index("1. Commitments") < text.index("2. Welcome")


def test_the_card_has_the_seven_tips_and_the_prompts(launch):
    text = read(launch, "card")
    assert [f"{n}. " in text for n in range(1, 8)] == [True] * 7
    assert "In our region specifically" in text
    assert "You write no card of your own" in text


def test_the_briefing_names_the_facilitator_and_who_is_expected_with_titles(cast, launch):
    fresh = arranging.choose_facilitator(by=cast.ohio.actor("convener"), meeting=launch, person=None, name="Fay F.")
    text = read(fresh, "briefing")
    for wanted in ("For Fay F., who facilitates.", cast.ohio.chair.name, "President", cast.ohio.college.name):
        assert wanted in text


def test_the_check_in_list_has_boxes_everybody_expected_and_lines_for_others(cast, launch):
    text = read(launch, "check-in")
    assert text.count("☐") == 2 * (2 + papers.BLANK_LINES)
    assert cast.ohio.partner.name in text


def test_the_materials_show_what_is_ready(cast, launch):
    fresh = arranging.tick(by=cast.ohio.actor("convener"), meeting=launch, ready=["markers"])
    text = read(fresh, "materials")
    assert (text.count("☒"), text.count("☐")) == (1, 10)


def test_in_the_seating_plan_businesses_sit_in_the_middle_and_no_chair_covers_another():
    for inner, outer in ((1, 0), (2, 1), (12, 8), (30, 20), (80, 60)):
        plan = seating.seating_plan([f"In {n}" for n in range(inner)], [f"Out {n}" for n in range(outer)])
        assert len(plan.chairs) == inner + outer
        x, y, width, height = plan.table
        middle = (x + width / 2, y + height / 2)
        spots = sorted((chair.x, chair.y) for chair in plan.chairs)
        for one, other in pairwise(spots):
            assert one != other
        for chair in plan.chairs:
            assert seating.CHAIR / 2 <= chair.x <= plan.width - seating.CHAIR / 2
            assert seating.DEEP / 2 <= chair.y <= plan.height - seating.DEEP / 2
            others = [one for one in plan.chairs if one is not chair]
            assert all(abs(o.x - chair.x) >= seating.CHAIR or abs(o.y - chair.y) >= seating.DEEP for o in others)
        near = [abs(c.y - middle[1]) for c in plan.chairs if c.is_inner and x <= c.x <= x + width]
        far = [abs(c.y - middle[1]) for c in plan.chairs if not c.is_inner and x <= c.x <= x + width]
        assert not near or not far or max(near) < max(far)


def test_a_name_cannot_break_the_picture_of_the_seats():
    svg = seating.plan_svg(seating.seating_plan(["<script> &"], ['"><x']), "A", "B")
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("name", papers.DOCUMENTS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_paper_opens(launch, name, kind, language):
    file = pack.paper(launch, name, kind, language)
    assert file.name == f"launch-{name}.{kind}"
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(file.content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert len(pdf.pages) >= 1
    else:
        assert open_word(io.BytesIO(file.content)).core_properties.language == language


def test_the_pack_holds_all_that_a_meeting_without_a_network_needs(cast, launch):
    with zipfile.ZipFile(io.BytesIO(pack.paper(launch, "pack", "zip", "en").content)) as zipped:
        names = zipped.namelist()
        assert [name.split("-", 1)[1] for name in names] == [
            "print-pack.pdf", "name-tags.pdf", "name-tags.docx", "cards-half-sheets.pdf", "cards-whole-sheets.pdf",
            "briefing-facilitator.pdf", "seating-plan.pdf",
        ]  # fmt: skip
        tags = open_word(io.BytesIO(zipped.read("2-name-tags.docx"))).tables[0]
        assert tags.cell(0, 0).text.splitlines() == [cast.ohio.chair.name, cast.ohio.company.name]


def test_a_paper_that_there_is_not_is_missing(launch):
    for name, kind in (("poem", "pdf"), ("agenda", "exe"), ("attendance", "xlsx")):
        with pytest.raises(Missing):
            pack.paper(launch, name, kind, "en")
