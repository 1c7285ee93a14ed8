"""Who sees a block of a page, in words, from the one table of permissions: `{{ "people.contact"|seen_by }}`."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from sharedtable.accounts.models import Role
from sharedtable.accounts.permissions import CAN, OFFICE
from sharedtable.privacy import Privacy

register = template.Library()
LEVELS: dict[str, str | Promise] = {
    Privacy.PUBLIC: gettext_lazy("Everybody"),
    Privacy.TEAM: gettext_lazy("Everybody in the team"),
    Privacy.INNER: gettext_lazy("Business members and conveners"),
    Privacy.CONVENERS: gettext_lazy("Those who run the partnership"),
    Privacy.NAMED: gettext_lazy("Only the person who wrote it"),
    Privacy.SYSTEM: gettext_lazy("Nobody"),
}
# The short word on the badge. What agency staff see of their own list alone says so.
SHORT: dict[str, str | Promise] = {
    Privacy.PUBLIC: pgettext_lazy("who sees this", "Everyone"),
    Privacy.TEAM: pgettext_lazy("who sees this", "Support team"),
    Privacy.INNER: pgettext_lazy("who sees this", "Inner table"),
    Privacy.CONVENERS: pgettext_lazy("who sees this", "Conveners"),
    Privacy.NAMED: pgettext_lazy("who sees this", "Only me"),
    Privacy.SYSTEM: pgettext_lazy("who sees this", "Nobody"),
}
OWN: Promise = pgettext_lazy("who sees this", "My agency")


@register.filter
def seen_short(what: str) -> str:
    """The level in one or two words: everyone, support team, my agency, conveners, only me."""
    if what not in LEVELS and CAN[what].own:
        return str(OWN)
    return str(SHORT[seen_level(what)])


@register.filter
def seen_by(what: str) -> str:
    """The roles that may do this verb, or whom this level lets see: "Convener; Agency staff for their own list"."""
    if what in LEVELS:
        return str(LEVELS[what])
    permit = CAN[what]
    whole = [str(role.label) for role in Role if role in permit.roles]
    own = [str(role.label) for role in Role if role in permit.own]
    said = ", ".join(whole)
    return said if not own else _("%(roles)s; %(own)s for their own list") % {"roles": said, "own": ", ".join(own)}


@register.filter
def seen_level(what: str) -> str:
    """The level of a verb, or the level itself, for the shape of the badge. What conveners and administrators alone may
    do is theirs, also where more people see what it changes.
    """
    if what in LEVELS:
        return what
    permit = CAN[what]
    is_theirs = permit.level is Privacy.TEAM and permit.roles <= OFFICE
    return str(Privacy.CONVENERS if is_theirs else permit.level)
