"""The universe of connections as files: a workbook and a Word document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.exports import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Paragraph,
    Sheet,
    Table,
    Value,
    Workbook,
    to_docx,
    to_xlsx,
)  # fmt: skip
from sharedtable.method import lists
from sharedtable.method.guideposts import guideposts
from sharedtable.partnerships.connection_queries import Universe
from sharedtable.partnerships.documents import File, file_of, reader_language
from sharedtable.partnerships.models import Partnership

MOST_ON_PAPER = 200


def universe_file(partnership: Partnership, found: Universe, kind: str, strength: Callable[[int], str]) -> File:
    """The merged picture, as the one who takes it may see it. `strength`: how well, in words."""
    return file_of(
        kind,
        f"{partnership.slug}-connections",
        {
            "xlsx": lambda: to_xlsx(_book(partnership, found, strength)),
            "docx": lambda: to_docx(_paper(partnership, found, strength)),
        },
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("company", _("Company"), "text", 2.4),
        Column("scope", _("In the scope"), "text", 0.8),
        Column("agency", _("Agency"), "text", 2),
        Column("well", _("How well"), "text", 1.4),
        Column("people", _("Whom"), "text", 2),
        Column("through", _("Through"), "text", 2),
    )


def _rows(found: Universe, strength: Callable[[int], str]) -> tuple[Mapping[str, Value], ...]:
    return tuple(
        {
            "company": door.name,
            "scope": _("yes") if door.is_in_scope else "",
            "agency": knower.agency,
            "well": strength(knower.strength),
            "people": ", ".join(knower.people),
            "through": ", ".join(knower.through),
        }
        for door in found.doors
        for knower in door.agencies
    )


def _book(partnership: Partnership, found: Universe, strength: Callable[[int], str]) -> Workbook:
    reaches = (
        Column("agency", _("Agency"), "text", 3),
        Column("doors", _("Companies it knows"), "integer"),
        Column("close", _("Known well"), "integer"),
    )
    blank = (Column("company", _("Company"), "text", 3),)
    return Workbook(
        "sharedtable.connections",
        1,
        _("Who knows which company: %(name)s") % {"name": partnership.name},
        timezone.localdate(),
        {"partnership": partnership.name, "companies": len(found.doors), "overlaps": len(found.overlaps)},
        (
            Sheet("Connections", _columns(), _rows(found, strength)),
            Sheet("Agencies", reaches,
                  tuple({"agency": one.name, "doors": one.doors, "close": one.close} for one in found.reaches)),
            Sheet("Blanks", blank, tuple({"company": name} for _pk, name in found.blanks)),
        ),
        language=reader_language(),
    )  # fmt: skip


def _paper(partnership: Partnership, found: Universe, strength: Callable[[int], str]) -> Document:
    language = get_language() or "en"
    rows = _rows(found, strength)
    blocks: list[Block] = [
        Paragraph(
            _("%(known)d of %(all)d companies of the scope are known by somebody; at %(overlaps)d doors several of us "
              "stand.") % {"known": found.known_in_scope, "all": found.in_scope, "overlaps": len(found.overlaps)},
            "lead",
        ),
        Table(_("Who knows which company"), _columns(), rows[:MOST_ON_PAPER]),
    ]  # fmt: skip
    if len(rows) > MOST_ON_PAPER:
        blocks.append(Paragraph(_("The closest ones stand here. The workbook has all of them."), "note"))
    blanks = [name for _pk, name in found.blanks[:MOST_ON_PAPER]]
    if blanks:
        blocks += [Heading(1, _("Known by nobody")), Bullets(tuple(blanks))]
    if found.idle:
        blocks += [Heading(1, _("Agencies without a connection so far")), Bullets(tuple(found.idle))]
    asked = [f"{one.title(language)} {one.text(language)}" for one in lists.items("connection_questions").values()]
    blocks += [Heading(1, _("What to talk about")), Bullets(tuple(asked))]
    return Document(
        _("Universe of connections"), timezone.localdate(), tuple(blocks), reader_language(), subject=partnership.name,
        footer=guideposts(reader_language()).attribution, is_landscape=True,
    )  # fmt: skip
