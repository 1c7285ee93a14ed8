"""What people know beside a profile: the notes to show, and what a form needs to add one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharedtable.accounts.actors import Actor
from sharedtable.method.guideposts import guideposts
from sharedtable.studies.data_queries import notes_about
from sharedtable.studies.models import LocalNote
from sharedtable.studies.questions import Question


@dataclass(frozen=True)
class Knowledge:
    """Notes about one sector in one region. `measures`: the data points a note can be about. `hidden`: the question."""

    notes: Sequence[LocalNote]
    measures: Sequence[tuple[str, str]]
    hidden: Sequence[tuple[str, str]]


def knowledge(question: Question) -> Knowledge:
    """The notes of a profile page; `question.sector` must be there for any to be found."""
    titles = measure_titles(question.language)
    notes = notes_about(question)
    sector = question.sector
    hidden = [("areas", ",".join(question.region.areas)), ("name", question.region.name)]
    if sector is not None:
        hidden += [
            ("industries", ",".join(sector.include)),
            ("exclude", ",".join(sector.exclude)),
            ("sector", sector.name),
        ]
    return Knowledge(titled(notes, titles, question.by), list(titles.items()), hidden)


def measure_titles(language: str) -> dict[str, str]:
    """The titles of the data points by their id."""
    return {point.id: point.title for point in guideposts(language).points}


def titled(notes: Sequence[LocalNote], titles: dict[str, str], by: Actor) -> Sequence[LocalNote]:
    """The notes, each with `about`: the title of the figure that it is about, empty for the whole; `is_own`: the actor
    may take it back; `who`: who said it, for whoever wrote it down alone."""
    may_note = by.is_operator or by.may("facts.note")
    for note in notes:
        note.is_own = may_note and note.space_id == (by.space_id or None)  # type: ignore[attr-defined]
        note.who = note.said_by if note.is_own and note.created_by == by.ref else ""  # type: ignore[attr-defined]
        note.about = titles.get(note.measure, "")  # type: ignore[attr-defined]  # for the template only
    return notes
