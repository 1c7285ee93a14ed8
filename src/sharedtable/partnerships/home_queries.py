"""What to do next in a space, for this person, in order of urgency, with one line why each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letter_queries import letters_of
from sharedtable.ledger.models import Letter
from sharedtable.method import lists
from sharedtable.partnerships import clock_queries, partnership_queries
from sharedtable.partnerships.models import Deadline, Decision, Partnership, Seat
from sharedtable.people.ask_models import Ask
from sharedtable.people.import_models import Import
from sharedtable.people.importing.limits import KEPT_FOR
from sharedtable.people.models import Organisation, Person
from sharedtable.people.person_queries import open_asks
from sharedtable.privacy import Privacy

AHEAD = timedelta(days=21)
TERM_AHEAD = timedelta(days=45)
MOST = 30


@dataclass(frozen=True)
class Todo:
    """One thing to do: how pressing (now, soon, next), what, why, and where: a route with its arguments."""

    urgency: str
    title: str
    why: str
    route: str
    arguments: tuple[str | int, ...] = ()
    day: date | None = None
    partnership: str = ""


@dataclass(frozen=True)
class SpaceHome:
    """The home of a space: what to do next, the partnerships, and how much is in the record."""

    todos: Sequence[Todo]
    first_things: Sequence[Todo]
    lines: Sequence[partnership_queries.Line]
    people: int
    organisations: int
    may_begin: bool
    may_see_people: bool


def space_home(actor: Actor) -> SpaceHome:
    """Everything on the home of the space, in a fixed number of queries."""
    actor.must("space.see")
    sees = actor.may("partnerships.see")
    lines = partnership_queries.partnerships(actor) if sees else []
    by_key = {line.partnership.pk: line.partnership for line in lines}
    mine = [key for key, one in by_key.items() if actor.may("partnerships.change", one)]
    made = [
        *_deadlines(mine, by_key),
        *_terms(mine, by_key),
        *_reviews(actor, mine, by_key),
        *_letters(actor),
        *_imports(actor),
        *_asks(actor),
        *_gaps(lines, mine),
    ]
    rank = {"now": 0, "soon": 1, "next": 2}
    made.sort(key=lambda one: (rank[one.urgency], one.day or date.max))
    people, organisations = _in_record(actor)
    return SpaceHome(
        made[:MOST],
        _first_things(actor, people + organisations, len(lines)),
        lines,
        people,
        organisations,
        actor.may_everywhere("partnerships.make"),
        actor.may_in_space("people.see"),
    )


def _in_record(actor: Actor) -> tuple[int, int]:
    if not actor.may_in_space("people.see"):
        return 0, 0
    live = Q(space_id=actor.space_id, archived_at=None, erased_at=None, merged_into=None)
    return Person.objects.filter(live).count(), Organisation.objects.filter(live).count()


def _deadlines(mine: Sequence[int], by_key: dict[int, Partnership]) -> list[Todo]:
    today = timezone.localdate()
    rows = Deadline.objects.filter(partnership__in=mine, done_on=None, due_on__lte=today + AHEAD)
    found = []
    for row in rows.select_related("seat__person")[:MOST]:
        due = clock_queries.due(row, today)
        urgency = "now" if due.state in ("late", "today") else "soon"
        one = by_key[row.partnership_id]
        found.append(Todo(urgency, due.title, due.says, "partnership-clock", (one.slug,), row.due_on, one.name))
    return found


def _terms(mine: Sequence[int], by_key: dict[int, Partnership]) -> list[Todo]:
    today = timezone.localdate()
    rows = Seat.objects.filter(partnership__in=mine, ended_on=None, ends_on__lte=today + TERM_AHEAD)
    found = []
    for row in rows.select_related("person", "organisation")[:MOST]:
        one, is_over = by_key[row.partnership_id], row.ends_on is not None and row.ends_on < today
        title = _("Renew or hand over the seat of %(name)s") % {"name": row.person or row.organisation}
        role = lists.items("roles").get(row.role)
        why = _("%(role)s: the term ended on %(day)s.") if is_over else _("%(role)s: the term ends on %(day)s.")
        said = {"role": role.title(get_language() or "en") if role else row.role}
        day = date_format(row.ends_on, "DATE_FORMAT") if row.ends_on else ""
        found.append(
            Todo(
                "now" if is_over else "soon",
                title,
                why % {**said, "day": day},
                "partnership-seat",
                (one.slug, row.pk),
                row.ends_on,
                one.name,
            )
        )
    return found


def _reviews(actor: Actor, mine: Sequence[int], by_key: dict[int, Partnership]) -> list[Todo]:
    today = timezone.localdate()
    rows = Decision.objects.filter(partnership__in=mine, review_on__lte=today + AHEAD, replaced_by=None)
    if not actor.may("partnerships.inner"):
        rows = rows.exclude(level=Privacy.INNER)
    found = []
    for row in rows[:MOST]:
        one = by_key[row.partnership_id or 0]
        urgency = "now" if row.review_on is not None and row.review_on <= today else "soon"
        why = _("It was decided on %(day)s to look at this again.") % {
            "day": date_format(row.decided_on, "DATE_FORMAT") if row.decided_on else ""
        }
        found.append(
            Todo(urgency, row.question, why, "partnership-decision", (one.slug, row.pk), row.review_on, one.name)
        )
    return found


def _letters(actor: Actor) -> list[Todo]:
    if not actor.may("letters.see"):
        return []
    mine = letters_of(actor)
    failed = mine.filter(state=Letter.State.FAILED).count()
    held = mine.filter(state=Letter.State.HELD).count()
    found = []
    if failed:
        title = ngettext("%(count)d letter did not arrive", "%(count)d letters did not arrive", failed)
        found.append(Todo("now", title % {"count": failed}, _("Correct the address, or write another way."), "letters"))
    if held:
        title = ngettext("%(count)d letter is held", "%(count)d letters are held", held)
        found.append(
            Todo("soon", title % {"count": held}, _("It leaves by itself. Until then it can be cancelled."), "letters")
        )
    return found


def _gaps(lines: Sequence[partnership_queries.Line], mine: Sequence[int]) -> list[Todo]:
    found = []
    for line in lines:
        one = line.partnership
        if one.pk not in mine:
            continue
        if line.scope is None:
            found.append(
                Todo(
                    "next",
                    _("Say which region and industry it is about"),
                    _("Without a scope no company can be counted in or out."),
                    "partnership-scope",
                    (one.slug,),
                    None,
                    one.name,
                )
            )
        if line.outer == 0:
            found.append(
                Todo(
                    "next",
                    _("Give the support team their seats"),
                    _("Nobody sits at the outer table yet, so nobody convenes."),
                    "partnership-seats",
                    (one.slug,),
                    None,
                    one.name,
                )
            )
    return found


def _imports(actor: Actor) -> list[Todo]:
    if not actor.may("people.import"):
        return []
    waiting = (Import.State.COLUMNS, Import.State.REVIEW, Import.State.BROKEN)
    found = Import.objects.filter(space_id=actor.space_id, state__in=waiting)
    if not actor.may_everywhere("people.change"):
        found = found.filter(agency_id=actor.agency_id or -1)
    return [
        Todo(
            "soon",
            _("Go on with the list “%(name)s”") % {"name": row.source},
            f"{row.get_state_display()}. {_('The file is deleted seven days after the last change.')}",
            "import",
            (row.pk,),
            timezone.localdate(row.touched_at + KEPT_FOR),
        )
        for row in found.only("pk", "source", "state", "touched_at").order_by("touched_at")[:MOST]
    ]


def _asks(actor: Actor) -> list[Todo]:
    if not actor.may("people.change"):
        return []
    titles = {
        Ask.Kind.CORRECT: _("Answer %(name)s, who asks for a correction"),
        Ask.Kind.ERASE: _("Answer %(name)s, who asks to be erased"),
    }
    return [
        Todo(
            "now",
            titles[Ask.Kind(row.kind)] % {"name": row.person.name},
            _("Asked on %(day)s.") % {"day": date_format(timezone.localdate(row.made_at), "DATE_FORMAT")},
            "asks",
            (),
            timezone.localdate(row.made_at),
        )
        for row in open_asks(actor)[:MOST]
    ]


def _first_things(actor: Actor, in_record: int, partnerships: int) -> list[Todo]:
    """For a new team: the three first things, until each is done."""
    found = []
    if not partnerships and actor.may_everywhere("partnerships.make"):
        found.append(
            Todo(
                "next",
                _("Begin your first partnership"),
                _("A name is enough. Region and industry can follow."),
                "partnership-begin",
            )
        )
    if not in_record and actor.may_in_space("people.import"):
        found.append(
            Todo(
                "next",
                _("Bring in a list"),
                _("Companies and people from a spreadsheet, after a look at each row."),
                "imports",
            )
        )
    if not partnerships and actor.may_everywhere("partnerships.make"):
        found.append(
            Todo("next", _("Look at your region's industries"), _("Data starts the conversation."), "industries")
        )
    return found
