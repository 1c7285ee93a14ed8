"""Profiles and rankings as files to take away: Word, PDF, Excel, CSV, all made by `exports`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sharedtable.exports import (
    Absent,
    BlankLines,
    Block,
    Bullets,
    Column,
    Document,
    Figure,
    Heading,
    Language,
    PageBreak,
    Paragraph,
    Side,
    Table,
    format_date,
    format_value,
    rows_to_csv,
    to_docx,
    to_pdf,
    to_pptx,
    to_xlsx,
)
from sharedtable.method.guideposts import guideposts
from sharedtable.studies import sheets
from sharedtable.studies.data_points import (
    cautions,
    data_points,
    occupation_source_lines,
    source_lines,
)
from sharedtable.studies.figures import history_picture, history_svg
from sharedtable.studies.knowledge import knowledge
from sharedtable.studies.queries import Industries, ProfilePage, Row
from sharedtable.studies.questions import Question
from sharedtable.studies.readings import lines as reading_lines

__all__ = ["KINDS", "File", "profile_file", "ranking_file", "source_lines"]

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv; charset=utf-8",
}
KINDS = frozenset(_TYPES)
# What fits on two letter pages beside the rest; the workbook holds all.
MOST_PARTS, MOST_OCCUPATIONS = 5, 5
MOST_RANKED = 60


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


def profile_file(page: ProfilePage, kind: str, *, today: date | None = None) -> File:
    """A profile as xlsx, docx, pptx, pdf or csv, in the language of its question. CSV holds the ten data points."""
    name = _file_name(page.sector.name, page.profile.region.name, page.profile.year, kind)
    made_on = today or _today()
    with override(page.question.language):
        writers: Mapping[str, Callable[[], bytes]] = {
            "xlsx": lambda: to_xlsx(sheets.profile_workbook(page, made_on)),
            "csv": lambda: sheets.profile_csv(page),
            "docx": lambda: to_docx(profile_document(page, made_on)),
            "pptx": lambda: to_pptx(profile_document(page, made_on)),
            "pdf": lambda: to_pdf(profile_document(page, made_on)),
        }
        return File(writers[kind](), _TYPES[kind], name)


def ranking_file(found: Industries, kind: str, *, today: date | None = None) -> File:
    """A ranking as xlsx, docx, pptx, pdf or csv, in the language of its question. Files with rows hold all of them."""
    name = _file_name(_("industries"), found.region.name, found.year, kind)
    made_on = today or _today()
    with override(found.question.language):
        writers: Mapping[str, Callable[[], bytes]] = {
            "xlsx": lambda: to_xlsx(sheets.ranking_workbook(found, made_on)),
            "csv": lambda: rows_to_csv(sheets.ranking_columns(found), sheets.ranking_rows(found), mark_key="status"),
            "docx": lambda: to_docx(ranking_document(found, made_on)),
            "pptx": lambda: to_pptx(ranking_document(found, made_on)),
            "pdf": lambda: to_pdf(ranking_document(found, made_on)),
        }
        return File(writers[kind](), _TYPES[kind], name)


def profile_document(page: ProfilePage, made_on: date) -> Document:
    """The profile on two pages: the ten data points with their guideposts, history, parts, occupations, gaps."""
    found = page.profile
    language = cast(Language, page.question.language)
    points = data_points(page)
    letter = found.letter_lines
    blocks: list[Block] = []
    blocks += [
        Table(
            _("The ten data points, and how to read each"),
            (
                Column("figure", _("This sector here"), "text", 3.0),
                Column("tells", _("What it tells"), "text", 3.3),
                Column("tells_not", _("What it does not tell"), "text", 3.4),
            ),
            tuple(
                {
                    "figure": f"{number}  {point.title}: {point.value}\n{point.note}",
                    "tells": point.guidepost.tells,
                    "tells_not": point.guidepost.tells_not,
                }
                for number, point in enumerate(points, start=1)
            ),
        ),
        Side(
            left=(Heading(1, _("Jobs over the years")), _history_figure(page, language)),
            right=(Heading(1, _("Why it changed")), *_shift_blocks(page)),
            left_share=0.55,
        ),
    ]
    if found.parts:
        blocks += [PageBreak(), _parts_table(page)]
    blocks += _occupation_blocks(page)
    blocks += _walked(page)
    knowledge: list[Block] = [
        Heading(1, _("What people here know")),
        *_note_blocks(page),
        BlankLines(3, _("Who hires, who closes, what do these figures miss?")),
    ]
    if letter:
        knowledge += [Heading(2, _("For a letter")), Paragraph(" ".join(letter), "quote")]
    gaps = (Heading(1, _("Gaps and cautions")), Bullets(tuple(cautions(page))))
    blocks += [Side(gaps, tuple(knowledge), 0.63)]
    lines = [*source_lines(found.sources, language), *occupation_source_lines(found, language)]
    return Document(
        title=page.sector.name,
        subject=_("Industry profile: %(region)s, %(year)d, %(owners)s")
        % {"region": found.region.name, "year": found.year, "owners": owners(page.question)},
        created_on=made_on,
        blocks=tuple(blocks),
        language=language,
        sources=tuple(lines),
        footer="; ".join(source_lines(found.sources, language, is_short=True)),
    )


def _walked(page: ProfilePage) -> tuple[Block, ...]:
    """What rooms made of the figures, figure by figure: it goes wherever the figures go. Never who said it."""
    walked = [point for point in data_points(page) if point.beside]
    if not walked:
        return ()
    columns = (
        Column("figure", _("Data point"), "text", 2.0),
        Column("said", _("What the room made of it"), "text", 7.7),
    )
    rows = tuple(
        {"figure": point.title, "said": "\n".join(reading_lines(point.beside, page.question.language))}
        for point in walked
    )
    return (Table(_("Marked in a data walk: what feels real, and what people doubt or miss"), columns, rows),)


def _note_blocks(page: ProfilePage) -> tuple[Block, ...]:
    """What was written down beside this profile, as far as the one who asks sees it; never who said it."""
    language = cast(Language, page.question.language)
    said = []
    for note in knowledge(page.question).notes:
        about = f"{note.about}: " if note.about else ""  # type: ignore[attr-defined]  # set for pages and files alike
        said.append(
            f"{about}{note.text} ({note.region_name}, {format_date(timezone.localdate(note.created_at), language)})"
        )
    return (Bullets(tuple(said)),) if said else ()


def _history_figure(page: ProfilePage, language: Language) -> Block:
    rows = page.profile.history.rows
    picture = history_picture(rows, language)
    said = "; ".join(f"{bar.year}: {bar.text or _('not known')}" for bar in picture.bars)
    plain = _("Jobs, annual average")
    caption = _("Jobs, annual average. Outlined bars are lower bounds.") if picture.has_gaps else plain
    return Figure(history_svg(picture), said, caption, 0.7)


def _shift_blocks(page: ProfilePage) -> tuple[Block, ...]:
    shift, row = page.profile.shift_share, page.shift_row
    if row is None:
        return (Paragraph(page.shift_missing, "note"),)
    return (
        Table(
            _("Change in jobs since %(year)d") % {"year": shift.since_year},
            (Column("part", _("Part"), "text", 2.4), Column("jobs", _("Jobs"), "change", 1.0)),
            tuple({"part": title, "jobs": row[key]} for key, title in sheets.shift_titles()),
        ),
    )


def _parts_table(page: ProfilePage) -> Table:
    rows = page.profile.parts
    shown = rows[:MOST_PARTS]
    more = len(rows) - len(shown)
    note = _("%(count)d more are in the workbook.") % {"count": more} if more else ""
    return Table(
        _("The industries inside, largest first"),
        (
            Column("industry_code", _("Code"), "code", 0.8),
            Column("industry_title", _("Industry"), "text", 3.4),
            Column("employment_jobs", _("Jobs"), "integer", 1.0),
            Column("employment_change_10y_pct", _("Long change"), "change_pct", 1.1),
            Column("location_quotient_ratio", _("Concen\u00adtration"), "ratio", 1.1),
            Column("average_annual_pay_usd", _("Average pay"), "usd", 1.1),
            Column("establishments", _("Work\u00adplaces"), "integer", 0.9),
        ),
        tuple(_plain([{**row, "industry_title": _titled(row)} for row in shown])),
        note,
        mark_key="status",
    )


def _titled(row: Row) -> str:
    """The title of an industry, with what the rules of the sector say of it."""
    title = str(row["industry_title"])
    if row.get("is_in_sector") is False:
        return f"{title} ({_('outside by the rules')})"
    return f"{title} ({_('cannot be told')})" if row.get("rule_reasons") and row["is_in_sector"] is None else title


def _occupation_blocks(page: ProfilePage) -> list[Block]:
    table = page.profile.occupations
    if table is None or not table.rows:
        return []
    return [
        Table(
            _occupation_caption(page),
            (
                Column("occupation_code", _("Code"), "code", 0.95),
                Column("occupation_title", _("Occupation"), "text", 4.4),
                Column("estimated_jobs", _("Jobs, esti\u00admate"), "integer", 0.85),
                Column("pay_p25_usd", _("Entry"), "usd", 0.95),
                Column("pay_median_usd", _("Median"), "usd", 0.95),
                Column("pay_p75_usd", _("Experi\u00adenced"), "usd", 0.95),
                Column("threshold", _("Reaches it?"), "text", 1.55),
            )[: 7 if page.profile.pay_threshold_usd else 6],
            tuple({**row, "threshold": sheets.threshold_words(row)} for row in table.rows[:MOST_OCCUPATIONS]),
        )
    ]


def _occupation_caption(page: ProfilePage) -> str:
    threshold = page.profile.pay_threshold_usd
    if threshold is None:
        return _("The largest occupations, and what they pay a year in this wage area")
    return _("The largest occupations, what they pay a year here, and whether that reaches %(pay)s") % {
        "pay": format_value(threshold, "usd", cast(Language, page.question.language))
    }


def ranking_document(found: Industries, made_on: date) -> Document:
    """The ranked table on landscape pages, those listed apart after it, and how to read them."""
    language = cast(Language, found.question.language)
    shown = found.ranked[:MOST_RANKED]
    guides = guideposts(found.question.language)
    columns = sheets.ranking_columns(found)[:11]
    blocks: list[Block] = [
        Paragraph(guides.conversation, "lead"),
        Paragraph(f"{coverage_line(found)} {weights_line(found)}"),
    ]
    if shown:
        more = len(found.ranked) - len(shown)
        note = _("%(count)d more are in the workbook.") % {"count": more} if more else ""
        blocks.append(Table(_("Industries in order"), columns, tuple(_plain(shown)), note, mark_key="status"))
    if found.apart:
        blocks += [
            Heading(1, _("Listed apart")),
            Paragraph(_("Too much of these industries is withheld to give them a fair place in the order.")),
            Table(
                _("Industries with too much withheld"),
                (columns[1], columns[2], columns[3], columns[8]),
                tuple(_plain(found.apart[:MOST_RANKED])),
                mark_key="status",
            ),
        ]
    blocks.append(Paragraph(found.base_note, "note"))
    lines = source_lines(found.facts["sources"], language)
    return Document(
        title=_("Industries of %(region)s") % {"region": found.region.name},
        subject=_("Ranked industries, %(year)d, %(owners)s") % {"year": found.year, "owners": owners(found.question)},
        created_on=made_on,
        blocks=tuple(blocks),
        language=language,
        sources=tuple(lines),
        footer="; ".join(source_lines(found.facts["sources"], language, is_short=True)),
        is_landscape=True,
    )


def _plain(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows for a table; a figure that is missing for a reason of its own says which."""
    made = []
    for row in rows:
        plain = {key: value for key, value in row.items() if not isinstance(value, dict)}
        if row["projected_change_pct"] is None:
            plain["projected_change_pct"] = Absent("not_loaded")
        if row["is_cut"]:
            plain["employment_change_10y_pct"] = Absent("not_comparable")
        made.append(plain)
    return made


