"""What pages about accounts read: the team of a space, whether there is a team at all, one grant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import hash_of
from sharedtable.accounts.models import ConsoleToken, Grant, Role, Space, User
from sharedtable.errors import Missing


@dataclass(frozen=True)
class Member:
    """One live grant, as the team page shows it; the address only to who manages the team."""

    grant: int
    name: str
    email: str
    role: str
    role_title: str
    partnership_id: int
    agency_id: int
    granted_at: date
    ends_on: date | None
    is_over: bool


def team(actor: Actor) -> list[Member]:
    """Who works in the actor's space, by name. Fails with Missing for who may not see it."""
    actor.must("space.see")
    found = Grant.objects.filter(space=actor.space, revoked_at=None).select_related("user").order_by("user__name", "pk")
    shows_addresses = actor.may_everywhere("space.manage")
    today = timezone.localdate()
    return [
        Member(
            grant=grant.pk,
            name=grant.user.name or (grant.user.email if shows_addresses else _("no name yet")),
            email=grant.user.email if shows_addresses else "",
            role=grant.role,
            role_title=str(Role(grant.role).label),
            partnership_id=grant.partnership_id,
            agency_id=grant.agency_id,
            granted_at=timezone.localtime(grant.granted_at).date(),
            ends_on=grant.ends_on,
            is_over=grant.ends_on is not None and grant.ends_on < today,
        )
        for grant in found
    ]


def grant(actor: Actor, number: int) -> Grant:
    """A live grant of the actor's space that the actor may manage. Fails with Missing."""
    actor.must_everywhere("space.manage")
    found = Grant.objects.select_related("user").filter(space=actor.space, pk=number, revoked_at=None).first()
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    return found


def has_team() -> bool:
    """Whether this installation was set up: there is a space that is not an example."""
    return Space.objects.filter(is_example=False).exists()


def space_named(slug: str) -> Space:
    """The open space with that short name; without a name the only one. Fails with Missing, naming those there are."""
    found = list(Space.objects.filter(closed_at=None).order_by("slug"))
    fitting = [space for space in found if space.slug == slug] if slug else found
    if len(fitting) == 1:
        return fitting[0]
    if not found:
        raise Missing(_("There is no team yet. Start the program and set one up."))
    raise Missing(_("Name one of these teams: %(teams)s.") % {"teams": ", ".join(space.slug for space in found)})


def grants_of(actor: Actor, user: User) -> list[Grant]:
    """The live grants of a user in the actor's space, which the actor may manage."""
    actor.must_everywhere("space.manage")
    return list(Grant.objects.filter(space=actor.space, user=user, revoked_at=None).order_by("pk"))


def everybody() -> list[dict[str, object]]:
    """Every account of the installation with its roles: for the console of the machine, never for a page."""
    roles: dict[int, list[str]] = {}
    live = Grant.objects.filter(revoked_at=None).exclude(ends_on__lt=timezone.localdate())
    for user, slug, role in live.order_by("space__slug", "role").values_list("user_id", "space__slug", "role"):
        roles.setdefault(user, []).append(f"{role} of {slug}")
    with_step = set(Authenticator.objects.values_list("user_id", flat=True))
    return [
        {
            "email": user.email if user.is_active else f"{user.email} (closed)",
            "name": user.name,
            "roles": ", ".join(roles.get(user.pk, [])) or "–",
            "second_step": user.pk in with_step,
        }
        for user in User.objects.order_by("email")
    ]


def user_of_address(email: str) -> User | None:
    """The active user with that address."""
    return User.objects.filter(email=email.strip().lower(), is_active=True).first()


def live_token(token: str, purpose: str) -> ConsoleToken:
    """An unused one-time secret of the console. Reads only. Fails with Missing, whatever is wrong with it."""
    found = ConsoleToken.objects.select_related("user").filter(token_hash=hash_of(token), purpose=purpose).first()
    is_dead = found is None or found.used_at is not None or found.expires_at <= timezone.now()
    if found is None or is_dead or (found.user is not None and not found.user.is_active):
        raise Missing(_("This link does not work any more. Make a new one on the server."))
    return found
