"""A profile workbook that comes back: its figures as they were, beside those of today's store (row C15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.studies import actions
from sharedtable.studies.actions import NewNote
from sharedtable.studies.data_queries import notes_about
from sharedtable.studies.models import LocalNote, Study
from sharedtable.studies.questions import Question

POINTS, NOTES = "Ten data points", "Notes"
OWN_KINDS = frozenset({"letter", "walk"})  # what the program wrote into the workbook by itself, and keeps itself
MEASURES = {
    "employment_jobs": gettext_lazy("Jobs"),
    "employment_change_2y_jobs": gettext_lazy("Change over 2 years, jobs"),
    "employment_change_2y_pct": gettext_lazy("Change over 2 years, percent"),
    "employment_change_10y_jobs": gettext_lazy("Long change, jobs"),
    "employment_change_10y_pct": gettext_lazy("Long change, percent"),
    "location_quotient_ratio": gettext_lazy("Location quotient"),
    "location_quotient_then_ratio": gettext_lazy("Location quotient then"),
    "average_annual_pay_usd": gettext_lazy("Average annual pay"),
    "pay_against_threshold_pct": gettext_lazy("Pay against the threshold"),
    "establishments": gettext_lazy("Establishments"),
    "jobs_per_establishment": gettext_lazy("Jobs per establishment"),
    "projected_change_pct": gettext_lazy("Projected change"),
}
_KINDS = {"caution": LocalNote.Kind.CAVEAT, "caveat": LocalNote.Kind.CAVEAT, "correction": LocalNote.Kind.CORRECTION}


@dataclass(frozen=True)
class Difference:
    """One figure of a study beside today's. `kind`: same, different, gone (not known today), new (not known then)."""

    data_point: str
    title: str
    measure: str
    unit: str
    year: str
    then: float | None
    now: float | None
    kind: str


def looked_at(layout: Mapping[str, Any], file_name: str, sha256: str) -> dict[str, Any]:
    """What a workbook holds, ready to be kept. Fails with Refused when its region or sector cannot be read."""
    about, sheets = dict(layout["about"]), layout["sheets"]
    try:
        region, sector = Region.parse(str(about["region"])), Sector.parse(str(about["sector"]))
        year = int(about["year"])
    except (KeyError, TypeError, ValueError) as problem:
        raise Refused(
            _("%(file)s: the sheet About does not say region, sector and year. Put it back as it was.")
            % {"file": file_name}
        ) from problem
    if POINTS not in sheets:
        raise Refused(_("%(file)s: the sheet “%(sheet)s” is missing.") % {"file": file_name, "sheet": POINTS})
    figures = [
        {key: row.get(key) for key in ("data_point", "measure", "value", "unit", "year", "status")}
        for row in sheets[POINTS]
        if row.get("measure")
    ]
    notes = [
        {
            "kind": LocalNote.Kind.KNOWLEDGE,
            "measure": str(row.get("data_point") or ""),
            "text": str(row["local_note"]).strip(),
        }
        for row in sheets[POINTS]
        if str(row.get("local_note") or "").strip()
    ]
    written_here = _own_cautions(_question(about, region, sector, year))
    for row in sheets.get(NOTES, []):
        kind, text = str(row.get("kind") or "").strip().lower(), str(row.get("text") or "").strip()
        if text and kind not in OWN_KINDS and text not in written_here:
            notes.append(
                {
                    "kind": _KINDS.get(kind, LocalNote.Kind.KNOWLEDGE),
                    "measure": "",
                    "text": text[: actions.LONGEST_NOTE],
                }
            )
    # A point with two figures carries its note on both rows.
    unique = {(note["measure"], note["text"]): note for note in notes}
    return {
        "title": str(layout["title"] or f"{sector.name}, {region.name}"),
        "file": file_name,
        "sha256": sha256,
        "made_on": str(layout.get("created_on") or ""),
        "about": about,
        "sources": list(layout["sources"]),
        "figures": figures,
        "sheets": {name: rows for name, rows in sheets.items() if name not in (POINTS, NOTES)},
        "notes": list(unique.values()),
    }


def _question(about: Mapping[str, Any], region: Region, sector: Sector, year: int | None) -> Question:
    threshold = about.get("pay_threshold_usd")
    return Question(
        region=region,
        sector=sector,
        year=year,
        ownership="total" if about.get("ownership") == "total" else "private",
        base="state" if about.get("base") == "state" else "us",
        pay_threshold_usd=float(threshold) if isinstance(threshold, int | float) else None,
        language=str(about.get("language") or "en") if about.get("language") in ("en", "es") else "en",
    )


def _own_cautions(question: Question) -> frozenset[str]:
    """The cautions that the program itself writes about such a profile, so that only what people added is kept."""
    from sharedtable.studies.data_points import cautions
    from sharedtable.studies.queries import profile_page

    try:
        return frozenset(cautions(profile_page(question)))
    except Refused:
        return frozenset()


def keep(book: Mapping[str, Any], *, by: Actor) -> Study:
    """Keep a looked-at workbook as a frozen study with its notes, without those that it took along from here."""
    about, made = book["about"], book["made_on"]
    region, sector = Region.parse(str(about["region"])), Sector.parse(str(about["sector"]))
    known = {note.text for note in notes_about(Question(region, sector, by=by))}
    return actions.freeze_study(
        by=by,
        title=book["title"],
        question=about,
        answer={"figures": book["figures"], "sheets": book["sheets"]},
        sources=book["sources"],
        made_on=date.fromisoformat(made) if made else None,
        file_name=book["file"],
        sha256=book["sha256"],
        notes=[
            NewNote(note["text"], note["measure"], note["kind"]) for note in book["notes"] if note["text"] not in known
        ],
        region=region,
        sector=sector,
    )


def question_of(study: Study) -> Question:
    """The question that a study answered, to be asked again today."""
    about = study.question
    year = about.get("year")
    asked = _question(about, Region.parse(about["region"]), Sector.parse(about["sector"]), int(year) if year else None)
    return Question(**{**asked.__dict__, "language": (get_language() or "en")[:2]})


def differences(study: Study) -> tuple[list[Difference], str]:
    """Each figure of a study beside today's store, and a sentence when today's cannot be asked."""
    from sharedtable.studies.queries import profile_page

    today: Mapping[str, Any] = {}
    problem = ""
    try:
        today = profile_page(question_of(study)).row
    except Refused as refusal:
        problem = str(refusal)
    found = []
    for row in study.answer.get("figures", []):
        if row["unit"] == "words":
            continue
        then, now = _number(row["value"]), _number(today.get(row["measure"]))
        found.append(
            Difference(
                row["data_point"],
                _title(row["measure"]),
                row["measure"],
                row["unit"],
                row["year"] or "",
                then,
                now,
                _compared(then, now),
            )
        )
    return found, problem


def _title(measure: str) -> str:
    return str(MEASURES.get(measure, measure))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _compared(then: float | None, now: float | None) -> str:
    if then is None:
        return "same" if now is None else "new"
    if now is None:
        return "gone"
    return "same" if abs(then - now) <= 1e-6 * max(1.0, abs(then)) else "different"
