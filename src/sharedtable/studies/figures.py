"""The history of a sector as a picture: where each bar stands, for a page, and the finished SVG, for a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, cast

from sharedtable.exports.format import Language, format_value

WIDTH, HEIGHT = 680, 250
TOP, FLOOR = 30, 206  # room for the figures above, and for the years below
WIDEST_BAR = 56

# Colours of a printed document; pages take theirs from the style sheet.
TEAL, MUTED, INK, RULE = "#0f6460", "#565c65", "#111818", "#71767a"


@dataclass(frozen=True)
class Bar:
    """One year: place and height in the picture, the figure in words, and why there is none.

    `kind`: published, partly_withheld (a lower bound), withheld, cut.
    """

    year: int
    jobs: int | None
    kind: str
    x: float
    width: float
    middle: float
    y: float
    height: float
    text: str


@dataclass(frozen=True)
class HistoryPicture:
    """Bars of every loaded year on one scale from zero; years that are not loaded leave their room empty."""

    bars: tuple[Bar, ...]
    missing: tuple[int, ...]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR

    @property
    def has_gaps(self) -> bool:
        """True when a bar is not a plain published figure."""
        return any(bar.kind != "published" for bar in self.bars)


def history_picture(rows: Sequence[Mapping[str, Any]], language: str = "en") -> HistoryPicture:
    """Geometry of the rows of `Profile.history`. A withheld or cut year has a bar without height."""
    years = [int(row["year"]) for row in rows]
    if not years:
        return HistoryPicture((), ())
    span = years[-1] - years[0] + 1
    step = WIDTH / max(span, 4)
    wide = round(min(WIDEST_BAR, step * 0.78), 1)
    left = (WIDTH - step * span) / 2
    most = max((row["employment_jobs"] or 0 for row in rows), default=0) or 1
    bars = []
    for row in rows:
        jobs = row["employment_jobs"]
        kind = "cut" if row["is_cut"] else str(row["status"])
        high = round((FLOOR - TOP) * (jobs or 0) / most, 1)
        middle = round(left + step * (int(row["year"]) - years[0] + 0.5), 1)
        figure = format_value(jobs, "integer", cast(Language, language)) if jobs is not None else ""
        bars.append(
            Bar(
                year=int(row["year"]),
                jobs=jobs,
                kind=kind,
                x=round(middle - wide / 2, 1),
                width=wide,
                middle=middle,
                y=round(FLOOR - high, 1),
                height=high,
                text=f"≥ {figure}" if kind == "partly_withheld" and figure else figure,
            )
        )
    missing = tuple(year for year in range(years[0], years[-1]) if year not in years)
    return HistoryPicture(tuple(bars), missing)


def history_svg(picture: HistoryPicture) -> str:
    """The picture as SVG that stands alone: presentation attributes only, no style sheet."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="Public Sans, sans-serif" font-size="14">'
    ]
    for bar in picture.bars:
        if bar.height:
            fill = f'fill="{TEAL}"' if bar.kind == "published" else f'fill="#ffffff" stroke="{TEAL}" stroke-width="2"'
            parts.append(f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}" rx="2" {fill}/>')
        else:
            parts.append(
                f'<rect x="{bar.x}" y="{FLOOR - 40}" width="{bar.width}" height="40" fill="none" stroke="{MUTED}" '
                'stroke-dasharray="4 4"/>'
            )
        parts.append(
            f'<text x="{bar.middle}" y="{bar.y - 8 if bar.height else FLOOR - 48}" text-anchor="middle" '
            f'fill="{INK}">{escape(bar.text or "–")}</text>'
            f'<text x="{bar.middle}" y="{FLOOR + 24}" text-anchor="middle" fill="{MUTED}">{bar.year}</text>'
        )
    return "".join([*parts, f'<line x1="0" x2="{WIDTH}" y1="{FLOOR}" y2="{FLOOR}" stroke="{RULE}"/></svg>'])
