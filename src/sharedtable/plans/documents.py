"""The shared product of a meeting (E21) as Word, PDF and workbook, and the next date for calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.errors import Missing
from sharedtable.exports import (
    Block,
    Bullets,
    Column,
    Document,
    Event,
    Heading,
    KeyFigure,
    KeyFigures,
    Language,
    Paragraph,
    Sheet,
    Workbook,
    to_docx,
    to_ics,
    to_pdf,
    to_xlsx,
)
from sharedtable.meetings import calendar
from sharedtable.meetings.actions import day_of
from sharedtable.method import runs
from sharedtable.method.presets import preset
from sharedtable.partnerships.documents import File
from sharedtable.plans.models import Card, Closing
from sharedtable.plans.nexting import next_uid
from sharedtable.plans.queries import Kept, Product, next_at

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
}
LAYOUT, LAYOUT_VERSION = "shared-table-cards", 1


def product_file(found: Product, kind: str, *, authors: bool = False) -> File:
    """The shared product as a file. `authors`: the workbook says who wrote each card, for those who may know."""
    writers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: to_docx(product_document(found)),
        "pdf": lambda: to_pdf(product_document(found)),
        "xlsx": lambda: to_xlsx(card_workbook(found, authors=authors)),
    }
    if kind not in writers:
        raise Missing(_("There is no such file. Choose one of those that are offered."))
    return _file(found.closing, kind, writers[kind]())


def _file(closing: Closing, kind: str, content: bytes) -> File:
    name = slugify(f"{closing.partnership.slug} {closing.meeting.title}")[:80] or "meeting"
    return File(content, TYPES[kind], f"{name}.{kind}")


def _language() -> Language:
    return "es" if (get_language() or "en").startswith("es") else "en"


def product_document(found: Product) -> Document:
    """Priorities with champions, requirements in people's own words, what rests, what was parked, what comes next."""
    blocks: list[Block] = [
        *([Paragraph(found.meeting.place, "lead")] if found.meeting.place else []),
        KeyFigures(
            (
                KeyFigure(_("Priorities"), len(found.priorities), "integer"),
                KeyFigure(_("Champions"), found.wins, "integer"),
                KeyFigure(_("Companies in the room"), len(found.closing.companies), "integer"),
                KeyFigure(_("Cards on the wall"), len(found.cards), "integer"),
            )
        ),
    ]
    if found.next_at:
        blocks.append(Paragraph(_("Next meeting: %(when)s") % {"when": when(found.next_at)}, "lead"))
    blocks += _priorities(found)
    blocks += _rest(found)
    return Document(
        found.meeting.title,
        day_of(found.meeting),
        tuple(blocks),
        _language(),
        subject=_("%(partnership)s: what we agreed on") % {"partnership": found.closing.partnership.name},
        footer=found.closing.partnership.name,
    )


def _priorities(found: Product) -> list[Block]:
    blocks: list[Block] = [Heading(1, _("Our priorities"))]
    if not found.priorities:
        blocks.append(Paragraph(_("Nobody put their name to an area at this meeting, so there is no priority yet.")))
    for place, kept in enumerate(found.priorities, 1):
        blocks.append(Heading(2, f"{place}. {kept.area.title}"))
        blocks.append(Paragraph(_("Champions: %(names)s") % {"names": "; ".join(str(one) for one in kept.champions)}))
        if kept.answers:
            blocks.append(Paragraph(_("Answers to: %(areas)s") % {"areas": "; ".join(kept.answers)}, "note"))
        if kept.area.said:
            blocks.append(Paragraph(kept.area.said))
        blocks.append(Heading(3, _("In the words of the companies")))
        blocks.append(Bullets(tuple(_quoted(card) for card in kept.cards)))
    return blocks


def _quoted(card: Card) -> str:
    text = " ".join(card.text.split())
    return f"{text} [{_('from a partner')}]" if card.table == Card.Table.OUTER else text


def _rest(found: Product) -> list[Block]:
    blocks: list[Block] = []
    if found.shelved:
        blocks += [
            Heading(1, _("Resting for now")),
            Paragraph(
                _(
                    "An area becomes a priority when business leaders put their names to it. These have none yet. That "
                    "is no verdict: they are kept, and shown again at the yearly refresh."
                )
            ),
        ]
        for kept in found.shelved:
            blocks += [Heading(2, kept.area.title), *_resting(kept)]
    if found.opportunities:
        blocks += [Heading(1, _("The opportunities that we saw"))]
        areas: dict[str, list[str]] = {}
        for card in found.opportunities:
            areas.setdefault(card.area or _("Not sorted"), []).append(_quoted(card))
        for title, texts in areas.items():
            blocks += [Heading(2, title), Bullets(tuple(texts))]
    if found.loose:
        blocks += [Heading(1, _("Also said, in no area")), Bullets(tuple(_quoted(card) for card in found.loose))]
    if found.parked:
        blocks += [
            Heading(1, _("For somebody else")),
            Paragraph(_("Good points that this group cannot move together with the community. They are not lost.")),
            Bullets(tuple(_quoted(card) for card in found.parked)),
        ]
    blocks += [Heading(1, _("Who was there")), Paragraph(attendance(found))]
    if found.closing.companies:
        blocks.append(Paragraph("; ".join(found.closing.companies)))
    if found.named:
        blocks.append(Paragraph(_("Named with their consent: %(names)s") % {"names": "; ".join(found.named)}, "note"))
    blocks += _next(found)
    return blocks


