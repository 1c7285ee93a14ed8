"""Seats: who sits where, giving, changing, renewing, asking, handing over, ending."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import doors, handing_over, seat_queries, seating
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.web.partnerships import forms as asked
from sharedtable.web.partnerships.frame import attempt, done, form_page, may_open, opened, page

CHANGE, HERE = "partnerships.change", "partnership-seats"


def seats(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: everybody who sits here, what is missing, and how far the companies are reached."""
    _by, one = opened(request, partnership)
    found, scope = seat_queries.tables(one), one.scopes.first()
    context = {
        "tables": found,
        "warnings": seat_queries.warnings(found, scope),
        "coverage": seat_queries.coverage(found),
        "tiers": seat_queries.tiers(found, scope),
        "invited": seat_queries.invited_count(found),
        "groups": [
            (Seat.Table.INNER, found.inner, _("They speak, decide and champion.")),
            (Seat.Table.OUTER, found.outer, _("They listen first, and answer when asked.")),
            (Seat.Table.NETWORK, found.network, _("Kept in the loop, and asked only for something specific.")),
        ],
    }
    return page(request, "seats", one, HERE, context)


def give(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET, POST: give somebody a seat."""
    by, one = opened(request, partnership, CHANGE)
    words = request.GET.get("q", "")
    tables = seat_queries.tables(one)
    form = asked.SeatForm(
        request.POST or None,
        initial={"role": request.GET.get("role", ""), "acts_for": request.GET.get("acts_for", "")},
        people=asked.offered(seat_queries.people_to_choose(by, words)),
        organisations=asked.offered(seat_queries.organisations_to_choose(by, words)),
        seats=asked.chairs([*tables.inner, *tables.of("convener")]),
    )
    if request.method == "POST" and attempt(form, lambda said: _give(by, one, said)):
        return done(request, _("The seat is given. Ask them next."), HERE, space, one.slug)
    lead = _(
        "The role says at which table somebody sits: people of companies at the inner, support partners at the outer."
    )
    return form_page(
        request, one, HERE, form, title=_("Give a seat"), lead=lead, submit=_("Give the seat"), searches=True,
        mend=_mend(by, form),
    )  # fmt: skip


def _mend(by: Actor, form: asked.SeatForm) -> tuple[str, str] | None:
    """Where to add somebody; after a refusal, where the record says whether they belong to a company or a partner."""
    if by.space is None:
        return None
    if not form.non_field_errors():
        if not may_open("person-add", by):
            return None
        is_empty = len(form.fields["person"].choices) < 2  # type: ignore[attr-defined]
        words = _("There is nobody to choose here. Add them to the record, then give the seat.")
        return reverse("person-add", args=[by.space.slug]), words if is_empty else _("Not in the record yet? Add them.")
    person, place = (asked.number(str(form[name].value() or "")) for name in ("person", "organisation"))
    if place:
        address = reverse("organisation", args=[by.space.slug, place])
        return address, _("Is the kind of this organization wrong in the record? Correct it there.")
    if person:
        address = reverse("person", args=[by.space.slug, person])
        return address, _("Is this person's organization wrong in the record? Correct it there.")
    return None


def _give(by: Actor, one: Partnership, said: dict[str, Any]) -> Seat:
    person, place = asked.number(said.pop("person")), asked.number(said.pop("organisation"))
    return seating.give_seat(
        by=by,
        partnership=one,
        person=doors.person(by, person) if person else None,
        organisation=doors.organisation(by, place) if place else None,
        **{**said, "acts_for": asked.number(said["acts_for"])},
    )


def seat(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """GET: one seat: who, which duties, which term, what they answered."""
    by, one = opened(request, partnership)
    found = doors.seat(by, one, seat)
    chair = seat_queries.chair_of(found)
    role = seating.role_of(found.role)
    context = {
        "chair": chair,
        "seat": found,
        "has_term": "term_preset" in role.more,
        "acting": seat_queries.acting_for(found),
        "person_page": found.person is not None and by.may("people.see", found.person),
        "may_ask": by.may("links.make", found) and by.may(CHANGE, found) and found.person is not None,
        "sees_answer": by.may_in_space("people.contact") or by.may("people.contact", found),
    }
    return page(request, "seat", one, HERE, context)


def change(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """GET, POST: duties, term and words of a seat."""
    by, one = opened(request, partnership, CHANGE)
    found = doors.seat(by, one, seat, CHANGE)
    given = {
        "version": found.version,
        "duties": found.duties,
        "area": found.area,
        "standing": found.standing,
        "contribution": found.contribution,
        "ends_on": found.ends_on,
    }
    form = asked.SeatChangeForm(request.POST or None, initial=given, role=found.role)

    def act(said: dict[str, Any]) -> None:
        seating.change_seat(by=by, seat=found, **said)

    if request.method == "POST" and attempt(form, act, version=found.version):
        return done(request, _("Kept."), "partnership-seat", space, one.slug, found.pk)
    return form_page(
        request, one, HERE, form, title=_("Change this seat"), submit=_("Keep"), back=_here(space, found, one)
    )


def _here(space: str, found: Seat, one: Partnership) -> str:
    return reverse("partnership-seat", args=[space, one.slug, found.pk])


def renew(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """POST: another term."""
    by, one = opened(request, partnership, CHANGE)
    seating.renew(by=by, seat=doors.seat(by, one, seat, CHANGE))
    return done(request, _("Renewed for another term."), "partnership-seat", space, one.slug, seat)


def on_point(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """POST: this convener is on point this week."""
    by, one = opened(request, partnership, CHANGE)
    seating.put_on_point(by=by, seat=doors.seat(by, one, seat, CHANGE))
    return done(request, _("This convener is on point now."), "partnership-seat", space, one.slug, seat)


def end(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """POST: end a seat; its history stays."""
    by, one = opened(request, partnership, CHANGE)
    seating.end_seat(by=by, seat=doors.seat(by, one, seat, CHANGE), note=request.POST.get("note", ""))
    return done(request, _("The seat has ended. Its history stays."), HERE, space, one.slug)


def ask(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """GET, POST: write to whoever sits there, with a personal link."""
    by, one = opened(request, partnership, CHANGE)
    found = doors.seat(by, one, seat, CHANGE)
    form = asked.AskForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda said: seating.ask(by=by, seat=found, **said)):
        said = _("The letter is written. It is held for ten minutes, so that you can still cancel it.")
        return done(request, said, "partnership-seat", space, one.slug, found.pk, waits=True)
    lead = _(
        "%(name)s gets a letter with a personal link: say yes or no, name a delegate, step back. No account needed."
    )
    contributes = _("The letter asks what they will contribute, and keeps the answer as a pledge.")
    return form_page(
        request,
        one,
        HERE,
        form,
        title=_("Ask %(name)s") % {"name": found.person or ""},
        lead=f"{lead % {'name': found.person or ''}} {contributes if found.table != 'inner' else ''}".strip(),
        submit=_("Write the letter"),
        back=_here(space, found, one),
    )


def hand_over(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """GET, POST: somebody else takes the seat."""
    by, one = opened(request, partnership, CHANGE)
    found = doors.seat(by, one, seat, CHANGE)
    people = asked.offered(seat_queries.people_to_choose(by, request.GET.get("q", "")))
    form = asked.HandOverForm(request.POST or None, people=people)

    def act(said: dict[str, Any]) -> None:
        seating.hand_over(by=by, seat=found, to=doors.person(by, int(said["person"])), note=said["note"])

    if request.method == "POST" and attempt(form, act):
        return done(request, _("Handed over, with a fresh term and the open tasks."), HERE, space, one.slug)
    return form_page(
        request,
        one,
        HERE,
        form,
        title=_("Hand this seat over"),
        lead=_("Role, action area, duties and open tasks go along. What was before stays on record."),
        submit=_("Hand over"),
        searches=True,
        back=_here(space, found, one),
    )


def convener_hand_over(request: HttpRequest, space: str, partnership: str, seat: int) -> HttpResponse:
    """GET, POST: the convener hands over: seat, data, letters, contacts."""
    by, one = opened(request, partnership, CHANGE)
    found = doors.seat(by, one, seat, CHANGE)
    plan = handing_over.plan(by, found)
    people = asked.offered(seat_queries.people_to_choose(by, request.GET.get("q", "")))
    form = asked.ConvenerHandOverForm(request.POST or None, people=people)

    def act(said: dict[str, Any]) -> None:
        to = doors.person(by, int(said.pop("person")))
        handing_over.hand_over_convening(by=by, seat=found, to=to, **said)

    if request.method == "POST" and attempt(form, act):
        return done(request, _("Convening is handed over."), HERE, space, one.slug)
    context = {"form": form, "plan": plan, "chair": seat_queries.chair_of(found), "words": request.GET.get("q", "")}
    return page(request, "hand_over", one, HERE, context, 422 if form.errors else 200)
