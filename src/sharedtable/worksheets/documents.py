"""Worksheets on paper, and results as files to take away: Word, PDF, Excel, all made by `exports`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sharedtable.exports import (
    BlankLines,
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Language,
    Paragraph,
    Table,
    Value,
    to_docx,
    to_pdf,
    to_xlsx,
)
from sharedtable.method.questions import Question, Worksheet
from sharedtable.method.tools import attribution
from sharedtable.worksheets.merged_paper import picture_blocks
from sharedtable.worksheets.result_queries import ResultPage
from sharedtable.worksheets.results import Result
from sharedtable.worksheets.said import groups, spread_words, tables_in_words, whose, written
from sharedtable.worksheets.workbook import result_workbook

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
KINDS = frozenset(_TYPES)
PAPER = frozenset({"pdf", "docx"})
BOX = "\N{BALLOT BOX}"
LINES = {"short": 1, "long": 5, "date": 1, "number": 1, "person": 1, "organisation": 1}


@dataclass(frozen=True)
class File:
    """A finished file: its bytes, its media type, and the name under which a browser keeps it."""

    content: bytes
    media_type: str
    name: str

    @property
    def disposition(self) -> str:
        """The header that makes a browser save it under its name."""
        return f'attachment; filename="{self.name}"'


# --- paper ------------------------------------------------------------------------------------------------------------


def paper_file(worksheet: Worksheet, kind: str, *, today: date | None = None) -> File:
    """An empty worksheet to print and to fill in by hand."""
    with override(worksheet.language):
        document = paper(worksheet, today or timezone.localdate())
        content = to_pdf(document) if kind == "pdf" else to_docx(document)
    return File(content, _TYPES[kind], f"{worksheet.id}-{worksheet.language}.{kind}")


def paper(worksheet: Worksheet, today: date) -> Document:
    """The document of an empty worksheet, in the language that is active."""
    blocks: list[Block] = [Paragraph(worksheet.intro, "lead")]
    number = 0
    for section in worksheet.sections:
        blocks.append(Heading(1, section.title))
        if section.intro:
            blocks.append(Paragraph(section.intro))
        for question in section.questions:
            if question.is_answered_by_people:
                number += 1
                blocks += _paper_question(question, number)
    return Document(
        worksheet.title, today, tuple(blocks), cast(Language, worksheet.language), _("Worksheet"),
        sources=(attribution(worksheet.language),), footer=attribution(worksheet.language),
    )  # fmt: skip


def _paper_question(question: Question, number: int) -> list[Block]:
    title = f"{number}. {question.title if question.kind != 'pairs' else question.text or _('Where do we stand?')}"
    blocks: list[Block] = []
    if question.kind in ("rating", "pairs"):
        blocks.append(_scale_table(question, title))
    elif question.kind in ("choice", "many"):
        hint = _("Tick one.") if question.kind == "choice" else _("Tick all that fit.")
        blocks += [Paragraph(f"{title} {hint}"), Bullets(tuple(f"{BOX} {option.text}" for option in question.options))]
        if not question.options:
            blocks.append(BlankLines(5, _("Your answer")))
    elif question.kind == "ranking":
        columns: tuple[Column, ...] = (Column("place", _("Place"), "text", 0.6), Column("text", _("Listed"), "text", 4))
        rows: tuple[Mapping[str, Value], ...] = tuple({"place": "", "text": o.text} for o in question.options)
        blocks.append(Table(f"{title} {_('Write 1 beside the first, 2 beside the next.')}", columns, rows))
    elif question.kind == "matrix":
        columns = (
            Column("text", _("Listed"), "text", 3),
            *(Column(c.id, c.text, "text", 1.4) for c in question.criteria),
        )
        rows = tuple({"text": o.text, **{c.id: "" for c in question.criteria}} for o in question.options)
        note = f"1 = {question.anchor(1)}, {question.points} = {question.anchor(question.points)}"
        blocks.append(Table(f"{title} {note}", columns, rows))
    else:
        unit = f" ({question.unit})" if question.unit else ""
        blocks.append(BlankLines(LINES[question.kind], f"{title}{unit}"))
    if question.help:
        blocks.append(Paragraph(question.help, "note"))
    return blocks


def _scale_table(question: Question, title: str) -> Table:
    if question.kind == "pairs":
        columns = (
            Column("left", _("On this side"), "text", 3),
            *(Column(f"p{step}", str(step), "code", 0.5) for step in question.steps),
            Column("right", _("On that side"), "text", 3),
        )
        row = {"left": question.left, "right": question.right, **{f"p{step}": BOX for step in question.steps}}
        return Table(title, columns, (row,))
    columns = tuple(Column(f"p{step}", f"{step} {question.anchor(step)}".strip(), "text", 1) for step in question.steps)
    return Table(title, columns, ({f"p{step}": BOX for step in question.steps},))


# --- results ----------------------------------------------------------------------------------------------------------


def result_file(page: ResultPage, kind: str, language: str, *, today: date | None = None) -> File:
    """A result as xlsx, docx or pdf, in that language."""
    made_on = today or timezone.localdate()
    with override(language):
        writers: Mapping[str, Callable[[], bytes]] = {
            "xlsx": lambda: to_xlsx(result_workbook(page, made_on, language)),
            "docx": lambda: to_docx(result_document(page, made_on, language)),
            "pdf": lambda: to_pdf(result_document(page, made_on, language)),
        }
        return File(writers[kind](), _TYPES[kind], _name(page, kind))


def _name(page: ResultPage, kind: str) -> str:
    about = page.round.partnership.slug if page.round.partnership else page.round.space.slug
    plain = unicodedata.normalize("NFKD", f"{page.worksheet.title} {about}").encode("ascii", "ignore").decode()
    day = timezone.localtime(page.round.revealed_at).date().isoformat() if page.round.revealed_at else ""
    return f"{re.sub(r'[^a-z0-9]+', '-', plain.lower()).strip('-')[:80]}-{day}.{kind}"


def _about(page: ResultPage) -> str:
    where = page.round.partnership.name if page.round.partnership else page.round.space.name
    said = ngettext("%(n)d answer", "%(n)d answers", page.results.sheets) % {"n": page.results.sheets}
    kind = _("without names") if page.round.is_anonymous else _("with names")
    tables = tables_in_words(page.tables)
    origin = _("From: %(tables)s") % {"tables": tables} if tables else ""
    return f"{where}. {said}, {kind}." + (f" {origin}." if origin else "")


def result_document(page: ResultPage, made_on: date, language: str) -> Document:
    """The result on paper: where the group differs first, then each question."""
    blocks: list[Block] = [Paragraph(_about(page), "lead")]
    if ready := page.readiness:
        said = _("Ready: most answers are yes") if ready.is_ready else _("Not ready yet")
        count = _("%(yes)d of %(all)d are yes.") % {"yes": ready.yes, "all": ready.all}
        blocks += [Heading(1, said), Paragraph(count)]
        if ready.missing:
            blocks.append(Bullets(tuple(question.title for question in ready.missing)))
    if page.results.differing:
        blocks.append(Heading(1, _("We differ most on")))
        blocks.append(Bullets(tuple(f"{r.question.title} {spread_words(r)}" for r in page.results.differing)))
    blocks += picture_blocks(page.merged)
    for section in page.worksheet.sections:
        blocks.append(Heading(1, section.title))
        for question in section.questions:
            if question.id in page.results.results:
                blocks += _result_blocks(page.results.results[question.id], page)
            elif lines := page.evidence.get(question.id):
                blocks.append(_pairs_table(question.title, lines))
    blocks += _outcome_blocks(page)
    if page.worksheet.discuss:
        blocks += [Heading(1, _("To talk about")), Bullets(page.worksheet.discuss)]
    return Document(
        page.worksheet.title, made_on, tuple(blocks), cast(Language, language), _("Result of a worksheet"),
        sources=(attribution(language),), footer=attribution(language),
    )  # fmt: skip


def _pairs_table(title: str, lines: Sequence[Sequence[str]]) -> Table:
    columns = (Column("what", _("From the record"), "text", 2), Column("value", _("Value"), "text", 2))
    return Table(title, columns, tuple({"what": what, "value": value} for what, value in lines))


def _result_blocks(result: Result, page: ResultPage) -> list[Block]:
    title = result.question.title
    if result.is_hidden:
        return [Paragraph(f"{title}: {_('too few answers to show without names')}", "note")]
    if not result.answers:
        return [Paragraph(f"{title}: {_('no answers')}", "note")]
    blocks: list[Block] = []
    if result.bars:
        columns = (Column("answer", _("Answer"), "text", 4), Column("count", _("People"), "text", 1))
        rows = tuple(
            {"answer": f"{bar.key} {bar.text}".strip() if result.question.kind in ("rating", "pairs") else bar.text,
             "count": _("not shown") if bar.count is None else str(bar.count)}
            for bar in result.bars
        )  # fmt: skip
        average = ""
        if result.average is not None:
            average = _("Average %(value)s.") % {"value": number_format(round(result.average, 1), 1)} + " "
        blocks.append(Table(title, columns, rows, note=f"{average}{spread_words(result)}"))
        for by, split in groups(result):
            lines = [(name, f"{number_format(round(g.average, 1), 1)} ({g.answers})") for name, g in split]
            blocks.append(_pairs_table(f"{title} – {by}", lines))
    elif result.rows:
        blocks.append(_rows_table(result, title))
    elif result.question.kind == "number":
        value = number_format(round(result.middle or 0, 1), 1)
        blocks.append(Paragraph(f"{title}: {_('median')} {value} {result.question.unit} ({result.answers})"))
    else:
        blocks.append(Heading(2, title))
        blocks += [Paragraph(f"{text}{f' – {who}' if who else ''}", "quote") for text, who in written(result, page)]
    return blocks


def _rows_table(result: Result, title: str) -> Table:
    is_matrix = result.question.kind == "matrix"
    heads = [c.text for c in result.question.criteria] if is_matrix else [_("Average place")]
    columns = (
        Column("text", _("Listed"), "text", 3),
        *(Column(f"c{n}", head, "ratio", 1.2) for n, head in enumerate(heads)),
        *((Column("all", _("All together"), "ratio", 1.2),) if is_matrix else ()),
    )
    rows = tuple(
        {"text": row.text, **{f"c{n}": cell.average for n, cell in enumerate(row.cells)}, "all": row.average}
        for row in result.rows
    )
    return Table(title, columns, rows)


def _outcome_blocks(page: ResultPage) -> list[Block]:
    blocks: list[Block] = []
    if page.decisions:
        blocks.append(Heading(1, _("Decided")))
        blocks.append(Bullets(tuple(f"{d.question} {d.chosen}. {d.reasons}" for d in page.decisions)))
    if page.promises:
        blocks.append(Heading(1, _("Pledged")))
        columns = (
            Column("who", _("Who"), "text", 2),
            Column("what", _("What"), "text", 4),
            Column("due", _("By"), "date"),
        )
        rows = tuple(
            {"who": whose(p.who, page.sits_at.get(p.who.casefold(), "")), "what": p.what, "due": p.due_on}
            for p in page.promises
        )
        blocks.append(Table(_("Who does what by when"), columns, rows))
    return blocks