def _resting(kept: Kept) -> list[Block]:
    reason = kept.area.get_reason_display()  # type: ignore[union-attr]
    return [Paragraph(str(reason), "note"), Bullets(tuple(_quoted(card) for card in kept.cards))]


def attendance(found: Product) -> str:
    """How many were there, in a sentence; names are told only of those who agreed."""
    inner, outer = found.closing.inner_count, found.closing.outer_count
    business = ngettext("%(n)d business leader", "%(n)d business leaders", inner) % {"n": inner}
    partners = ngettext("%(n)d support partner", "%(n)d support partners", outer) % {"n": outer}
    return _("%(business)s and %(partners)s.") % {"business": business, "partners": partners}


def _next(found: Product) -> list[Block]:
    steps = []
    if found.next_at:
        steps.append(_("We meet again: %(when)s.") % {"when": when(found.next_at)})
    days = int(preset("team_calls_days").value)
    if found.priorities:
        steps.append(
            _("The champions of each priority talk within %(days)d days, settle a course, and bring it along.")
            % {"days": days}
        )
    if found.missing_count:
        steps.append(
            ngettext(
                "%(n)d colleague who is missing will be invited.",
                "%(n)d colleagues who are missing will be invited.",
                found.missing_count,
            )
            % {"n": found.missing_count}
        )
    return [Heading(1, _("What happens next")), Bullets(tuple(steps))] if steps else []


def when(at: datetime) -> str:
    """A date with its hour and zone, as people say it."""
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": date_format(at, "DATE_FORMAT"),
        "time": date_format(at, "TIME_FORMAT"),
        "zone": str(at.tzinfo).rpartition("/")[2].replace("_", " "),
    }


def card_workbook(found: Product, *, authors: bool) -> Workbook:
    """Every public card of the meeting, with where it went."""
    columns = [
        Column("number", _("Card"), "integer"),
        Column("round", _("Round"), "text", 1.4),
        Column("text", _("Words"), "text", 5),
        Column("area", _("Area"), "text", 2.2),
        Column("answers", _("Answers to"), "text", 2.2),
        Column("became", _("Became"), "text", 1.4),
        Column("table", _("Table"), "text", 1.2),
    ]
    if authors:
        columns.append(Column("said_by", _("Said by"), "text", 2))
    names = {one.id: one for one in runs.run(found.meeting.run).segments if one.round == one.id}
    language = _language()
    priorities = {kept.area.pk for kept in found.priorities}

    def became(card: Card) -> str:
        if card.is_parked:
            return _("For somebody else")
        if card.priority_id in priorities:
            return _("Priority")
        return _("Rests") if card.shelved_id else ""

    rows = tuple(
        {
            "number": card.number,
            "round": runs.said(names[card.round].titles, language) if card.round in names else card.round,
            "text": card.text,
            "area": card.area,
            "answers": card.answers,
            "became": became(card),
            "table": str(card.get_table_display()),
            "said_by": card.said_by,
        }
        for card in found.cards
    )
    champions = tuple(
        {"priority": kept.area.title, "name": one.name, "company": one.company}
        for kept in found.priorities
        for one in kept.champions
    )
    sheets = [Sheet("cards", tuple(columns), rows)]
    sheets.append(
        Sheet(
            "champions",
            (
                Column("priority", _("Priority"), "text", 3),
                Column("name", _("Champion"), "text", 2),
                Column("company", _("Company"), "text", 2),
            ),
            champions,
        )
    )
    return Workbook(
        LAYOUT,
        LAYOUT_VERSION,
        found.meeting.title,
        found.closing.made_at.astimezone(found.meeting.space.zone).date(),
        {"partnership": found.closing.partnership.name, "held_on": day_of(found.meeting)},
        tuple(sheets),
        language=language,
        about_titles={"partnership": _("Partnership"), "held_on": _("Held on")},
    )


def next_date(closing: Closing) -> File:
    """The next meeting as a calendar file that anybody may open; nobody is named in it. Fails with Missing without.

    Once it is planned, the file is that of the planned meeting; a calendar takes the one for the other.
    """
    if (planned := closing.planned) is not None:
        made = calendar.file_of(planned, _language())
        return File(made.content, made.media_type, made.name)
    starts = next_at(closing)
    if starts is None:
        raise Missing(_("No next date was chosen at this meeting."))
    ends = (starts.astimezone(UTC) + timedelta(minutes=int(preset("meeting_minutes").value))).astimezone(starts.tzinfo)
    titles = closing.priorities.filter(ended_at=None).values_list("title", flat=True)
    event = Event(
        uid=next_uid(closing.meeting),
        title=_("%(partnership)s: next meeting") % {"partnership": closing.partnership.name},
        starts=starts,
        ends=ends,
        changed_at=closing.made_at,
        sequence=closing.sequence,
        place=closing.meeting.place,
        description="\n".join(titles),
    )
    return _file(closing, "ics", to_ics([event], language=_language()))
