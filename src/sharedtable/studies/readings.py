"""What rooms made of figures: marks and words that stay beside them. A data walk (room `walks`) brings them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.errors import Missing
from sharedtable.exports import Language, format_date
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.studies.actions import sector_key
from sharedtable.studies.models import Reading, Voice
from sharedtable.studies.questions import Question

MARKS = ("real", "doubtful", "missing")
CHOICE = "choice"


@dataclass(frozen=True)
class Said:
    """What one person of a room says of a figure, as it is kept."""

    participant: int
    name: str
    table: str
    mark: str
    text: str


def keep(
    *,
    by: str,
    space_id: int,
    meeting: tuple[int, str],
    stop: str,
    region: Region,
    sector: Sector | None,
    measure: str,
    year: int | None,
    shown: Mapping[str, Any],
    counts: Mapping[str, Any],
    voices: Iterable[Said],
) -> Reading:
    """Put a revealed figure into the record, inside the transaction of the action that revealed it, which has asked
    whether `by` may, and writes the ledger."""
    reading = Reading.objects.create(
        space_id=space_id,
        meeting_id=meeting[0],
        meeting_title=meeting[1],
        stop=stop,
        areas=",".join(region.areas),
        region_name=region.name,
        sector=sector_key(sector) if sector else "",
        sector_name=sector.name if sector else "",
        measure=measure,
        year=year,
        shown=dict(shown),
        counts=dict(counts),
        revealed_at=timezone.now(),
        revealed_by=by,
    )
    Voice.objects.bulk_create([_voice(reading, one) for one in voices])
    return reading


def add(reading: Reading, said: Said) -> Voice:
    """Words that came in the talk after the reveal; inside the transaction of the action that took them."""
    voice = _voice(reading, said)
    voice.save()
    return voice


def _voice(reading: Reading, said: Said) -> Voice:
    return Voice(
        space_id=reading.space_id,
        reading=reading,
        participant_id=said.participant,
        said_by=said.name[:160],
        table=said.table,
        mark=said.mark,
        text=said.text,
    )


def strike(space_id: int, meeting_id: int, number: int) -> Voice:
    """Take words off the pages that should not stand there, such as the name of a company; inside the transaction of
    the action that may. The mark still counts. Fails with Missing without such words in that meeting.
    """
    rows = Voice.objects.select_for_update(of=("self",)).filter(space_id=space_id, reading__meeting_id=meeting_id)
    found = rows.filter(pk=number, withdrawn_at=None).first()
    if found is None:
        raise Missing(_("Those words are not there any more."))
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    return found


# --- reading them -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """What somebody said, as a page may show it. `who` is empty for whoever may not see names."""

    number: int
    mark: str
    text: str
    who: str = ""


@dataclass(frozen=True)
class Beside:
    """One reading of one figure, as it stands beside the figure."""

    measure: str
    about: str
    on: datetime
    meeting: str
    region: str
    value: str
    counts: Mapping[str, Any]
    words: Sequence[Words] = field(default_factory=tuple)

    @property
    def total(self) -> int:
        """How many marked it."""
        return sum(self.counts.get("all", {}).values())

    @property
    def rows(self) -> list[tuple[str, str, int, float]]:
        """Each mark with its words, its count and its share of all in percent."""
        found, total = self.counts.get("all", {}), self.total or 1
        return [(mark, title, found.get(mark, 0), 100 * found.get(mark, 0) / total) for mark, title in mark_titles()]

    @property
    def sentence(self) -> str:
        """Who marked it how: 'Of 18 people, 12 hold it for real, 4 doubt it, 2 miss something.'"""
        return counted(self.counts.get("all", {}))

    @property
    def tables(self) -> list[tuple[str, str]]:
        """The same for each table, where that may be shown."""
        titles = {"inner": _("Business members"), "outer": _("Support partners")}
        return [(titles[name], counted(found)) for name, found in sorted(self.counts.get("tables", {}).items())]


def mark_titles() -> list[tuple[str, str]]:
    """The three marks and what they say."""
    return [("real", _("Feels real")), ("doubtful", _("I doubt it")), ("missing", _("Misses something"))]


def counted(found: Mapping[str, int]) -> str:
    """The marks of a group in one sentence."""
    total = sum(found.values())
    head = ngettext("One person marked it", "%(total)d people marked it", total) % {"total": total}
    return _("%(head)s: real %(real)d, doubtful %(doubtful)d, misses something %(missing)d.") % {
        "head": head,
        **{mark: found.get(mark, 0) for mark in MARKS},
    }


def beside(question: Question) -> dict[str, list[Beside]]:
    """What rooms of the asker's team made of the figures of this sector in this region, or in one that shares areas
    with it: by data point, oldest first. Words of every partnership stand together here, so a role in one partnership
    alone reads them on the pages of its meetings."""
    by = question.by
    if question.sector is None or by.space is None or not by.may_in_space("facts.see"):
        return {}
    inside = set(question.region.counties) | set(question.region.areas)
    rows = Reading.objects.filter(space_id=by.space_id, sector=sector_key(question.sector)).prefetch_related(_live())
    found: dict[str, list[Beside]] = {}
    for row in rows:
        if inside & set(row.areas.split(",")):
            found.setdefault(row.measure, []).append(_beside(row, question.language))
    return found


def of_meeting(space_id: int, meeting_id: int) -> list[Reading]:
    """The readings of one meeting, each with its voices, in the order of the reveals."""
    return list(Reading.objects.filter(space_id=space_id, meeting_id=meeting_id).prefetch_related(_live()))


def as_beside(reading: Reading, language: str, *, has_names: bool) -> Beside:
    """A reading as a page of its meeting shows it; with names for those who run it."""
    return _beside(reading, language, has_names=has_names)


def _live() -> Prefetch[Any]:
    return Prefetch("voices", Voice.objects.filter(withdrawn_at=None))


def _beside(row: Reading, language: str, *, has_names: bool = False) -> Beside:
    shown = row.shown.get(language) or row.shown.get("en") or {}
    words = [
        Words(one.pk, one.mark, one.text, one.said_by if has_names else "") for one in row.voices.all() if one.text
    ]
    # In no order that tells who was first.
    words.sort(key=lambda one: (MARKS.index(one.mark) if one.mark in MARKS else len(MARKS), one.text.casefold()))
    return Beside(
        row.measure,
        str(shown.get("title", "")),
        row.revealed_at,
        row.meeting_title,
        row.region_name,
        str(shown.get("value", "")),
        row.counts,
        words,
    )


def lines(found: Iterable[Beside], language: str) -> list[str]:
    """Readings as lines of a document: when and how it was marked, then the words, without names."""
    titles = dict(mark_titles())
    made = []
    for one in found:
        when = format_date(timezone.localdate(one.on), _as_language(language))
        made.append(
            _("%(when)s, %(meeting)s, shown as “%(value)s”: %(sentence)s")
            % {"when": when, "meeting": one.meeting, "value": one.value, "sentence": one.sentence}
        )
        made += [f"{titles[words.mark]}: {words.text}" if words.mark in titles else words.text for words in one.words]
    return made


def _as_language(language: str) -> Language:
    return "es" if language == "es" else "en"
