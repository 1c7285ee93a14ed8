"""Whether whoever made a letter still may, asked when it leaves: a job must not act with rights that are gone."""

from __future__ import annotations

from django.utils import timezone

from sharedtable.accounts.actors import actor_of_user
from sharedtable.accounts.models import PersonalLink, Space, User
from sharedtable.ledger.models import Letter

OF_THE_HOUSE = frozenset({"operator", "worker"})


def may_send(letter: Letter) -> bool:
    """Answers to what a person just did always leave; all else only while its maker, or who let it go, still may."""
    if letter.is_transactional:
        return True
    space = Space.objects.filter(pk=letter.space_id, closed_at=None).first()
    if letter.space_id and space is None:
        return False
    kind, _colon, number = (letter.released_by or letter.made_by).partition(":")
    if kind in OF_THE_HOUSE:
        return True
    if kind == "link":
        live = PersonalLink.objects.filter(pk=number, revoked_at=None, expires_at__gt=timezone.now())
        return live.filter(space_id=letter.space_id).exists()
    user = User.objects.filter(pk=number, is_active=True).first() if kind == "user" else None
    if user is None or space is None:
        return user is not None
    actor = actor_of_user(user, space.slug)
    if not letter.verb:
        return actor.space is not None
    return actor.may(letter.verb, letter) if letter.partnership_id else actor.may(letter.verb)
