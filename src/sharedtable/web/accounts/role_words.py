"""What each role can see, in words, made from the very table that decides it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Role
from sharedtable.accounts.permissions import CAN
from sharedtable.privacy import Privacy
from sharedtable.web.links import PAGES, SAYS

Words = str | Promise
WHO_SEES: dict[Privacy, Words] = {
    Privacy.PUBLIC: _("public"),
    Privacy.TEAM: _("everybody in the partnership"),
    Privacy.INNER: _("business members and conveners"),
    Privacy.CONVENERS: _("conveners"),
    Privacy.NAMED: _("only the people named"),
    Privacy.SYSTEM: _("nobody"),
}


@dataclass(frozen=True)
class Line:
    """One verb of the table in words; `is_own`: only with the list of one's own agency."""

    verb: str
    says: Words
    level: Words
    is_own: bool


@dataclass(frozen=True)
class RoleWords:
    """One role: what it sees, what it may change, what it does not see."""

    key: str
    title: Words
    is_mine: bool
    sees: list[Line]
    changes: list[Line]
    sees_not: list[Line]


def roles_in_words(mine: Collection[str]) -> list[RoleWords]:
    """Every role, the reader's own first."""
    found = [
        RoleWords(
            key=role.value,
            title=role.label,
            is_mine=role in mine,
            sees=_lines(role, is_change=False),
            changes=_lines(role, is_change=True),
            sees_not=_others(role),
        )
        for role in Role
    ]
    return sorted(found, key=lambda one: not one.is_mine)


def _lines(role: Role, *, is_change: bool) -> list[Line]:
    return [
        Line(verb, permit.says, WHO_SEES[permit.level], role not in permit.roles)
        for verb, permit in CAN.items()
        if permit.is_change is is_change and role in permit.roles | permit.own
    ]


def _others(role: Role) -> list[Line]:
    return [
        Line(verb, permit.says, WHO_SEES[permit.level], False)
        for verb, permit in CAN.items()
        if not permit.is_change and role not in permit.roles | permit.own
    ]


def link_purposes() -> list[Words]:
    """What a personal link of each purpose opens."""
    return [SAYS[purpose] for purpose in PAGES]
