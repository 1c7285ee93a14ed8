"""Clock, hours, map, agreement and sharing of one partnership."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.method.presets import preset
from sharedtable.partnerships import (
    actions,
    agreeing,
    clock_queries,
    clocking,
    documents,
    doors,
    seat_queries,
    shared_queries,
    team_queries,
    teamwork,
)
from sharedtable.partnerships.models import Partnership
from sharedtable.web.partnerships import forms as asked
from sharedtable.web.partnerships.frame import attempt, done, form_page, opened, page

CHANGE = "partnerships.change"
CLOCK, HOURS = "partnership-clock", "partnership-hours"
AGREEMENT, SHARING = "partnership-agreement", "partnership-sharing"


def _seats(one: Partnership) -> asked.Choices:
    tables = seat_queries.tables(one)
    return asked.chairs([*tables.outer, *tables.inner])


def clock(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: what is due, late and done. POST: a meeting's day, or a date of the team's own."""
    by, one = opened(request, partnership, CHANGE if request.method == "POST" else doors.SEE)
    is_own = request.POST.get("do") == "own"
    meeting = asked.MeetingForm(request.POST if request.POST and not is_own else None)
    own = asked.DeadlineForm(request.POST if is_own else None, seats=_seats(one))
    if request.method == "POST":
        act = _own_date(by, one) if is_own else lambda said: clocking.set_meeting(by=by, partnership=one, **said)
        if attempt(own if is_own else meeting, act):
            return done(request, _("The clock is set."), CLOCK, space, one.slug)
    found = clock_queries.clock(by, one)
    context = {
        "open": [due for due in found if due.is_open],
        "closed": [due for due in found if not due.is_open][::-1],
        "meeting_form": meeting,
        "own_form": own,
    }
    return page(request, "clock", one, CLOCK, context, 422 if meeting.errors or own.errors else 200)


def _own_date(by: Actor, one: Partnership) -> Any:
    def act(said: dict[str, Any]) -> None:
        said["seat"] = clocking.live_seat(one, asked.number(said["seat"]))
        clocking.add_deadline(by=by, partnership=one, **said)

    return act


def deadline(request: HttpRequest, space: str, partnership: str, deadline: int) -> HttpResponse:
    """GET, POST: plan a deadline, say it is done, give it to somebody."""
    by, one = opened(request, partnership, CHANGE)
    found = doors.deadline(by, one, deadline)
    if request.POST.get("do") == "done":
        clocking.change_deadline(
            by=by,
            deadline=found,
            planned_on=found.planned_on,
            done_on=timezone.localdate(),
            seat=found.seat,
            note=found.note,
        )
        return done(request, _("Done today."), CLOCK, space, one.slug)
    form = asked.DeadlineChangeForm(request.POST or None, seats=_seats(one), deadline=found)

    def act(said: dict[str, Any]) -> None:
        said["seat"] = clocking.live_seat(one, asked.number(said["seat"]))
        clocking.change_deadline(by=by, deadline=found, **said)

    if request.method == "POST" and attempt(form, act):
        return done(request, _("Kept."), CLOCK, space, one.slug)
    title = clock_queries.due(found, timezone.localdate()).title
    return form_page(request, one, CLOCK, form, title=title, submit=_("Keep"))


def hours(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: pledged hours, and planned and actual hours by step. POST: a promise."""
    by, one = opened(request, partnership, CHANGE if request.method == "POST" else doors.SEE)
    choices = (
        asked.offered(seat_queries.organisations_to_choose(by, kind="partners")) if by.may("people.see", one) else []
    )
    form = asked.PledgeForm(request.POST or None, organisations=choices, initial={"started_on": timezone.localdate()})

    def act(said: dict[str, Any]) -> None:
        said["organisation"] = doors.organisation(by, int(said["organisation"]))
        teamwork.pledge(by=by, partnership=one, **said)

    if request.method == "POST" and attempt(form, act):
        return done(request, _("The promise is noted."), HOURS, space, one.slug)
    least, most = (preset(name) for name in ("convener_time_least", "convener_time_most"))
    context = {
        "found": team_queries.capacity(by, one),
        "form": form,
        "least": Decimal(str(least.value)),
        "most": Decimal(str(most.value)),
        "source": least.source,
    }
    return page(request, "hours", one, HOURS, context, 422 if form.errors else 200)


def pledge_end(request: HttpRequest, space: str, partnership: str, pledge: int) -> HttpResponse:
    """POST: a promise holds no longer."""
    by, one = opened(request, partnership, CHANGE)
    teamwork.end_pledge(by=by, partnership=one, pk=pledge)
    return done(request, _("The promise has ended. It stays on record."), HOURS, space, one.slug)


def hours_set(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: planned and actual hours of each step."""
    by, one = opened(request, partnership, CHANGE)
    wanted = {}
    for number in range(1, 7):
        pair = tuple(_whole(request.POST.get(f"{kind}{number}", "")) for kind in ("planned", "actual"))
        wanted[number] = (pair[0], pair[1])
    teamwork.set_hours(by=by, partnership=one, hours=wanted)
    return done(request, _("Hours are kept."), HOURS, space, one.slug)


def _whole(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or len(text) > 7:
        raise Refused(_("Hours are whole numbers, for one of the six steps."))
    return int(text)


def agreement(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: who does what, and who confirmed it."""
    by, one = opened(request, partnership)
    found = team_queries.agreement(by, one)
    tables = seat_queries.tables(one)
    people = [
        (chair.seat.person_id, chair.name, chair.organisation.pk if chair.organisation else 0)
        for chair in tables.outer
        if chair.seat.person_id
    ]
    return page(request, "agreement", one, AGREEMENT, {"found": found, "people": people})


def agreement_write(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: write the agreement from the seats as they are."""
    by, one = opened(request, partnership, CHANGE)
    made = agreeing.write_agreement(by=by, partnership=one)
    return done(request, _("Version %(version)d is written.") % {"version": made.version}, AGREEMENT, space, one.slug)


def agreement_ask(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: send somebody the link by which their organisation confirms."""
    by, one = opened(request, partnership, CHANGE)
    found = team_queries.agreement(by, one).agreement
    if found is None:
        raise Refused(_("There is no agreement yet. Write one from the seats first."))
    person = doors.person(by, asked.number(request.POST.get("person", "")) or 0)
    agreeing.ask_to_confirm(by=by, agreement=found, person=person)
    said = _("The letter is written. It is held for ten minutes, so that you can still cancel it.")
    return done(request, said, AGREEMENT, space, one.slug, waits=True)


def agreement_download(request: HttpRequest, space: str, partnership: str, kind: str) -> HttpResponse:
    """GET: the agreement as a Word or PDF document."""
    by, one = opened(request, partnership)
    made = documents.agreement_file(one, team_queries.agreement(by, one), kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})


def sharing(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET, POST: what the state sees, with exactly that beside it."""
    by, one = opened(request, partnership, CHANGE)
    form = asked.SharesForm(request.POST or None, initial={"shares": one.shares})
    if request.method == "POST":
        form = asked.SharesForm(request.POST)
        if attempt(form, lambda said: actions.share(by=by, partnership=one, **said)):
            return done(request, _("This is what the state sees from now on."), SHARING, space, one.slug)
    return page(request, "sharing", one, SHARING, {"form": form, "shared": shared_queries.shared(one)})
