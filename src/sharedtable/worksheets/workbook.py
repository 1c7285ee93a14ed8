"""The result of a round as a workbook in a stable layout: a row a question, a row a count, a row a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from django.utils.translation import gettext as _

from sharedtable.exports import Column, Language, Sheet, Value, Workbook
from sharedtable.method.tools import attribution
from sharedtable.worksheets.result_queries import ResultPage
from sharedtable.worksheets.said import groups, written

LAYOUT, LAYOUT_VERSION = "worksheet-result", 1
Rows = list[Mapping[str, Value]]


def result_workbook(page: ResultPage, made_on: date, language: str) -> Workbook:
    """The result as data, in the language that is active; keys are the same in every language."""
    sheets = (
        Sheet("Questions", _question_columns(), tuple(_questions(page))),
        Sheet("Counts", _count_columns(), tuple(_counts(page))),
        Sheet("Texts", _text_columns(), tuple(_texts(page))),
        Sheet("Evidence", _evidence_columns(), tuple(_evidence(page))),
    )
    return Workbook(
        LAYOUT,
        LAYOUT_VERSION,
        page.worksheet.title,
        made_on,
        {
            "tool": page.round.tool_id,
            "tool_version": page.round.tool_version,
            "method": page.round.method_version,
            "sheets": page.results.sheets,
            "anonymous": "yes" if page.round.is_anonymous else "no",
        },
        tuple(sheet for sheet in sheets if sheet.rows),
        (attribution(language),),
        language=cast(Language, language),
        about_titles={
            "tool": _("Worksheet"),
            "tool_version": _("Version"),
            "method": _("Version of the method"),
            "sheets": _("Answers"),
            "anonymous": _("Without names"),
        },
    )


def _base() -> tuple[Column, Column]:
    return Column("question", _("Key"), "text", 1), Column("title", _("Question"), "text", 4)


def _question_columns() -> tuple[Column, ...]:
    return (
        *_base(),
        Column("kind", _("Kind")),
        Column("answers", _("Answers"), "integer"),
        Column("average", _("Average"), "ratio"),
        Column("median", _("Median"), "ratio"),
        Column("apart", _("How far two people stand apart"), "ratio"),
        Column("difference", _("Difference, 0 to 1"), "ratio"),
        Column("before", _("Average of the round before"), "ratio"),
        Column("status", _("Status")),
    )


def _count_columns() -> tuple[Column, ...]:
    return (
        *_base(),
        Column("split", _("Split")),
        Column("answer", _("Answer"), "text", 3),
        Column("people", _("People"), "integer"),
        Column("average", _("Average"), "ratio"),
    )


def _text_columns() -> tuple[Column, ...]:
    return *_base(), Column("text", _("Text"), "text", 5), Column("who", _("Who"))


def _evidence_columns() -> tuple[Column, ...]:
    return (
        Column("title", _("Question"), "text", 3),
        Column("what", _("From the record"), "text", 3),
        Column("value", _("Value"), "text", 3),
    )


def _questions(page: ResultPage) -> Rows:
    return [
        {
            "question": result.question.id,
            "title": result.question.title,
            "kind": result.question.kind,
            "answers": result.answers,
            "average": result.average,
            "median": result.middle,
            "apart": result.apart,
            "difference": result.difference,
            "before": result.earlier,
            "status": "hidden" if result.is_hidden else "",
        }
        for result in page.results.results.values()
    ]


def _counts(page: ResultPage) -> Rows:
    rows: Rows = []
    for result in page.results.results.values():
        about = {"question": result.question.id, "title": result.question.title, "split": ""}
        is_scale = result.question.kind in ("rating", "pairs")
        for bar in result.bars:
            rows.append(
                {**about, "answer": f"{bar.key} {bar.text}".strip() if is_scale else bar.text, "people": bar.count}
            )
        for by, split in groups(result):
            for name, group in split:
                rows.append({**about, "split": by, "answer": name, "people": group.answers, "average": group.average})
        heads = [c.text for c in result.question.criteria] or [_("Average place")]
        for row in result.rows:
            for head, cell in zip(heads, row.cells, strict=True):
                rows.append(
                    {**about, "split": head, "answer": row.text, "people": cell.answers, "average": cell.average}
                )
    return rows


def _texts(page: ResultPage) -> Rows:
    return [
        {"question": result.question.id, "title": result.question.title, "text": text, "who": who}
        for result in page.results.results.values()
        for text, who in written(result, page)
    ]


def _evidence(page: ResultPage) -> Rows:
    titles = {question.id: question.title for question in page.worksheet.questions}
    return [
        {"title": titles.get(key, key), "what": what, "value": value}
        for key, lines in page.evidence.items()
        for what, value in lines
    ]
