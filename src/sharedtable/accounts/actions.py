"""Every write about accounts: set up, let in, change, let go."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from sharedtable.accounts import zones
from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import hash_of
from sharedtable.accounts.models import ConsoleToken, Grant, Role, Space, User
from sharedtable.accounts.queries import live_token
from sharedtable.accounts.zones import usual_zone
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import Draft, queue, record

TOKEN_LIFE = timedelta(minutes=30)


class Thing(Protocol):
    """A row of a space, of a room above this one."""

    pk: int
    space_id: int


@dataclass(frozen=True)
class FirstTeam:
    """What the set-up page asks for."""

    team: str
    state_code: str
    name: str
    email: str
    language: str = "en"
    time_zone: str = ""  # empty: the usual one of the state


def set_up_team(*, by: Actor, first: FirstTeam, token: str = "") -> tuple[Space, User]:
    """Make the first space with its first user, who becomes its administrator and convener.

    By the person at this machine, or by whoever holds the set-up code that the console showed. Fails with Missing for
    any other, and once there is a team.
    """
    with transaction.atomic():
        # The record is written first: its lock makes a second set-up at the same time wait, and then find the first.
        entry = record(by=by.ref, verb="space.set_up", kind="space")
        if Space.objects.filter(is_example=False).exists():
            raise Missing(_("This installation is set up already. Sign in."))
        if not by.is_operator:
            live_token(token, ConsoleToken.Purpose.SET_UP)
        space = Space.objects.create(
            slug=free_slug(first.team),
            name=first.team.strip(),
            state_code=first.state_code,
            language=first.language,
            time_zone=first.time_zone or usual_zone(first.state_code),
            reply_to=first.email,
            made_at=timezone.now(),
        )
        user = User.objects.filter(email=first.email.lower()).first()
        if user is not None and not user.is_active:
            raise Refused(_("The account of %(email)s is closed.") % {"email": user.email})
        user = user or User.objects.create_user(first.email, first.name.strip(), language=first.language)
        for role in (Role.ADMIN, Role.CONVENER):
            Grant.objects.create(space=space, user=user, role=role, granted_by=by.ref, granted_at=entry.at)
        ConsoleToken.objects.filter(purpose=ConsoleToken.Purpose.SET_UP, used_at=None).update(used_at=entry.at)
        record(by=f"user:{user.pk}", verb="space.begin", kind="space", object_id=space.pk, space_id=space.pk)
    return space, user


def free_slug(name: str) -> str:
    """A short name for addresses that no other space has."""
    stem = slugify(name)[:32].strip("-") or "team"
    taken = set(Space.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := stem if number == 1 else f"{stem}-{number}") not in taken
    )


@dataclass(frozen=True)
class NewGrant:
    """What is given to whom. `partnership` and `agency` are things that the actor was already shown."""

    email: str
    name: str
    role: str
    ends_on: date | None = None
    partnership: Thing | None = None
    agency: Thing | None = None


def give_role(*, by: Actor, new: NewGrant) -> Grant:
    """Give somebody a role in the actor's space, and invite them by mail. Makes their account when there is none.

    Fails with Missing for who may not, with Refused when they have that role or when the day is past.
    """
    by.must_everywhere("space.manage")
    for thing in (new.partnership, new.agency):
        if thing is not None and thing.space_id != by.space_id:
            raise Missing(_("That is not here, or not for you."))
    if new.role not in Role.values:
        raise Refused(_("Choose one of the roles."))
    if new.ends_on is not None and new.ends_on < timezone.localdate():
        raise Refused(_("The last day is in the past. Choose a later one, or leave it empty."))
    if new.role == Role.AGENCY and new.agency is None:
        raise Refused(_("Agency staff keep the list of one agency. Choose which."))
    if new.partnership is not None and new.role in (Role.ADMIN, Role.STATE):
        raise Refused(_("This role holds for the whole team. Leave the partnership empty."))
    partnership_id = new.partnership.pk if new.partnership is not None else 0
    with transaction.atomic():
        email = new.email.strip().lower()
        user = User.objects.select_for_update().filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, new.name.strip(), language=by.space.language if by.space else "en")
        elif not user.is_active:
            raise Refused(_("The account of %(email)s is closed. Ask whoever runs this site.") % {"email": email})
        live = Grant.objects.filter(
            space_id=by.space_id, user=user, role=new.role, partnership_id=partnership_id, revoked_at=None
        ).first()
        if live is not None and (live.ends_on is None or live.ends_on >= timezone.localdate()):
            raise Refused(_("%(name)s has that role already.") % {"name": user})
        if live is not None:  # it ran out by itself; a new one takes its place
            Grant.objects.filter(pk=live.pk).update(revoked_at=timezone.now())
        made = Grant.objects.create(
            space_id=by.space_id,
            user=user,
            role=new.role,
            partnership_id=partnership_id,
            agency_id=new.agency.pk if new.agency is not None else 0,
            granted_by=by.ref,
            granted_at=timezone.now(),
            ends_on=new.ends_on,
        )
        _invite(made, by=by)
        record(
            by=by.ref,
            verb="grant.give",
            kind="grant",
            object_id=made.pk,
            space_id=by.space_id,
            details={"user": user.pk, "role": new.role, "partnership": partnership_id},
        )
    return made


def _invite(made: Grant, *, by: Actor) -> None:
    user = made.user
    with override(user.language):
        lines = [
            _("%(by)s added you to %(team)s as: %(role)s.")
            % {"by": by.name or _("Somebody on the team"), "team": made.space, "role": Role(made.role).label},
            _("Sign in with this mail address. You need no password: you get a code by mail each time."),
            f"{settings.SITE_ADDRESS}/sign-in/",
        ]
        draft = Draft(
            kind="invitation",
            key=f"grant:{made.pk}",
            to_address=user.email,
            to_name=user.name,
            from_name=made.space.name,
            reply_to=made.space.reply_to,
            subject=_("You are on the team: %(team)s") % {"team": made.space},
            body="\n\n".join(lines) + "\n",
            language=user.language,
            is_transactional=True,
        )
    queue(draft, by=by.ref, space_id=by.space_id, hold=timedelta(0))


def revoke_grant(*, by: Actor, grant: Grant) -> None:
    """End a role at once. The last administrator of a space keeps theirs, so that somebody can let others in."""
    by.must_everywhere("space.manage")
    if grant.space_id != by.space_id:
        raise Missing(_("That is not here, or not for you."))
    with transaction.atomic():
        admins = list(
            Grant.objects.select_for_update()
            .filter(space_id=grant.space_id, role=Role.ADMIN, partnership_id=0, revoked_at=None, user__is_active=True)
            .exclude(ends_on__lt=timezone.localdate())
        )
        if grant.role == Role.ADMIN and {one.pk for one in admins} == {grant.pk}:
            raise Refused(_("This is the last administrator. Make somebody else one first."))
        if not Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=timezone.now()):
            raise Missing(_("That role was ended already."))
        record(
            by=by.ref,
            verb="grant.revoke",
            kind="grant",
            object_id=grant.pk,
            space_id=grant.space_id,
            details={"user": grant.user_id, "role": grant.role},
        )


def change_space(
    *, by: Actor, version: int, name: str, reply_to: str, language: str, records_notice: str, time_zone: str = ""
) -> Space:
    """Change the settings of the actor's space. Fails with Refused when somebody else changed them meanwhile.

    Meetings stay at the instant that was set: in another zone they show at another hour.
    """
    by.must_everywhere("space.manage")
    if time_zone and time_zone not in zones.names():
        raise Refused(_("Choose a time zone from the list."))
    with transaction.atomic():
        changed = Space.objects.filter(pk=by.space_id, version=version).update(
            name=name.strip(),
            reply_to=reply_to.strip(),
            language=language,
            time_zone=time_zone,
            records_notice=records_notice.strip(),
            version=F("version") + 1,
        )
        if not changed:
            raise Refused(
                _("Somebody else changed the settings while you were typing. Nothing was saved. Open the page again.")
            )
        record(
            by=by.ref,
            verb="space.change",
            kind="space",
            object_id=by.space_id,
            space_id=by.space_id,
            details={"version": version + 1},
        )
    return Space.objects.get(pk=by.space_id)


def sign_out_everywhere(*, user: User) -> None:
    """End every session of the user. Each session is tied to a secret of theirs, which changes."""
    with transaction.atomic():
        user.set_unusable_password()
        User.objects.filter(pk=user.pk).update(password=user.password)
        record(by=f"user:{user.pk}", verb="user.sign_out_everywhere", kind="user", object_id=user.pk)


def make_set_up_token() -> str:
    """A new code with which the first team can be set up within 30 minutes; any earlier one stops working."""
    now = timezone.now()
    token = secrets.token_urlsafe(16)
    with transaction.atomic():
        ConsoleToken.objects.filter(purpose=ConsoleToken.Purpose.SET_UP, used_at=None).update(used_at=now)
        ConsoleToken.objects.create(
            token_hash=hash_of(token), purpose=ConsoleToken.Purpose.SET_UP, made_at=now, expires_at=now + TOKEN_LIFE
        )
        record(by="operator", verb="space.set_up_code", kind="space")
    return token


def make_sign_in_token(*, user: User, forget_second_factor: bool = False) -> str:
    """A one-time link, made on the console, for a user whose mail does not work or who lost every second step."""
    if not user.is_active:
        raise Refused(_("The account of %(email)s is closed.") % {"email": user.email})
    now = timezone.now()
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        ConsoleToken.objects.create(
            token_hash=hash_of(token),
            purpose=ConsoleToken.Purpose.SIGN_IN,
            user=user,
            made_at=now,
            expires_at=now + TOKEN_LIFE,
        )
        if forget_second_factor:
            Authenticator.objects.filter(user=user).delete()
        record(
            by="operator",
            verb="user.sign_in_link",
            kind="user",
            object_id=user.pk,
            details={"forget_second_factor": forget_second_factor},
        )
    return f"{settings.SITE_ADDRESS}/sign-in/link/{token}"


def use_sign_in_token(*, token: str) -> User:
    """Use up a one-time link; gives its user. Fails with Missing when it was used or is too old."""
    with transaction.atomic():
        found = live_token(token, ConsoleToken.Purpose.SIGN_IN)
        if not ConsoleToken.objects.filter(pk=found.pk, used_at=None).update(used_at=timezone.now()):
            raise Missing(_("This link does not work any more. Make a new one on the server."))
        if found.user is None:
            raise Missing(_("This link does not work any more. Make a new one on the server."))
        record(by="operator", verb="user.sign_in_link_used", kind="user", object_id=found.user_id)
    return found.user


def choose_language(*, user: User, language: str) -> None:
    """Remember in which language a user reads and gets mail."""
    if language in dict(settings.LANGUAGES) and user.language != language:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(language=language)
            record(
                by=f"user:{user.pk}",
                verb="user.language",
                kind="user",
                object_id=user.pk,
                details={"language": language},
            )
