"""Papers of the library: the poster, fact cards, one entry, a memo, a plan, a summary, the story prompts. Every paper
carries the line on where the method comes from (M19); `Document` writes it by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.errors import Missing
from sharedtable.exports import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Language,
    Paragraph,
    Table,
    to_docx,
    to_pdf,
    to_pptx,
)
from sharedtable.library.queries import Entry
from sharedtable.library.story_queries import StoryPage, group_title
from sharedtable.method import articles, papers
from sharedtable.method.articles import Article
from sharedtable.method.papers import Paper
from sharedtable.method.presets import preset

KINDS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
    "pptx": (to_pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
# What can be taken along from the library, and as what.
PAPERS: Mapping[str, tuple[str, ...]] = {
    "poster": ("pdf", "docx"),
    "facts": ("pptx", "docx", "pdf"),
    "memo": ("docx", "pdf"),
    "region-x": ("docx", "pdf"),
    "lewistown": ("docx", "pdf"),
}


def write(document: Document, kind: str) -> tuple[bytes, str]:
    """A document as a file: its bytes and media type. Fails with Missing for a kind that is not written."""
    if kind not in KINDS:
        raise Missing(_("There is no such file. Choose one of those that are offered."))
    make, media_type = KINDS[kind]
    return make(document), media_type


def paper(name: str, language: str, today: date) -> Document:
    """One of PAPERS. Fails with Missing when there is none of that name."""
    spoken: Language = "es" if language == "es" else "en"
    if name == "poster":
        return poster(spoken, today)
    if name == "facts":
        return fact_cards(spoken, today)
    found = papers.paper(name)
    return {"summary": summary, "plan": plan, "memo": memo}[found.kind](found, spoken, today)


def poster(language: Language, today: date) -> Document:
    """The five lessons on one page (B21)."""
    blocks: list[Block] = [Paragraph(_("What regions that do well have in common."), "lead")]
    for number, lesson in enumerate(articles.shelf("lessons").values(), 1):
        blocks += [Heading(1, f"{number}. {lesson.title(language)}"), Paragraph(lesson.text(language), "lead")]
    return Document(_("Five lessons"), today, tuple(blocks), language, sources=_sources(articles.shelf("lessons")))


def fact_cards(language: Language, today: date) -> Document:
    """The figures for making the case, each with what it means and where it stands (B07)."""
    blocks: list[Block] = []
    for fact in articles.shelf("facts").values():
        blocks.append(Heading(1, fact.title(language)))
        if fact.figures:
            blocks.append(_figures(fact, language))
        blocks += _said(fact.text(language))
        blocks.append(Paragraph(_source_line(fact), "note"))
    return Document(_("Fact cards"), today, tuple(blocks), language, sources=_sources(articles.shelf("facts")))


def entry(found: Entry, language: str, today: date) -> Document:
    """One entry of the library, as the reader sees it."""
    spoken: Language = "es" if language == "es" else "en"
    blocks: list[Block] = []
    if found.shipped is not None and found.shipped.figures and found.own is None:
        blocks.append(_figures(found.shipped, spoken))
    blocks += _said(found.text)
    sources = found.shipped.sources if found.shipped and found.own is None else ()
    return Document(
        found.title, today, tuple(blocks), spoken, sources=tuple(source_lines(sources)),
        is_attributed=found.shipped is not None,
    )  # fmt: skip


def summary(found: Paper, language: Language, today: date) -> Document:
    """The summary of a meeting on one page: openings, areas with their champions, and what comes next (N07)."""
    met_on = found.met_on or today
    blocks: list[Block] = [
        Paragraph(found.lead[language], "lead"),
        Paragraph(_("Met on %(day)s.") % {"day": date_format(met_on, "DATE_FORMAT")}),
        Heading(1, _("Where the industry can grow")),
        Bullets(tuple(one[language] for one in found.opportunities)),
        Heading(1, _("Areas for action")),
    ]
    for area in found.areas:
        names = ngettext("%(n)d champion: %(names)s", "%(n)d champions: %(names)s", len(area.champions))
        blocks += [
            Heading(2, area.title[language]),
            Paragraph(area.text[language]),
            Paragraph(names % {"n": len(area.champions), "names": ", ".join(area.champions)}),
        ]
    blocks += [
        Heading(1, _("What comes next")),
        _next(found, met_on, language),
        Paragraph(found.note[language], "note"),
    ]
    return Document(
        found.title[language], today, tuple(blocks), language, sources=tuple(source_lines((found.source,))),
        footer=_("Summary of %(day)s") % {"day": date_format(met_on, "DATE_FORMAT")},
    )  # fmt: skip


def _next(found: Paper, met_on: date, language: Language) -> Table:
    columns = (
        Column("what", _("What"), "text", 3.4),
        Column("on", _("When"), "date", 1.3),
        Column("days", _("Days after"), "integer", 0.9),
        Column("method", _("The method says"), "text", 1.8),
    )
    rows = tuple(
        {"what": one.what[language], "on": one.on, "days": one.days(met_on), "method": _against(one, met_on)}
        if one.on else {"what": one.what[language], "method": ""} for one in found.next
    )  # fmt: skip
    return Table(_("What comes next"), columns, rows)


def _against(one: papers.Next, met_on: date) -> str:
    if not one.preset:
        return ""
    number, late = preset(one.preset).value, one.late_days(met_on)
    said = _("day %(number)d") % {"number": number}
    late_words = ngettext("%(n)d day late", "%(n)d days late", late) % {"n": late}
    return f"{said}: {late_words}" if late else f"{said}: {_('in time')}"


def plan(found: Paper, language: Language, today: date) -> Document:
    """A quick plan: aims, a team for each, and who does what by when (N06)."""
    blocks: list[Block] = [Paragraph(found.lead[language], "lead")]
    columns = (
        Column("what", _("What"), "text", 4.2),
        Column("who", _("Who"), "text", 1.5),
        Column("by", _("By when"), "text", 1.5),
    )
    for number, aim in enumerate(found.aims, 1):
        rows = tuple(
            {"what": line.what[language], "who": line.who or _("the team"), "by": _by(line.months)}
            for line in aim.lines
        )
        title = aim.title[language]
        blocks += [
            Heading(1, f"{number}. {title}"), Paragraph(aim.text[language]),
            Paragraph(_("Team: %(names)s") % {"names": ", ".join(aim.team)}), Table(title, columns, rows),
        ]  # fmt: skip
    blocks.append(Paragraph(found.note[language], "note"))
    return Document(found.title[language], today, tuple(blocks), language, sources=tuple(source_lines((found.source,))))


def _by(months: int) -> str:
    if not months:
        return _("to be set")
    if months == 1:
        return _("each month")
    return ngettext("within %(n)d month", "within %(n)d months", months) % {"n": months}


def memo(found: Paper, language: Language, today: date) -> Document:
    """A memo to change and send (M05)."""
    blocks: list[Block] = [Paragraph(found.lead[language], "lead")]
    for section in found.sections:
        blocks += [Heading(1, section.title[language]), *_said(section.text[language])]
        if section.measures:
            columns = (Column("name", _("Measure"), "text", 1.6), Column("counted", _("What is counted"), "text", 3.4))
            rows = tuple({"name": name[language], "counted": counted[language]} for name, counted in section.measures)
            blocks.append(Table(section.title[language], columns, rows))
    blocks.append(Paragraph(found.note[language], "note"))
    return Document(found.title[language], today, tuple(blocks), language, sources=tuple(source_lines((found.source,))))


def story(page: StoryPage, language: str, today: date) -> Document:
    """The prompts of a partnership with its numbers (L20)."""
    blocks: list[Block] = []
    for title, prompts in ((_("Ready to tell"), page.ready), (_("Not yet in the record"), page.waiting)):
        if prompts:
            blocks.append(Heading(1, title))
            for prompt in prompts:
                blocks += [Heading(2, f"{prompt.title} ({group_title(prompt.group)})"), Paragraph(prompt.text)]
    return Document(
        _("Ways to tell your story"), today, tuple(blocks), "es" if language == "es" else "en",
        subject=page.partnership.name, sources=tuple(source_lines(("S2:2159-2165",))),
    )  # fmt: skip


# --- pieces -----------------------------------------------------------------------------------------------------------


def _said(text: str) -> list[Block]:
    return [Bullets(part.lines) if part.lines else Paragraph(part.text) for part in articles.parts(text)]


def _figures(found: Article, language: Language) -> KeyFigures:
    return KeyFigures(tuple(KeyFigure(one.what(language), one.value) for one in found.figures))


def _source_line(found: Article) -> str:
    return _("Source: %(lines)s") % {"lines": "; ".join(source_lines(found.sources))}


def _sources(shelf: Mapping[str, Article]) -> tuple[str, ...]:
    return tuple(source_lines(tuple(dict.fromkeys(one for found in shelf.values() for one in found.sources))))


def source_names() -> dict[str, str]:
    """What the short names of the source documents stand for."""
    return {
        "S0": _("Colorado workbook, early version"),
        "S1": _("convener training workbook"),
        "S2": _("training manual of 2020"),
        "S3": _("slides of the training"),
        "S4": _("readiness assessment"),
    }


def _widest(lines: Sequence[str]) -> list[str]:
    """Line numbers without those that lie inside a range that is named too: "785-797, 789" is "785-797"."""
    spans = {one: (int(one.split("-")[0]), int(one.split("-")[-1])) for one in dict.fromkeys(lines)}
    return [
        one
        for one, (first, last) in spans.items()
        if not any(o != one and a <= first and last <= b for o, (a, b) in spans.items())
    ]


def source_lines(sources: Sequence[str]) -> list[str]:
    """Sources as people read them: the document, and its lines, together for each document.

    "S1:237-254" becomes "convener training workbook, lines 237-254".
    """
    names, together, rest = source_names(), {}, []  # type: ignore[var-annotated]
    for one in (part.strip() for source in sources for part in source.split(",")):
        short, _colon, lines = one.partition(":")
        if short in names and lines:
            together.setdefault(short, []).append(lines)
        else:
            rest.append(one)
    said = [
        _("%(document)s, lines %(lines)s") % {"document": names[short], "lines": ", ".join(_widest(found))}
        for short, found in sorted(together.items())
    ]
    return [f"{line[:1].upper()}{line[1:]}" for line in said] + rest
