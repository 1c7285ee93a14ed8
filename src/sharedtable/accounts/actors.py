"""Who acts, and whether they may: the only place that answers that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.models import Grant, PersonalLink, Space, User
from sharedtable.accounts.permissions import CAN
from sharedtable.errors import Missing

NO_ROLES: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Actor:
    """Whoever acts in a request, a command or a job.

    `ref` goes into the record ('user:3', 'link:9', 'operator', 'worker', 'visitor'). `roles` hold in the whole
    `space`, `limited` only in one partnership. `person_id`, `purpose`, `object_kind` and `object_id` are those of a
    personal link: it opens pages of that purpose, about that person and that thing, and no verb of the table. `spaces`:
    slug and name of each space that a signed-in user may enter.
    """

    ref: str
    name: str = ""
    space: Space | None = None
    roles: frozenset[str] = NO_ROLES
    limited: Mapping[int, frozenset[str]] = field(default_factory=dict)
    agency_id: int = 0
    person_id: int = 0
    purpose: str = ""
    object_kind: str = ""
    object_id: int = 0
    is_operator: bool = False
    language: str = "en"
    spaces: tuple[tuple[str, str], ...] = ()

    @property
    def every_role(self) -> frozenset[str]:
        """The roles in the space, also those that hold in one partnership alone."""
        return self.roles.union(*self.limited.values())

    @property
    def space_id(self) -> int:
        """The space that the actor is in; 0 outside of any."""
        return self.space.pk if self.space is not None else 0

    def may(self, verb: str, thing: Any = None) -> bool:
        """Whether the actor may do this, with this thing if one is given. Unknown verbs raise KeyError.

        A thing has `space_id`; perhaps `partnership_id` (a role that is limited to it counts) and `agency_id` (who
        keeps it). Without a thing the answer says whether the actor may do it with anything at all.
        """
        permit = CAN[verb]
        if self.space is None or (thing is not None and thing.space_id != self.space.pk):
            return False
        roles = self.roles
        if thing is None:
            roles = roles.union(*self.limited.values()) if self.limited else roles
            return not roles.isdisjoint(permit.roles | permit.own)
        partnership = thing.pk if thing._meta.model_name == "partnership" else getattr(thing, "partnership_id", 0)
        roles = roles | self.limited.get(partnership or 0, NO_ROLES)
        if not roles.isdisjoint(permit.roles):
            return True
        keeper = getattr(thing, "agency_id", 0) or 0
        return bool(self.agency_id) and keeper == self.agency_id and not roles.isdisjoint(permit.own)

    def may_everywhere(self, verb: str) -> bool:
        """Whether the actor may do this with every such thing of the space, not only with those of their agency."""
        return self.space is not None and not self.roles.isdisjoint(CAN[verb].roles)

    def may_in_space(self, verb: str) -> bool:
        """Whether the actor may do this with something of the space, perhaps only what their own agency keeps. A role
        that is limited to one partnership does not count: for what belongs to no partnership, such as people.
        """
        permit = CAN[verb]
        return self.space is not None and not self.roles.isdisjoint(permit.roles | permit.own)

    def must_in_space(self, verb: str) -> None:
        """Fails with Missing unless the actor may, beyond one partnership."""
        if not self.may_in_space(verb):
            raise Missing(_("That is not here, or not for you."))

    def must_everywhere(self, verb: str) -> None:
        """Fails with Missing unless the actor may do this in the whole space: for what is of the space itself, such as
        its team, its settings, its letters. A role that is limited to one partnership is not enough.
        """
        if not self.may_everywhere(verb):
            raise Missing(_("That is not here, or not for you."))

    def must(self, verb: str, thing: Any = None) -> None:
        """Fails with Missing, which shows as "not here", unless the actor may."""
        if not self.may(verb, thing):
            raise Missing(_("That is not here, or not for you."))


VISITOR = Actor("visitor")
WORKER = Actor("worker")


def actor_of_user(user: User, slug: str | None = None, *, preferred: int = 0) -> Actor:
    """The actor of a signed-in user in the space with that slug; without one in the preferred or their first space.

    Reads the grants afresh each time, so that a revoked one ends at once. A user without a live grant there is a
    visitor with a name.
    """
    found = (
        Grant.objects.filter(user=user, user__is_active=True, revoked_at=None, space__closed_at=None)
        .exclude(ends_on__lt=timezone.localdate())
        .select_related("space")
        .order_by("space__name", "pk")
    )
    every = list(found)
    spaces = tuple(dict.fromkeys((grant.space.slug, grant.space.name) for grant in every))
    grants = [grant for grant in every if slug is None or grant.space.slug == slug]
    nobody = Actor(f"user:{user.pk}", user.name or user.email, language=user.language, spaces=spaces)
    if not grants:
        return nobody
    space = next((grant.space for grant in grants if grant.space_id == preferred), grants[0].space)
    here = [grant for grant in grants if grant.space_id == space.pk]
    limited: dict[int, frozenset[str]] = {}
    for grant in here:
        if grant.partnership_id:
            limited[grant.partnership_id] = limited.get(grant.partnership_id, NO_ROLES) | {grant.role}
    return Actor(
        f"user:{user.pk}",
        user.name or user.email,
        space,
        frozenset(grant.role for grant in here if not grant.partnership_id),
        limited,
        next((grant.agency_id for grant in here if grant.agency_id), 0),
        language=user.language,
        spaces=spaces,
    )


def actor_of_link(link: PersonalLink) -> Actor:
    """The actor of a personal link: that person, for that purpose."""
    return Actor(
        f"link:{link.pk}",
        "",
        link.space,
        person_id=link.person_id,
        purpose=link.purpose,
        object_kind=link.kind,
        object_id=link.object_id,
    )
