"""The result of a debrief or a brainstorm as a paper."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing
from sharedtable.exports import Block, Bullets, Column, Document, Heading, Language, Paragraph, Table, to_docx, to_pdf
from sharedtable.meetings.actions import day_of
from sharedtable.partnerships.documents import File
from sharedtable.wall.results import Result, ResultArea

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}  # fmt: skip


def result_file(found: Result, kind: str) -> File:
    """The paper as Word or PDF. Fails with Missing for another kind."""
    if kind not in _TYPES:
        raise Missing(_("There is no such file. Choose one of those that are offered."))
    made = result_document(found)
    content = to_docx(made) if kind == "docx" else to_pdf(made)
    return File(content, _TYPES[kind], f"{slugify(found.meeting.title)[:80] or 'result'}.{kind}")


def result_document(found: Result) -> Document:
    """Question by question: areas with their cards in the words of whoever wrote them; who was there, by table."""
    meeting = found.meeting
    day = date_format(day_of(meeting), "DATE_FORMAT")
    lead = f"{meeting.partnership.name} · {day}" + (f" · {meeting.place}" if meeting.place else "")
    blocks: list[Block] = [Paragraph(lead, "lead")]
    if meeting.is_practice:
        blocks.append(Paragraph(_("PRACTICE. The companies are made up, and all of this is wiped."), "note"))
    if found.shortlist:
        blocks += [Heading(1, _("Shortlist")), Bullets(tuple(found.shortlist))]
    for one in found.rounds:
        blocks.append(Heading(1, one.question))
        blocks += [block for area in one.areas for block in _area(area)] or [Paragraph(_("No card."))]
    if found.people:
        columns = (Column("name", _("Name")), Column("from", _("Company or organization")), Column("table", _("Table")))
        rows = [{"name": one.name, "from": one.company, "table": str(one.get_table_display())} for one in found.people]
        blocks += [Heading(1, _("Who was there")), Table(_("Who was there, and at which table"), columns, tuple(rows))]
    language: Language = "es" if (get_language() or "en").startswith("es") else "en"
    return Document(meeting.title, day_of(meeting), tuple(blocks), language)


def _area(area: ResultArea) -> list[Block]:
    blocks: list[Block] = [Heading(2, area.title or _("Not sorted"))]
    if area.said:
        blocks.append(Paragraph(area.said))
    return [*blocks, Bullets(tuple(area.cards))] if area.cards else blocks
