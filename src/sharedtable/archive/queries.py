"""What the pages of the archive show before anything is taken: how much there is, by room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharedtable.accounts.actors import Actor
from sharedtable.archive.rows import ORGANISATION, PERSON, Scope
from sharedtable.archive.tables import tables
from sharedtable.errors import Missing
from sharedtable.people.models import Organisation

# What the tables of one room are called together; another room goes by its own name.
ROOMS: Mapping[str, str | Promise] = {
    "people": gettext_lazy("People, organizations, and where each word came from"),
    "partnerships": gettext_lazy("Partnerships: steps, scope, seats, decisions, dates"),
    "studies": gettext_lazy("Regions, sectors, studies and notes that your team kept"),
    "accounts": gettext_lazy("Who has which role"),
    "ledger": gettext_lazy("History and letters, to read"),
}


@dataclass(frozen=True)
class Part:
    """The tables of one room, and how many rows they have."""

    title: str
    rows: int


@dataclass(frozen=True)
class OwnList:
    """The list of one agency: its name, its own people and organisations."""

    agency: str
    people: int
    organisations: int


def what_is_kept(actor: Actor) -> Sequence[Part]:
    """How much the whole space holds, room by room. Fails with Missing for whoever may not take it along."""
    actor.must_everywhere("space.export")
    counted: dict[str, int] = {}
    for one in tables():
        room = one.model._meta.app_label
        rows = one.model._default_manager.filter(space_id=actor.space_id).count()
        counted[room] = counted.get(room, 0) + rows
    order = [*ROOMS, *sorted(set(counted) - set(ROOMS))]
    return [
        Part(str(ROOMS.get(room) or apps.get_app_config(room).verbose_name), counted[room])
        for room in order
        if room in counted
    ]


def own_list(actor: Actor) -> OwnList:
    """How much the actor's own agency keeps. Fails with Missing without an agency here."""
    actor.must_in_space("people.export")
    agency = Organisation.objects.filter(space_id=actor.space_id, pk=actor.agency_id).first()
    if agency is None or actor.space is None:
        raise Missing(_("You do not belong to an agency here, so there is no list of your own to take along."))
    own = Scope(actor.space, actor.ref, agency_id=agency.pk).own
    counts = {
        one.name: one.model._default_manager.filter(own[one.name], space_id=actor.space_id).count()
        for one in tables()
        if one.name in (PERSON, ORGANISATION)
    }
    return OwnList(agency.name, counts[PERSON], counts[ORGANISATION])
