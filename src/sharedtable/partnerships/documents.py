"""Papers of a partnership: a decision, the agreement on roles, and the list of companies as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing
from sharedtable.exports import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Language,
    Paragraph,
    Sheet,
    Table,
    Value,
    Workbook,
    rows_to_csv,
    to_docx,
    to_pdf,
    to_pptx,
    to_xlsx,
)
from sharedtable.method import lists
from sharedtable.method.guideposts import guideposts
from sharedtable.partnerships.models import Confirmation, Decision, Partnership
from sharedtable.partnerships.scope_queries import Company
from sharedtable.partnerships.team_queries import Agreed

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """A finished file."""

    content: bytes
    media_type: str
    name: str

    @property
    def disposition(self) -> str:
        """The header that makes a browser save it under its name."""
        return f'attachment; filename="{self.name}"'


def reader_language() -> Language:
    """The language of this reader, as the writers of files know it."""
    return "es" if (get_language() or "en").startswith("es") else "en"


def file_of(kind: str, name: str, writers: Mapping[str, Callable[[], bytes]]) -> File:
    """One of the kinds of file that are offered. Fails with Missing for another."""
    if kind not in writers:
        raise Missing(_("There is no such file. Choose one of those that are offered."))
    return File(writers[kind](), _TYPES[kind], f"{slugify(name)[:80] or 'file'}.{kind}")


def paper(kind: str, name: str, document: Document, *, slides: bool = False) -> File:
    """A document as a Word or PDF file, or as slides too. Fails with Missing for another kind."""
    writers: dict[str, Callable[[], bytes]] = {"docx": lambda: to_docx(document), "pdf": lambda: to_pdf(document)}
    return file_of(kind, name, writers | ({"pptx": lambda: to_pptx(document)} if slides else {}))


def decision_file(partnership: Partnership, decision: Decision, kind: str) -> File:
    """One decision as a Word or PDF document."""
    return paper(kind, f"{partnership.slug}-{decision.question}", decision_document(partnership, decision))


def decision_document(partnership: Partnership, decision: Decision) -> Document:
    """What was decided, by whom, from which options and why, who saw it differently, and when to look again."""
    day = date_format(decision.decided_on, "DATE_FORMAT") if decision.decided_on else ""
    blocks: list[Block] = [
        Paragraph(_("Decided on %(day)s: %(choice)s") % {"day": day, "choice": decision.chosen}, "lead"),
        Heading(1, _("Why")),
        Paragraph(decision.reasons),
    ]
    if decision.next_choice:
        blocks.append(Paragraph(_("Next: %(choice)s") % {"choice": decision.next_choice}))
    if decision.options:
        blocks += [Heading(1, _("Options")), _options(decision)]
    if decision.dissent:
        blocks += [Heading(1, _("Who saw it differently, and why")), Paragraph(decision.dissent)]
    if decision.decided_by:
        blocks += [Heading(1, _("Who decided")), Bullets(tuple(decision.decided_by.splitlines()))]
    if decision.review_on:
        again = date_format(decision.review_on, "DATE_FORMAT")
        blocks.append(Paragraph(_("To be looked at again on %(day)s.") % {"day": again}, "note"))
    language = reader_language()
    return Document(
        decision.question,
        timezone.localdate(),
        tuple(blocks),
        language,
        subject=partnership.name,
        footer=guideposts(language).attribution,
    )


def _options(decision: Decision) -> Table:
    language = reader_language()
    asked = lists.items("convener_questions") if decision.kind == Decision.Kind.CONVENER else {}
    columns = [Column("option", _("Option"), "text", 2.2)]
    columns += [Column(key, item.title(language), "integer", 1.2) for key, item in asked.items()]
    if asked:
        columns.append(Column("leaves_behind", _("What it leaves behind"), "text", 2.2))
    columns.append(Column("reasons", _("Reasons"), "text", 3.2))
    rows = tuple(
        {
            "option": option["option"],
            "reasons": option.get("reasons", ""),
            "leaves_behind": option.get("leaves_behind", ""),
            **option.get("ratings", {}),
        }
        for option in decision.options
    )
    return Table(_("What was weighed"), tuple(columns), rows)


def agreement_file(partnership: Partnership, found: Agreed, kind: str) -> File:
    """The agreement on roles and responsibilities, on a page, as a Word or PDF document."""
    if found.agreement is None:
        raise Missing(_("There is no agreement yet. Write one from the seats first."))
    return paper(kind, f"{partnership.slug}-agreement", agreement_document(partnership, found))


def _day(at: datetime) -> str:
    return date_format(timezone.localdate(at), "DATE_FORMAT")


def agreement_document(partnership: Partnership, found: Agreed) -> Document:
    """Who does what, organisation by organisation, with who confirmed it."""
    rows: list[Mapping[str, Value]] = []
    for line in found.lines:
        said = cast(Confirmation | None, line["confirmation"])
        rows.append(
            {
                "name": str(line["name"]),
                "people": ", ".join(cast(Sequence[str], line["people"])),
                "roles": ", ".join(cast(Sequence[str], line["roles"])),
                "duties": "; ".join(cast(Sequence[str], line["duties"])),
                "confirmed": f"{said.person}, {_day(said.at)}" if said else "",
            }
        )
    columns = (
        Column("name", _("Organization"), "text", 2),
        Column("people", _("People"), "text", 2),
        Column("roles", _("Roles"), "text", 1.6),
        Column("duties", _("What they take on"), "text", 3.2),
        Column("confirmed", _("Confirmed"), "text", 1.6),
    )
    made = found.agreement
    language = reader_language()
    opening = _(
        "We support one partnership that businesses lead. Each of us takes on what stands beside our name, for as "
        "long as we hold the role, and says so when we no longer can."
    )
    return Document(
        _("Who does what"),
        timezone.localdate(),
        (
            Paragraph(opening, "lead"),
            Table(_("Roles and responsibilities"), columns, tuple(rows)),
            Paragraph(
                _("Version %(version)d, written on %(day)s.")
                % {
                    "version": made.version if made else 0,
                    "day": _day(made.made_at) if made else "",
                },
                "note",
            ),
        ),
        language,
        subject=partnership.name,
        footer=guideposts(language).attribution,
        is_landscape=True,
    )


def companies_file(partnership: Partnership, found: Sequence[Company], kind: str) -> File:
    """The companies that the definition takes in, with the source of each row, as XLSX or CSV (C28)."""
    columns = (
        Column("name", _("Company"), "text", 3),
        Column("naics", _("NAICS"), "code"),
        Column("county", _("County code"), "code"),
        Column("city", _("City"), "text", 1.6),
        Column("state", _("State"), "code"),
        Column("employees", _("Employees"), "integer"),
        Column("why", _("Why"), "text", 3),
        Column("source", _("Source"), "text", 2),
        Column("list", _("Kept by"), "text", 2),
    )
    rows = tuple(
        {
            "name": one.organisation.name,
            "naics": one.organisation.naics_code or None,
            "county": one.organisation.county_code or None,
            "city": one.organisation.city,
            "state": one.organisation.state_code or None,
            "employees": one.organisation.employees,
            "why": " ".join(one.reasons),
            "source": one.organisation.source,
            "list": one.organisation.agency.name if one.organisation.agency else "",
        }
        for one in found
    )
    title = _("Companies of %(name)s") % {"name": partnership.name}
    book = Workbook(
        "sharedtable.companies",
        1,
        title,
        timezone.localdate(),
        {"partnership": partnership.name, "companies": len(rows)},
        (Sheet("Companies", columns, rows),),
        language=reader_language(),
    )
    return file_of(
        kind,
        f"{partnership.slug}-companies",
        {"xlsx": lambda: to_xlsx(book), "csv": lambda: rows_to_csv(columns, rows)},
    )