def owners(question: Question) -> str:
    """Whose jobs are counted, in words."""
    return _("private employers") if question.ownership == "private" else _("private and government employers")


def coverage_line(found: Industries) -> str:
    """How much of the region's jobs no row shows, in a sentence."""
    pct = found.withheld_jobs_pct
    if pct is None:
        return _("How much is withheld at this depth cannot be known, because the region's total is withheld too.")
    figure = format_value(pct, "pct", cast(Language, found.question.language))
    if found.question.ownership == "private":
        return _("%(pct)s of private jobs are withheld at this depth.") % {"pct": figure}
    return _("%(pct)s of all jobs are withheld at this depth.") % {"pct": figure}


def weights_line(found: Industries) -> str:
    """What counted how much in the order, in a sentence."""
    weights = found.ranking.weights
    said = {"size": _("jobs"), "wages": _("pay"), "concentration": _("concentration"), "growth": _("growth")}
    listed = ", ".join(f"{said[name]} {weights[name]:g}" for name in said)
    return _("Weights in this order: %(weights)s.") % {"weights": listed}


def _file_name(what: str, region: str, year: int, kind: str) -> str:
    """A file name that every system takes: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", f"{what} {region}").encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:80] or 'sharedtable'}-{year}.{kind}"


def _today() -> date:
    return timezone.localdate()
