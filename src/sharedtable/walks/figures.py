"""The figures of a walk, frozen when it is set up: the same words for everybody, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sharedtable.method.toml_data import LANGUAGES
from sharedtable.studies.data_points import cautions, data_points, source_lines
from sharedtable.studies.figures import Bar, HistoryPicture, history_picture
from sharedtable.studies.queries import ProfilePage, profile_page
from sharedtable.studies.questions import Question, Region, Sector
from sharedtable.studies.readings import CHOICE
from sharedtable.walks.models import Walk

# Beside these figures stands the picture of the jobs over the years.
WITH_HISTORY = frozenset({"employment", "change_short", "change_long"})


def frozen(region: Region, sectors: Sequence[Sector], measures: Sequence[str]) -> tuple[list[Any], list[Any]]:
    """Industries and stops of a walk, as `Walk` keeps them. Fails with Missing where there are no figures."""
    industries: list[Any] = []
    stops: list[Any] = []
    for number, sector in enumerate(sectors):
        pages = {
            language: profile_page(Question(region=region, sector=sector, language=language)) for language in LANGUAGES
        }
        industries.append(_industry(sector, pages))
        points = {language: {point.id: point for point in data_points(page)} for language, page in pages.items()}
        for measure in measures:
            said = {}
            for language in LANGUAGES:
                point = points[language][measure]
                said[language] = {
                    "title": point.title, "value": point.value, "note": point.note, "reason": point.reason,
                    "tells": point.guidepost.tells, "tells_not": point.guidepost.tells_not, "ask": point.guidepost.ask,
                }  # fmt: skip
            stops.append({"industry": number, "measure": measure, "said": said})
    return industries, stops


def _industry(sector: Sector, pages: Mapping[str, ProfilePage]) -> dict[str, Any]:
    page = pages["en"]
    bars = {
        language: [asdict(bar) for bar in history_picture(found.profile.history.rows, language).bars]
        for language, found in pages.items()
    }
    return {
        "name": sector.name,
        "text": sector.to_text(),
        "year": page.profile.year,
        "sources": {lang: source_lines(found.profile.sources, lang) for lang, found in pages.items()},
        "gaps": {lang: cautions(found)[1:] for lang, found in pages.items()},
        "bars": bars,
    }


@dataclass(frozen=True)
class Stop:
    """One figure of a walk in one language, or the choice at the end (`is_choice`)."""

    id: str
    number: int
    industry: int
    industry_name: str
    measure: str
    said: Mapping[str, str]
    year: int | None
    sources: Sequence[str]
    gaps: Sequence[str]
    picture: HistoryPicture | None

    @property
    def is_choice(self) -> bool:
        """The last one: which industry first, which next."""
        return self.measure == CHOICE


def stops(walk: Walk, language: str) -> list[Stop]:
    """The stops of a walk in their order, the choice last."""
    found = []
    for number, one in enumerate(walk.stops, start=1):
        industry = walk.industries[one["industry"]]
        bars = tuple(Bar(**bar) for bar in industry["bars"][language]) if one["measure"] in WITH_HISTORY else ()
        found.append(
            Stop(
                f"{walk.version}-{one['industry']}-{one['measure']}",
                number,
                one["industry"],
                industry["name"],
                one["measure"],
                one["said"][language],
                industry["year"],
                industry["sources"][language],
                industry["gaps"][language],
                HistoryPicture(bars, ()) if bars else None,
            )
        )
    if len(walk.industries) > 1:
        found.append(_choice(walk, len(found) + 1, language))
    return found


def _choice(walk: Walk, number: int, language: str) -> Stop:
    with override(language):
        said = {"title": _("Which industry first, which next?"), "value": "", "note": "", "reason": "", "ask": ""}
    return Stop(f"{walk.version}-{CHOICE}", number, -1, "", CHOICE, said, None, (), (), None)


def names(walk: Walk) -> list[str]:
    """The industries, in the order in which the walk goes through them."""
    return [str(one["name"]) for one in walk.industries]


def sector_of(walk: Walk, stop: Stop) -> Sector | None:
    """The industry of a figure; None for the choice."""
    return None if stop.is_choice else Sector.parse(walk.industries[stop.industry]["text"])


def shown(walk: Walk, stop: Stop) -> dict[str, dict[str, Any]]:
    """What the room saw, in every language, for the record."""
    every = {language: stops(walk, language)[stop.number - 1] for language in LANGUAGES}
    made = {
        language: {"title": one.said["title"], "value": one.said["value"], "note": one.said["note"]}
        for language, one in every.items()
    }
    return {lang: {**one, "options": names(walk)} for lang, one in made.items()} if stop.is_choice else made
