"""An organisation's page, the directory of support partners (A14), and who convenes already (B16, B17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q

from sharedtable.accounts.actors import Actor
from sharedtable.method.partner_types import PartnerType, partner_types
from sharedtable.people import filters, queries
from sharedtable.people.models import LISTED, FieldSource, Membership, Organisation
from sharedtable.people.values import county_title, naics_title, phone_shown

# What who may not see contacts does not get to see.
CONVENERS_ONLY = ("phone", "employees", "registry_number")
MOST = 300


@dataclass(frozen=True)
class OrganisationStory:
    """What the page shows, as far as the actor may see it."""

    organisation: Organisation
    current: list[Membership]
    earlier: list[Membership]
    partner_type: PartnerType | None
    decision_makers: list[Membership]
    naics_title: str
    county_title: str
    phone: str
    employees: int | None
    group_members: list[Organisation]
    sources: list[FieldSource]
    may_contact: bool
    may_private: bool
    may_change: bool
    may_history: bool
    more: int

    @property
    def latest_sources(self) -> dict[str, FieldSource]:
        """The newest source of each field."""
        found: dict[str, FieldSource] = {}
        for one in self.sources:
            found.setdefault(one.field, one)
        return found


def story(actor: Actor, pk: int) -> OrganisationStory:
    """Everything that the actor may see of one organisation. Fails with Missing."""
    one = queries.organisation(actor, pk)
    found = one.memberships.filter(person__erased_at=None, person__merged_into=None).select_related("person")
    now = list(found.filter(ended_on=None).order_by("person__family_name", "person__given_name", "pk")[: MOST + 1])
    contact, private = actor.may("people.contact", one), actor.may("people.private", one)
    return OrganisationStory(
        one,
        now[:MOST],
        list(found.exclude(ended_on=None).order_by("-ended_on", "-pk")[:50]),
        partner_types().get(one.partner_type),
        [member for member in now if member.can_commit],
        naics_title(one.naics_code),
        county_title(one.county_code),
        phone_shown(one.phone) if contact and one.phone else "",
        one.employees if contact else None,
        list(one.group_members.filter(LISTED)[:50]),
        list(one.field_sources.select_related("agency")[:200]) if contact else [],
        contact,
        private,
        actor.may("people.change", one),
        actor.may("ledger.see"),
        max(len(now) - MOST, 0),
    )


def directory(actor: Actor, language: str, text: str = "") -> list[dict[str, Any]]:
    """The support partners by system and type, each with who can decide there; a type without anybody stands too."""
    actor.must_in_space("people.see")
    deciding = Membership.objects.filter(ended_on=None, can_commit=True).select_related("person")
    wanted = Q(kind=Organisation.Kind.SUPPORT) | ~Q(system="")
    found = filters.organisations(actor, {"q": text}).filter(wanted)
    partners = list(found.prefetch_related(Prefetch("memberships", deciding, to_attr="deciders"))[: 20 * MOST])
    by_type: dict[tuple[str, str], list[Organisation]] = {}
    for one in partners:
        by_type.setdefault((one.system, one.partner_type), []).append(one)
    systems = []
    for system, title in [*Organisation.System.choices, ("", "")]:
        types: list[dict[str, Any]] = [
            {
                "type": kind,
                "title": kind.title(language),
                "decides": kind.decides(language),
                "partners": by_type.pop((system, kind.id), []),
            }
            for kind in partner_types().values()
            if kind.system == system
        ]
        rest = [one for key in [key for key in by_type if key[0] == system] for one in by_type.pop(key)]
        if rest:
            types.append({"type": None, "title": "", "decides": "", "partners": rest})
        if types:
            count = sum(len(row["partners"]) for row in types)
            systems.append({"system": system, "title": title, "types": types, "count": count})
    return systems


def associations(actor: Actor) -> list[Organisation]:
    """Who brings employers together already, high credibility first: effort goes there (B16, B17)."""
    actor.must_in_space("people.private")
    now = Membership.objects.filter(ended_on=None).select_related("person").order_by("-is_main", "pk")
    mine = filters.mine(actor, "people.private")
    found = Organisation.objects.filter(LISTED, mine, space_id=actor.space_id).filter(
        ~Q(convenes="") | Q(credibility_rating__isnull=False) | Q(buy_in_rating__isnull=False)
    )
    order = (F("credibility_rating").desc(nulls_last=True), F("buy_in_rating").asc(nulls_last=True), "name", "pk")
    return list(found.prefetch_related(Prefetch("memberships", now, to_attr="current")).order_by(*order)[:MOST])
