"""One slide with the facts of the partnership's sector (E07): the same figures as its profile, few and large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from sharedtable.errors import Refused
from sharedtable.exports import Block, Figure, Heading, KeyFigure, KeyFigures, Language, Paragraph
from sharedtable.meetings.models import Meeting
from sharedtable.partnerships.models import Scope
from sharedtable.studies import queries as facts
from sharedtable.studies.data_points import DataPoint, data_points, source_lines
from sharedtable.studies.figures import Bar, HistoryPicture, history_picture, history_svg
from sharedtable.studies.questions import Question, Region, Sector

FIGURES = ("employment", "change_long", "location_quotient", "pay")
# The picture on the screen of a room: wide and flat, so that a sign is as large as the other words of the slide.
ROOM_WIDTH, ROOM_HEIGHT, ROOM_TOP, ROOM_FLOOR, ROOM_SIGN = 1600, 300, 56, 240, 46
WIDE_SIGNS = 0.62  # how wide a sign is, in parts of its height


@dataclass(frozen=True)
class RoomBar:
    """One year on the screen of a room. `says`: its figure and its year are written there; there is not always room."""

    bar: Bar
    x: float
    width: float
    middle: float
    y: float
    height: float
    says: bool


@dataclass(frozen=True)
class SectorSlide:
    """What the slide says: the sector and its region, a few figures, the jobs over the years, and the source."""

    sector: str
    region: str
    points: tuple[DataPoint, ...]
    picture: HistoryPicture
    source: str

    @property
    def history_words(self) -> str:
        """The picture in words."""
        return "; ".join(f"{bar.year}: {bar.text or '–'}" for bar in self.picture.bars)

    @property
    def room(self) -> list[RoomBar]:
        """The bars for the screen of a room; figures stand at the last year, and at as many before it as fit."""
        bars, across = self.picture.bars, ROOM_WIDTH / self.picture.width
        if not bars:
            return []
        up = (ROOM_FLOOR - ROOM_TOP) / max([bar.height for bar in bars] + [1])
        step = min([after.middle - bar.middle for bar, after in pairwise(bars)] + [self.picture.width]) * across
        longest = max(len(bar.text) for bar in bars)
        every = ceil((max(longest, 4) + 1) * ROOM_SIGN * WIDE_SIGNS / step)
        last = bars[-1].year
        return [
            RoomBar(
                bar,
                round(bar.x * across, 1),
                round(bar.width * across, 1),
                round(bar.middle * across, 1),
                round(ROOM_FLOOR - bar.height * up, 1),
                round(bar.height * up, 1),
                (last - bar.year) % every == 0,
            )
            for bar in bars
        ]


def sector_slide(meeting: Meeting, language: str) -> SectorSlide | None:
    """The slide of a meeting; None while the partnership has no scope, or no facts of it are loaded."""
    newest = Scope.objects.filter(space_id=meeting.space_id, partnership_id=meeting.partnership_id)
    scope = newest.order_by("-version").first()
    if scope is None:
        return None
    try:
        question = Question(Region.parse(scope.region_text), Sector.parse(scope.sector_text), language=language)
        page = facts.profile_page(question)
    except Refused:
        return None
    points = tuple(point for point in data_points(page) if point.id in FIGURES)
    kept: Language = "es" if language == "es" else "en"
    lines = source_lines(page.profile.sources, kept, is_short=True)
    picture = history_picture(page.profile.history.rows, language)
    return SectorSlide(scope.sector_name, scope.region_name, points, picture, "; ".join(lines))


def slide_blocks(slide: SectorSlide, title: str, caption: str) -> list[Block]:
    """The slide as blocks of a document."""
    figures = tuple(KeyFigure(one.title, one.value, note=one.note) for one in slide.points)
    return [
        Heading(1, title),
        Paragraph(f"{slide.sector}, {slide.region}", "lead"),
        KeyFigures(figures),
        Figure(history_svg(slide.picture), slide.history_words or caption, caption, 0.8),
        Paragraph(slide.source, "note"),
    ]
