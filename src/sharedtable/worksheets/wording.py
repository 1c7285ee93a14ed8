"""Lists of the method as a team says them: shipped texts, with the team's own words on top, and entries of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.method import lists, toml_data
from sharedtable.partnerships.typed import line
from sharedtable.worksheets.text_models import SpaceText

# Lists that a team may reword; to the second kind it may also add entries of its own, each in a group.
REWORDED = frozenset({"responsibilities", "talking_points", "words_to_avoid"})
ADDED_TO = frozenset({"talking_points", "words_to_avoid"})
OWN = "own-"
MOST_OWN = 200


@dataclass(frozen=True)
class Worded:
    """One entry as this team says it. `shipped`: the words of the method, where the team has others."""

    id: str
    group: str
    title: str
    text: str
    source: str
    more: Mapping[str, object]
    shipped: tuple[str, str] | None = None

    @property
    def is_own(self) -> bool:
        """Whether the team added it."""
        return self.id.startswith(OWN)


def worded(space_id: int, name: str, language: str) -> list[Worded]:
    """The entries of a list in that language, in one query."""
    own: dict[tuple[str, str], SpaceText] = {}
    for row in SpaceText.objects.filter(space_id=space_id, list_name=name).order_by("-id"):
        own.setdefault((row.item_id, row.language), row)
    found = []
    for item in lists.items(name).values():
        theirs = own.get((item.id, language))
        shipped = (item.title(language), item.text(language))
        words = (theirs.title, theirs.text) if theirs is not None and theirs.text else shipped
        changed = shipped if words != shipped else None
        found.append(Worded(item.id, str(item.more.get("group", "")), *words, item.source, item.more, changed))
    for (key, spoken), row in reversed(own.items()):
        # An entry of the team's own may stand in one language alone; then it is shown in that one.
        other = own.get((key, language))
        if key.startswith(OWN) and (spoken == language or other is None) and row.text:
            found.append(Worded(key, row.group, row.title, row.text, "", {}))
    return found


def groups(space_id: int, name: str, language: str) -> Mapping[str, Sequence[Worded]]:
    """The entries of a list by their group."""
    found: dict[str, list[Worded]] = {}
    for one in worded(space_id, name, language):
        found.setdefault(one.group, []).append(one)
    return found


def entry(by: Actor, name: str, key: str, language: str) -> Worded:
    """One entry, to reword it. Fails with Missing."""
    by.must_everywhere("method.change")
    if name not in REWORDED:
        raise Missing(_("That list cannot be changed here."))
    found = next((one for one in worded(by.space_id, name, language) if one.id == key), None)
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    return found


def reword(*, by: Actor, name: str, key: str, language: str, title: str, text: str) -> SpaceText:
    """Say an entry in the team's own words; without a text: as shipped again, or, for an own one, take it away."""
    found = entry(by, name, key, language)
    said = line(text, 600, _("Text"))
    head = line(title, 120, _("Title"), is_needed=bool(said))
    with transaction.atomic():
        if not said and found.is_own:
            SpaceText.objects.filter(space_id=by.space_id, list_name=name, item_id=key).update(text="", title="")
        return _keep(by, name, key, found.group, language, head if said else "", said)


def add(*, by: Actor, name: str, group: str, language: str, title: str, text: str) -> SpaceText:
    """Add an entry of the team's own to a list."""
    by.must_everywhere("method.change")
    if name not in ADDED_TO:
        raise Missing(_("Nothing can be added to that list."))
    head, said = line(title, 120, _("Title"), is_needed=True), line(text, 600, _("Text"), is_needed=True)
    with transaction.atomic():
        mine = SpaceText.objects.filter(space_id=by.space_id, list_name=name, item_id__startswith=OWN)
        if mine.values("item_id").distinct().count() >= MOST_OWN:
            raise Refused(_("The team has %(most)d entries of its own here. Take one away first.") % {"most": MOST_OWN})
        return _keep(by, name, f"{OWN}{token_hex(6)}", group, language, head, said)


def _keep(by: Actor, name: str, key: str, group: str, language: str, title: str, text: str) -> SpaceText:
    if language not in toml_data.LANGUAGES:
        raise Refused(_("Choose one of the languages."))
    made = SpaceText.objects.create(
        space_id=by.space_id, list_name=name, item_id=key, group=group, language=language, title=title, text=text,
        made_at=timezone.now(), made_by=by.ref,
    )  # fmt: skip
    record(by=by.ref, verb="method.text", kind="text", object_id=made.pk, space_id=by.space_id,
           details={"list": name, "language": language})  # fmt: skip
    return made
