"""The files to take along to a meeting: its papers, name tags, cards, who was there, and all of it in one pack."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.exports import (
    Column,
    Document,
    Language,
    Sheet,
    Tag,
    TagSheet,
    Workbook,
    tags_to_docx,
    tags_to_pdf,
    to_docx,
    to_pdf,
    to_xlsx,
)
from sharedtable.meetings import papers
from sharedtable.meetings.attendance import attendance
from sharedtable.meetings.joining import invited
from sharedtable.meetings.models import Meeting
from sharedtable.meetings.sending import Slip
from sharedtable.method import runs
from sharedtable.partnerships.documents import File

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
BLANK_TAGS = 6  # one more sheet of tags to write on


def paper(meeting: Meeting, name: str, kind: str, language: str) -> File:
    """One paper of a meeting. Fails with Missing for a paper or a kind of file that there is not."""
    maker = PAPERS.get((name, kind))
    if maker is None:
        raise Missing(_("There is no such file. Choose one of those that are offered."))
    kept: Language = "es" if language == "es" else "en"
    return File(maker(meeting, kept), TYPES[kind], f"{slugify(meeting.title)[:60] or 'meeting'}-{name}.{kind}")


# --- tags and cards ---------------------------------------------------------------------------------------------------


def tags(meeting: Meeting, language: Language) -> TagSheet:
    """A name tag for everybody who is expected, and a sheet of empty ones for walk-ins."""
    made = [Tag(one.name, one.company) for one in invited(meeting)]
    made += [Tag(_("My name"), _("Company"), is_blank=True)] * BLANK_TAGS
    return TagSheet(_("Name tags"), timezone.localdate(), "tags", tuple(made), language)


def cards(meeting: Meeting, language: Language, kind: str) -> TagSheet:
    """Cards to write on: a page of each round on half sheets, or whole sheets for the names of areas."""
    if kind == "full":
        made = [Tag(_("Name of the area"), foot=_("Names of those who help to drive it"), is_blank=True)]
    else:
        made = [
            Tag(runs.said(one.texts, language), _("One idea on a card, in large letters."),
                foot=_("Name and company"), is_blank=True)
            for one in runs.run(meeting.run).rounds
            for _twice in range(2)
        ]  # fmt: skip
    return TagSheet(_("Cards"), timezone.localdate(), kind, tuple(made), language)


# --- files ------------------------------------------------------------------------------------------------------------


def attendance_file(meeting: Meeting, language: Language, *, is_for_all: bool) -> bytes:
    """Who was there, as a workbook. For others than the team: only who agreed, and no more than name and company."""
    came, counts = attendance(meeting)
    shown = [one for one in came if one.place.is_listed] if is_for_all else came
    columns = [Column("name", _("Name"), "text", 2), Column("company", _("Company"), "text", 2.4)]
    if not is_for_all:
        columns += [
            Column("title", _("Title"), "text", 2), Column("table", _("Table"), "text", 1.2),
            Column("senior", _("Senior title"), "text", 1), Column("walk_in", _("Walk-in"), "text", 1),
            Column("listed", _("May be on the list"), "text", 1),
        ]  # fmt: skip
    rows = tuple(
        {
            "name": one.place.name, "company": one.place.company, "title": one.place.title,
            "table": str(one.place.get_table_display()), "senior": _yes(one.is_senior),
            "walk_in": _yes(one.place.is_walk_in), "listed": _yes(one.place.is_listed),
        }
        for one in shown
    )  # fmt: skip
    about = {} if is_for_all else {
        "companies": counts.companies, "business_people": counts.business_people, "partners": counts.partners,
        "partner_people": counts.partner_people, "senior": counts.senior, "walk_ins": counts.walk_ins,
    }  # fmt: skip
    titles = {
        "companies": _("Companies"), "business_people": _("People from companies"), "partners": _("Partners"),
        "partner_people": _("People from partners"), "senior": _("Senior titles"), "walk_ins": _("Walk-ins"),
    }  # fmt: skip
    book = Workbook(
        "attendance", 1, meeting.title, timezone.localdate(), about, (Sheet("Attendance", tuple(columns), rows),),
        language=language, about_titles={key: titles[key] for key in about},
    )  # fmt: skip
    return to_xlsx(book)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def pack(meeting: Meeting, language: Language) -> bytes:
    """Everything for a meeting on paper, as one ZIP."""
    files = {
        "1-print-pack.pdf": to_pdf(papers.pack_document(meeting, language)),
        "2-name-tags.pdf": tags_to_pdf(tags(meeting, language)),
        "2-name-tags.docx": tags_to_docx(tags(meeting, language)),
        "3-cards-half-sheets.pdf": tags_to_pdf(cards(meeting, language, "half")),
        "4-cards-whole-sheets.pdf": tags_to_pdf(cards(meeting, language, "full")),
        "5-briefing-facilitator.pdf": to_pdf(papers.briefing(meeting, language)),
        "6-seating-plan.pdf": to_pdf(papers.seating(meeting, language)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return out.getvalue()


Maker = Callable[[Meeting, Language], bytes]


def _written(maker: Callable[[Meeting, Language], Document], kind: str) -> Maker:
    return lambda meeting, language: (to_pdf if kind == "pdf" else to_docx)(maker(meeting, language))


PAPERS: Mapping[tuple[str, str], Maker] = {
    **{(name, kind): _written(maker, kind) for name, maker in papers.DOCUMENTS.items() for kind in ("pdf", "docx")},
    ("name-tags", "pdf"): lambda meeting, language: tags_to_pdf(tags(meeting, language)),
    ("name-tags", "docx"): lambda meeting, language: tags_to_docx(tags(meeting, language)),
    ("cards-half", "pdf"): lambda meeting, language: tags_to_pdf(cards(meeting, language, "half")),
    ("cards-full", "pdf"): lambda meeting, language: tags_to_pdf(cards(meeting, language, "full")),
    ("attendance-list", "xlsx"): lambda meeting, language: attendance_file(meeting, language, is_for_all=True),
    ("pack", "zip"): pack,
}


def attendance_workbook(by: Actor, meeting: Meeting, language: str) -> File:
    """Everybody who was there, with titles: for those who run the meeting, not to hand on."""
    by.must("meetings.run", meeting)
    kept: Language = "es" if language == "es" else "en"
    content = attendance_file(meeting, kept, is_for_all=False)
    return File(content, TYPES["xlsx"], f"{slugify(meeting.title)[:60] or 'meeting'}-attendance.xlsx")


def slips_pdf(meeting: Meeting, slips: Sequence[Slip], language: Language) -> bytes:
    """A slip for each person: their name, a picture to scan, and the same address to type."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    made = []
    for one in slips:
        picture = qrcode.make(one.address, image_factory=SvgPathImage, border=2).to_string().decode()
        alt = _("Picture to scan with a phone: the link of %(name)s") % {"name": one.name}
        made.append(Tag(one.name, f"{one.company} · {meeting.title}".strip(" ·"), one.address, picture, alt))
    return tags_to_pdf(TagSheet(_("Personal links"), timezone.localdate(), "slips", tuple(made), language))
