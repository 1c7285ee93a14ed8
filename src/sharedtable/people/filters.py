"""Which people or organisations a list holds: what somebody asked for, made into a condition on the space's entries.

Only the keys below count; anything else in an address or a kept filter is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.permissions import CAN
from sharedtable.people.list_models import Segment
from sharedtable.people.models import Organisation, Person
from sharedtable.people.search import facet, matching
from sharedtable.people.values import number

PEOPLE_KEYS = (
    "q", "kind", "system", "type", "state", "county", "naics", "agency", "mail", "language", "works", "can_commit",
    "segment", "away",
)  # fmt: skip
ORGANISATION_KEYS = (
    "q", "kind", "system", "type", "state", "county", "naics", "agency", "size", "convenes", "segment", "away",
)  # fmt: skip
LONGEST = 120
# What a segment keeps: not another segment, and not what was put away.
KEPT = {
    Segment.Thing.PEOPLE: tuple(key for key in PEOPLE_KEYS if key not in ("segment", "away")),
    Segment.Thing.ORGANISATIONS: tuple(key for key in ORGANISATION_KEYS if key not in ("segment", "away")),
}


def asked(given: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, str]:
    """What was asked for, without empty values, unknown keys and signs that cannot be read."""
    found = {key: str(given.get(key, "")).replace("\0", "").strip()[:LONGEST] for key in keys}
    return {key: value for key, value in found.items() if value}


def people(actor: Actor, given: Mapping[str, str]) -> QuerySet[Person]:
    """The people of the actor's space for which a filter asks, in order of their names."""
    found = Person.objects.filter(mine(actor, "people.see"), space_id=actor.space_id, erased_at=None, merged_into=None)
    found = found.filter(archived_at=None) if given.get("away") != "1" else found.exclude(archived_at=None)
    found = found.filter(people_condition(actor, given))
    if given.get("segment"):
        found = _in_segment(actor, found, Segment.Thing.PEOPLE, given["segment"])
    return found.order_by("family_name", "given_name", "id")


def organisations(actor: Actor, given: Mapping[str, str]) -> QuerySet[Organisation]:
    """The organisations of the actor's space for which a filter asks, in order of their names."""
    found = Organisation.objects.filter(
        mine(actor, "people.see"), space_id=actor.space_id, erased_at=None, merged_into=None
    )
    found = found.filter(archived_at=None) if given.get("away") != "1" else found.exclude(archived_at=None)
    found = found.filter(_organisations(given))
    if given.get("segment"):
        found = _in_segment(actor, found, Segment.Thing.ORGANISATIONS, given["segment"])
    return found.order_by("name", "id")


def segments(actor: Actor, thing: str) -> QuerySet[Segment]:
    """The segments that the actor sees: the team's and their own."""
    return Segment.objects.filter(space_id=actor.space_id, thing=thing, owner__in=("", actor.ref))


def mine(actor: Actor, verb: str) -> Q:
    """The condition on entries for which the actor may do this: all of the space, or those of their own list."""
    if actor.may_everywhere(verb):
        return Q()
    is_own = bool(actor.agency_id) and not actor.roles.isdisjoint(CAN[verb].own)
    return Q(agency_id=actor.agency_id) if is_own else Q(pk__in=())


def people_condition(actor: Actor, given: Mapping[str, str]) -> Q:
    """What a filter asks of people."""
    wanted = Q()
    text = given.get("q", "")
    if "@" in text:
        # An address finds only those whose address the actor may see: a hit alone would tell.
        wanted &= mine(actor, "people.contact") & Q(email__startswith=text.lower())
    elif text:
        wanted &= matching(text)
    for key in ("kind", "system", "type", "state", "county", "language", "works", "can_commit", "agency"):
        if given.get(key):
            wanted &= Q(facets__contains=facet(key, given[key]))
    if given.get("naics"):
        wanted &= Q(facets__contains=f"|naics={given['naics']}")
    if given.get("mail") in ("0", "1"):
        wanted &= mine(actor, "people.contact") & Q(facets__contains=facet("mail", given["mail"]))
    return wanted


def _organisations(given: Mapping[str, str]) -> Q:
    wanted = matching(given["q"]) if given.get("q") else Q()
    columns = {
        "kind": "kind",
        "system": "system",
        "type": "partner_type",
        "state": "state_code",
        "county": "county_code",
    }
    for key, column in columns.items():
        if given.get(key):
            wanted &= Q(**{column: given[key]})
    if given.get("naics"):
        wanted &= Q(naics_code__startswith=given["naics"])
    if given.get("agency"):
        wanted &= Q(agency_id=number(given["agency"]) or None)
    if number(given.get("size")):
        wanted &= Q(employees__gte=min(number(given["size"]), 5_000_000))
    if given.get("convenes") == "1":
        wanted &= ~Q(convenes="")
    return wanted


def _in_segment(actor: Actor, found: QuerySet, thing: str, wanted: str) -> QuerySet:  # type: ignore[type-arg]
    segment = segments(actor, thing).filter(pk=number(wanted)).first()
    if segment is None:
        return found.none()
    column = "person_id" if thing == Segment.Thing.PEOPLE else "organisation_id"
    picked = Q(pk__in=segment.entries.values(column))
    kept = asked(segment.query, KEPT[Segment.Thing(thing)])
    if not kept:
        return found.filter(picked)
    return found.filter(
        picked | (people_condition(actor, kept) if thing == Segment.Thing.PEOPLE else _organisations(kept))
    )
