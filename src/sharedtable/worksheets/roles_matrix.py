"""The responsibilities matrix (A23): five groups by six steps, in the team's words, on a page and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.exports import Column, Document, Paragraph, Table, to_docx, to_pdf
from sharedtable.method import lists
from sharedtable.method.guideposts import guideposts
from sharedtable.partnerships.documents import File, file_of, reader_language
from sharedtable.worksheets.wording import Worded, worded


@dataclass(frozen=True)
class GroupRow:
    """One group: what it is called, what it is, and what it does in each step."""

    key: str
    title: str
    text: str
    cells: Sequence[tuple[str, Worded]]


@dataclass(frozen=True)
class Matrix:
    """All of it; `steps`: the titles of the six steps."""

    steps: Sequence[tuple[str, str]]
    rows: Sequence[GroupRow]


def matrix(by: Actor, language: str) -> Matrix:
    """The matrix as this team says it: one query."""
    by.must("worksheets.see")
    steps = [(item.id, item.title(language)) for item in lists.items("steps").values()]
    cells = {(one.group, str(one.more["step"])): one for one in worded(by.space_id, "responsibilities", language)}
    rows = [
        GroupRow(
            item.id, item.title(language), item.text(language),
            [(title, cells[item.id, key]) for key, title in steps if (item.id, key) in cells],
        )
        for item in lists.items("responsibility_groups").values()
    ]  # fmt: skip
    return Matrix(steps, rows)


def matrix_file(found: Matrix, kind: str, team: str) -> File:
    """The matrix as Word or PDF, across the page."""
    document = _document(found, team)
    return file_of(kind, "roles", {"docx": lambda: to_docx(document), "pdf": lambda: to_pdf(document)})


def _document(found: Matrix, team: str) -> Document:
    columns = (
        Column("step", _("Step"), "text", 1.2),
        *(Column(row.key, row.title, "text", 2) for row in found.rows),
    )
    rows = tuple(
        {
            "step": f"{number}. {title}",
            **{row.key: f"{row.cells[number - 1][1].title}. {row.cells[number - 1][1].text}" for row in found.rows},
        }
        for number, (_key, title) in enumerate(found.steps, 1)
    )
    language = reader_language()
    return Document(
        _("Roles and responsibilities"),
        timezone.localdate(),
        (
            Paragraph(_("Who does what in each step. Businesses lead; the others make room for that."), "lead"),
            Table(_("Who does what in which step"), columns, rows),
        ),
        language,
        subject=team,
        footer=guideposts(language).attribution,
        is_landscape=True,
    )
