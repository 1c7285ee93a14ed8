"""The papers of a meeting, as documents: agenda, guide, card for the facilitator, briefing, lists, seating plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sharedtable.exports import (
    Block,
    Bullets,
    Column,
    Document,
    Figure,
    Heading,
    Language,
    PageBreak,
    Paragraph,
    Table,
    Value,
)
from sharedtable.meetings.arranging import facilitator_of
from sharedtable.meetings.joining import Invited, invited
from sharedtable.meetings.models import Meeting
from sharedtable.meetings.queries import Part, parts
from sharedtable.meetings.seating import Plan, plan_svg, seating_plan
from sharedtable.meetings.slide import sector_slide, slide_blocks
from sharedtable.method import lists, runs

BLANK_LINES = 8  # of the check-in list, for walk-ins


def agenda(meeting: Meeting, language: Language) -> Document:
    """The agenda for every seat: when each part begins, and what it is to reach."""
    return _document(meeting, _("Agenda"), agenda_blocks(meeting, language), language)


def agenda_blocks(meeting: Meeting, language: Language) -> list[Block]:
    """When each part begins, how long it takes, what it is to reach."""
    at, rows = timezone.localtime(meeting.starts_at), list[dict[str, Value]]()
    for part in parts(meeting, language):
        rows.append(
            {"time": date_format(at, "TIME_FORMAT"), "part": f"{part.title}\n{part.goal}", "minutes": part.minutes}
        )
        at += timedelta(minutes=part.minutes)
    end = _("We end at %(time)s.") % {"time": date_format(at, "TIME_FORMAT")}
    columns = (
        Column("time", _("Time"), "text", 1.1),
        Column("part", _("What we do"), "text", 4.6),
        Column("minutes", _("Minutes"), "integer", 0.9),
    )
    return [Paragraph(_when(meeting), "lead"), Table(_("How we use the time"), columns, tuple(rows), end)]


def guide(meeting: Meeting, language: Language) -> Document:
    """The step cards of the whole meeting, one after the other, for whoever leads it."""
    return _document(meeting, _("Guide to the meeting"), guide_blocks(meeting, language), language)


def guide_blocks(meeting: Meeting, language: Language) -> list[Block]:
    """Every step with its time, goal, script, prompts and question for the cards."""
    run, at = runs.run(meeting.run), timezone.localtime(meeting.starts_at)
    blocks: list[Block] = [Paragraph(_when(meeting), "lead")]
    if run.products:
        said = [runs.said(one.texts, language) for one in run.products]
        blocks += [Heading(1, _("What the meeting ends in")), Bullets(tuple(said))]
    for number, part in enumerate(parts(meeting, language), start=1):
        blocks += _step(run, part, number, date_format(at, "TIME_FORMAT"), language)
        at += timedelta(minutes=part.minutes)
    prompts = tuple(runs.said(one.texts, language) for one in run.prompts)
    if prompts:
        blocks += [Heading(1, _("Questions that help when the room is stuck")), Bullets(prompts)]
    kinds = tuple(runs.said(one.texts, language) for one in run.tags)
    if kinds:
        blocks += [
            Heading(1, _("Kinds of requirement")),
            Paragraph(_("For sorting afterwards. Do not show this list before people have written their own cards.")),
            Bullets(kinds),
        ]
    return blocks


def _step(run: runs.Run, part: Part, number: int, time: str, language: Language) -> list[Block]:
    segment = run.segment(part.id)
    head = _("%(number)d. %(title)s – %(time)s, %(minutes)d minutes") % {
        "number": number, "title": part.title, "time": time, "minutes": part.minutes,
    }  # fmt: skip
    blocks: list[Block] = [Heading(2, head), Paragraph(_("Goal: %(goal)s") % {"goal": part.goal})]
    asked = run.round(segment.round) if segment.round else None
    if asked is not None:
        blocks.append(Paragraph(runs.said(asked.texts, language), "quote"))
    if asked is not None and asked.most:
        blocks.append(
            Paragraph(_("%(least)d to %(most)d cards from each person.") % {"least": asked.least, "most": asked.most})
        )
    return [*blocks, Bullets(part.script)]


def card(meeting: Meeting, language: Language) -> Document:
    """The card for the facilitator: the tips on one page, with the questions that help."""
    return _document(meeting, _("Card for the facilitator"), card_blocks(meeting, language), language)


def card_blocks(meeting: Meeting, language: Language) -> list[Block]:
    """The tips of the run, numbered, and its prompts."""
    run = runs.run(meeting.run)
    tips = tuple(f"{n}. {runs.said(one.texts, language)}" for n, one in enumerate(run.tips, start=1))
    blocks: list[Block] = [
        Paragraph(_("You write no card of your own, and you have no answer. You get the group somewhere."), "lead")
    ]
    if tips:
        blocks += [Heading(1, _("How to lead the talk")), Bullets(tips)]
    prompts = tuple(runs.said(one.texts, language) for one in run.prompts)
    if prompts:
        blocks += [Heading(1, _("Questions that help when the room is stuck")), Bullets(prompts)]
    goals = tuple(f"{part.title}: {part.goal}" for part in parts(meeting, language))
    return [*blocks, Heading(1, _("Where each part is to end")), Bullets(goals)]


def briefing(meeting: Meeting, language: Language) -> Document:
    """All that a facilitator reads beforehand: who is expected, what has to come out, the guide and the card."""
    who = facilitator_of(meeting)
    lead = _("For %(name)s, who facilitates.") % {"name": who} if who else _("For whoever facilitates.")
    blocks: list[Block] = [
        Paragraph(lead, "lead"),
        *guide_blocks(meeting, language),
        PageBreak(),
        *card_blocks(meeting, language),
        PageBreak(),
        *_expected_blocks(meeting),
    ]
    slide = sector_slide(meeting, language)
    if slide is not None:
        blocks += [PageBreak(), *slide_blocks(slide, _("The facts on one slide"), _("Jobs, annual average"))]
    return _document(meeting, _("Briefing for the facilitator"), blocks, language)


def _expected_blocks(meeting: Meeting) -> list[Block]:
    columns = (
        Column("name", _("Name"), "text", 2.2),
        Column("title", _("Title"), "text", 2.0),
        Column("company", _("Company"), "text", 2.6),
    )
    blocks: list[Block] = [Heading(1, _("Who is expected"))]
    for table, title in (("inner", _("Business members")), ("outer", _("Support partners"))):
        rows = tuple(
            {"name": one.name, "title": one.title, "company": one.company}
            for one in invited(meeting)
            if one.table == table
        )
        if rows:
            blocks.append(Table(title, columns, rows))
    if len(blocks) == 1:
        blocks.append(Paragraph(_("Nobody has a seat yet. Add seats to the partnership.")))
    return blocks


def check_in(meeting: Meeting, language: Language) -> Document:
    """The list for the door: tick, name, company; who agrees to stand on the list that others get; empty lines."""
    return _document(meeting, _("Check-in list"), check_in_blocks(meeting), language)


def check_in_blocks(meeting: Meeting) -> list[Block]:
    """One table for each side of the room, then lines for walk-ins."""
    columns = (
        Column("here", _("Here"), "text", 0.6),
        Column("name", _("Name"), "text", 2.3),
        Column("company", _("Company"), "text", 2.4),
        Column("title", _("Title"), "text", 1.8),
        Column("listed", _("May be on the list"), "text", 1.0),
    )
    note = _(
        "“May be on the list”: your name and company may stand on the list of who was there, which everybody gets."
    )
    blocks: list[Block] = []
    for table, title in (("inner", _("Business members")), ("outer", _("Support partners"))):
        rows = tuple(
            {"here": "☐", "name": one.name, "company": one.company, "title": one.title, "listed": "☐"}
            for one in invited(meeting)
            if one.table == table
        )
        if rows:
            blocks.append(Table(title, columns, rows))
    empty = tuple({"here": "☐", "name": "\n", "company": "", "title": "", "listed": "☐"} for _n in range(BLANK_LINES))
    return [*blocks, Table(_("Not on the list yet"), columns, empty, note)]


def materials(meeting: Meeting, language: Language) -> Document:
    """What has to lie ready, with what is ticked already."""
    return _document(meeting, _("Materials"), material_blocks(meeting, language), language)


def material_blocks(meeting: Meeting, language: Language) -> list[Block]:
    """The list as a table with boxes."""
    rows = tuple(
        {"ready": "☒" if item.id in meeting.ready else "☐", "what": item.title(language), "why": item.text(language)}
        for item in lists.items("materials").values()
    )
    columns = (
        Column("ready", _("Ready"), "text", 0.7),
        Column("what", _("What"), "text", 2.4),
        Column("why", _("What for"), "text", 4.0),
    )
    return [Table(_("What has to be in the room"), columns, rows)]


def seating(meeting: Meeting, language: Language) -> Document:
    """The plan of the room as a picture, and the same in words."""
    return _document(meeting, _("Seating plan"), seating_blocks(meeting), language, is_landscape=True)


def seating_blocks(meeting: Meeting) -> list[Block]:
    """The picture with a table of who sits where beside it."""
    found = invited(meeting)
    inner, outer = _at(found, "inner"), _at(found, "outer")
    svg = plan_svg(plan_of(found), _("Businesses"), _("Support partners sit around them, and listen"))
    said = _("Businesses around the table: %(inner)s. Partners along the walls: %(outer)s.") % {
        "inner": ", ".join(one.name for one in inner) or "–",
        "outer": ", ".join(one.name for one in outer) or "–",
    }
    rows = tuple(
        {"name": one.name, "company": one.company, "where": where}
        for side, where in ((inner, _("At the table")), (outer, _("Around it")))
        for one in side
    )
    columns = (
        Column("name", _("Name"), "text", 2.4),
        Column("company", _("Company"), "text", 3.0),
        Column("where", _("Where"), "text", 1.4),
    )
    blocks: list[Block] = [
        Paragraph(_("The talk is among the businesses, so they sit in the middle. This matters.")),
        Figure(svg, said, width=1.0),
    ]
    return [*blocks, PageBreak(), Table(_("Who sits where"), columns, rows)] if rows else blocks


def plan_of(people: Sequence[Invited]) -> Plan:
    """Where everybody who is expected sits."""
    return seating_plan([one.name for one in _at(people, "inner")], [one.name for one in _at(people, "outer")])


def _at(found: Sequence[Invited], table: str) -> list[Invited]:
    return [one for one in found if one.table == table]


def _when(meeting: Meeting) -> str:
    at = timezone.localtime(meeting.starts_at)
    said = [date_format(at, "DATETIME_FORMAT") + f" ({at.tzname()})", meeting.place]
    who = facilitator_of(meeting)
    if who:
        said.append(_("Facilitator: %(name)s") % {"name": who})
    return " · ".join(text for text in said if text)


def _document(
    meeting: Meeting, title: str, blocks: Sequence[Block], language: Language, *, is_landscape: bool = False
) -> Document:
    return Document(
        title, _today(), tuple(blocks), language, subject=f"{meeting.partnership.name} · {meeting.title}",
        is_landscape=is_landscape,
    )  # fmt: skip


def _today() -> date:
    return timezone.localdate()


def pack_document(meeting: Meeting, language: Language) -> Document:
    """What one person prints the evening before: agenda, lists, plan, guide and card, in one file."""
    blocks: list[Block] = []
    for title, more in (
        (_("Agenda"), agenda_blocks(meeting, language)),
        (_("Check-in list"), check_in_blocks(meeting)),
        (_("Seating plan"), [block for block in seating_blocks(meeting) if not isinstance(block, PageBreak)]),
        (_("Materials"), material_blocks(meeting, language)),
    ):
        blocks += [*([PageBreak()] if blocks else []), Heading(1, title), *more]
    blocks += [PageBreak(), *guide_blocks(meeting, language), PageBreak(), *card_blocks(meeting, language)]
    slide = sector_slide(meeting, language)
    if slide is not None:
        blocks += [PageBreak(), *slide_blocks(slide, _("The facts on one slide"), _("Jobs, annual average"))]
    return _document(meeting, _("Print pack"), blocks, language)


DOCUMENTS: Mapping[str, Callable[[Meeting, Language], Document]] = {
    "agenda": agenda, "guide": guide, "card": card, "briefing": briefing, "check-in": check_in,
    "materials": materials, "seating": seating, "print-pack": pack_document,
}  # fmt: skip
