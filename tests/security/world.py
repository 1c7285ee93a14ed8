"""The world of the security tests: both teams with everything that an address can name, and a mark in every text.

**To cover a new address**, give each of its converters a factory in FACTORIES: under its name, or under
`(route, name)` where the same name means another thing there. A factory takes a team of `tests/cast.py` and gives the
value that stands in the address for a thing of that team (make the thing if the cast has none). A purpose of personal
links that needs a thing gets a factory in LINKS. A letter with a link in it gets one in LETTERS.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from sharedtable.accounts import actions, adapters
from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient, confirm
from sharedtable.accounts.links import make_link
from sharedtable.accounts.models import Grant, LinkAct, PersonalLink, Space, User
from sharedtable.ledger.models import Chain, Entry
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships import agreeing, connecting, seating
from sharedtable.partnerships.models import Agreement, Partnership
from sharedtable.people.actions import mail
from sharedtable.people.models import Organisation, Person
from sharedtable.privacy import Privacy
from sharedtable.studies.models import Voice
from sharedtable.web.links import PAGES
from sharedtable.worksheets import round_actions
from tests.cast import Cast, Team, make_cast
from tests.security import things

Factory = Callable[[Team], Any]

FACTORIES: dict[str | tuple[str, str], Factory] = {
    "space": lambda team: team.space.slug,
    "link": lambda team: link_of(team, "undo")[0].pk,
    "link_token": lambda team: link_of(team, "undo")[1],
    "grant": lambda team: Grant.objects.get(space=team.space, role="adviser").pk,
    "one_time": lambda team: actions.make_sign_in_token(user=team.users["adviser"]).rsplit("/", 1)[1],
    "provider_id": lambda team: "organization",
    "passkey": lambda team: passkey_of(team),
    # --- facts: public, or of the operator
    "token": lambda team: "no-delivery",
    "number": lambda team: 999_999,
    "kind": lambda team: "xlsx",
    "slug": lambda team: "no-such-definition",
    "version": lambda team: 1,
    ("static", "version"): lambda team: "000000000000",
    ("static", "name"): lambda team: "css/base.css",
    ("stop-at-once", "token"): lambda team: link_of(team, "stop_mail")[1],
    **things.numbers(),
}
# What a link of a purpose is about: (kind, number); without an entry it is about nothing.
LINKS: dict[str, Callable[[Team], tuple[str, int]]] = {
    "undo": lambda team: ("act", act_of(team).pk),
    "seat": lambda team: ("seat", team.chair_seat.pk),
    "agreement": lambda team: ("agreement", Agreement.objects.get(partnership=team.partnership).pk),
    "worksheet": lambda team: ("round", things.round_of(team).pk),
    "meeting": lambda team: ("meeting", things.meeting_of(team).pk),
    "connections": lambda team: ("partnership", team.partnership.pk),
}
# Addresses that a test world cannot fill, and why that is no hole.
EMPTY: dict[str, str] = {
    "openid_connect_login": "no provider is set",
    "openid_connect_callback": "no provider is set",
    "data-delivery": "a delivery is made by an upload",
    "data-study": "of a team: not for a visitor",
    "region-saved": "of a team: not for a visitor",
    "region-saved-text": "of a team: not for a visitor",
    "sectors-saved": "of a team: not for a visitor",
    "sectors-saved-text": "of a team: not for a visitor",
    "library-entry": "a team's own answer: not for a visitor",
    "library-entry-paper": "the same",
    "letters-review": "needs chosen letters in its query",
    "archive-own": "only whoever belongs to an agency has a list of their own",
    "set-up": "the teams of this world are set up already",
    "profile-download": "needs a region and an industry in its query",
    "region-text": "needs a region in its query",
    "sectors-text": "needs a sector in its query",
    "data-template": "needs a state in its query",
    "join-code": "a code opens the door only around its meeting",
    "join-qr": "the same",
    "mfa_deactivate_totp": "who has no app has none to remove",
    "mfa_remove_webauthn": "a passkey belongs to one user",
}
# Routes whose one thing needs a further verb than the route.
NEEDS_MORE: dict[str, str] = {}

_links: dict[tuple[int, str], tuple[PersonalLink, str]] = {}


def operator_of(team: Team) -> Actor:
    """The person at the console, as the team's administrator and convener."""
    return Actor("operator", space=team.space, roles=frozenset({"admin", "convener"}))


def link_of(team: Team, purpose: str) -> tuple[PersonalLink, str]:
    """The team's link of that purpose with its token, made once a world."""
    key = (team.space.pk, purpose)
    if key not in _links:
        kind, number = LINKS[purpose](team) if purpose in LINKS else ("", 0)
        _links[key] = make_link(
            by=operator_of(team), purpose=purpose, person_id=team.chair.pk, kind=kind, object_id=number
        )
    return _links[key]


@contextmanager
def kept_links() -> Iterator[None]:
    """Forget afterwards the links that were made inside: their rows are taken back."""
    before = dict(_links)
    yield
    _links.clear()
    _links.update(before)


def act_of(team: Team) -> LinkAct:
    """Something that was done through a link of the team."""
    link, _token = make_link(by=operator_of(team), purpose="undo", person_id=team.chair.pk)
    return LinkAct.objects.create(space=team.space, link=link, key="test.act", object_id=1, at=timezone.now())


def passkey_of(team: Team) -> int:
    """A passkey of the team's adviser."""
    from allauth.mfa.models import Authenticator

    user = team.users["adviser"]
    data = {"name": "passkey", "credential": {}}
    return int(Authenticator.objects.get_or_create(user=user, type="webauthn", defaults={"data": data})[0].pk)


def value_of(route: str, name: str, team: Team) -> Any:
    """What stands for a converter in an address, for a thing of that team."""
    factory = FACTORIES.get((route, name)) or FACTORIES.get(name)
    if factory is None:
        raise LookupError(
            f"The address of '{route}' has a converter '{name}' that the security tests do not know. Give it a factory "
            "in tests/security/world.py, FACTORIES: a function from a team of the cast to the value for a thing of it."
        )
    return factory(team)


# --- marks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """A text that is nowhere else: its space, how sensitive, in which room, in whose list (0: the team's own), and
    about which user (who sees it always; 0: none), in which partnership (0: in none).
    """

    text: str
    space_id: int
    level: Privacy
    room: str
    agency_id: int
    user_id: int = 0
    partnership_id: int = 0
    person_id: int = 0
    of: str = ""  # model and field
    meeting_id: int = 0
    place_id: int = 0  # whose card or name it is, in that meeting


MARKED = re.compile(r'"(?:MARK|zq[a-z]{2}\w[0-9a-f]{10})"')
UNMARKED = (User, Entry, Chain)  # users have no space; the record is never changed
LEFT_OUT = {"made_by", "granted_by", "by", "slug", "key", "token_hash", "purpose", "kind", "language", "batch"}
# Texts that something reads: definitions, questions, codes, words to search by.
READ = {
    "partnerships.Scope.region_text", "partnerships.Scope.sector_text", "worksheets.SpaceTool.en_text",
    "worksheets.SpaceTool.es_text", "worksheets.SpaceTool.tool_id", "worksheets.Round.definition",
    "worksheets.Round.tool_id", "worksheets.SpacePreset.key", "people.Person.facets",
    "people.Person.search_text",
    "people.Organisation.search_text", "partnerships.Deadline.key", "studies.Definition.text",
    "studies.LocalNote.areas",
    "studies.LocalNote.sector", "studies.LocalNote.measure", "people.ColumnMemory.signature", "studies.Study.sha256",
    "plans.Closing.next_local", "plans.Closing.next_zone",
    "studies.Reading.areas", "studies.Reading.sector", "studies.Reading.measure", "walks.Walk.region_text",
    "ledger.Letter.message_id", "worksheets.Sheet.key_hash", "people.Ask.field", "library.OwnAnswer.entry",
    "library.ReadMark.entry",
}  # fmt: skip
# Users belong to no space; a team's page shows its own.
WITHOUT_SPACE = (User,)


def _texts(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    for one in model._meta.local_fields:
        is_text = isinstance(one, models.CharField | models.TextField) and not one.choices and one.name not in LEFT_OUT
        has_room = one.max_length is None or one.max_length >= 60
        is_free = f"{model._meta.label}.{one.name}" not in READ
        if is_text and has_room and is_free and model.privacy[one.name] is not Privacy.SYSTEM:  # type: ignore[attr-defined]
            yield one


def _documents(row: models.Model) -> Iterator[models.Field[Any, Any]]:
    """The columns with a document in which a mark has its place."""
    for one in row._meta.local_fields:
        if isinstance(one, models.JSONField) and MARKED.search(json.dumps(getattr(row, one.name))):
            yield one


def _with(text: str, row: models.Model, one: models.Field[Any, Any], slug: str) -> Any:
    if isinstance(one, models.JSONField):
        return json.loads(MARKED.sub(f'"{text}"', json.dumps(getattr(row, one.name))))
    is_address = isinstance(one, models.EmailField) or one.name in {"email", "to_address"}
    return f"{text}@{slug}.example" if is_address else text


def _agency_of(row: models.Model) -> int:
    """Whose list it is on: its own, or that of the person or organisation on which it hangs."""
    own = getattr(row, "agency_id", 0) or 0
    above = getattr(row, "person", None) or getattr(row, "organisation", None)
    return int(own or getattr(above, "agency_id", 0) or 0)


def _partnership_of(row: models.Model) -> int:
    if isinstance(row, Partnership):
        return int(row.pk)
    if isinstance(row, Voice):
        return Meeting.objects.get(pk=row.reading.meeting_id).partnership_id
    for name in ("partnership_id", "round", "agreement", "sheet", "board", "meeting", "closing", "priority"):
        there = getattr(row, name, None)
        if isinstance(there, models.Model):
            return _partnership_of(there)
        if there and not isinstance(there, str):  # the round of a card is a name
            return int(there)
    return 0


def _meeting_of(row: models.Model) -> tuple[int, int]:
    """The meeting in which it stands, and whose place it is about."""
    board = getattr(row, "board", None)
    meeting = row.pk if isinstance(row, Meeting) else getattr(board or row, "meeting_id", 0)
    place = row.pk if isinstance(row, Participant) else getattr(row, "author", 0) or getattr(row, "participant", 0)
    return int(meeting or 0), place if isinstance(place, int) else 0


def _person_of(row: models.Model) -> int:
    return int(row.pk if isinstance(row, Person) else getattr(row, "person_id", 0) or 0)


def space_of(row: models.Model) -> int:
    """The space that a row belongs to; 0 for none."""
    return int(row.pk if isinstance(row, Space) else getattr(row, "space_id", 0) or 0)


def rows_of(space_id: int) -> Iterator[models.Model]:
    """Every row of every table of ours that belongs to that space, in a fixed order."""
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        if model.__module__.startswith("sharedtable.") and model not in UNMARKED:
            names = {one.attname for one in model._meta.local_fields}
            if model is Space:
                yield from Space.objects.filter(pk=space_id)
            elif "space_id" in names:
                # Also where it is a plain number, as that of a letter.
                yield from model._default_manager.filter(space_id=space_id).order_by("pk")


def mark(space_id: int, slug: str, generation: str = "a") -> list[Mark]:
    """Write a mark into every text of a space's rows and of its users, and list the marks."""
    found: list[Mark] = []
    users = list(User.objects.filter(grants__space_id=space_id).distinct().order_by("pk"))
    for row in [*rows_of(space_id), *users]:
        model = type(row)
        changed: dict[str, Any] = {}
        for one in [*_texts(model), *_documents(row)]:
            level = model.privacy[one.name]  # type: ignore[attr-defined]
            if level is Privacy.TEAM and getattr(row, "level", "") == Privacy.INNER:
                level = Privacy.INNER
            # Short, because a page may cut a long name; different in its first letters.
            digest = hashlib.sha256(f"{model._meta.label}.{one.name}.{row.pk}".encode()).hexdigest()[:10]
            text = f"zq{slug[:2]}{generation}{digest}"
            changed[one.name] = _with(text, row, one, slug)
            user, of = row.pk if isinstance(row, User) else 0, f"{model._meta.label}.{one.name}"
            where = (_agency_of(row), user, _partnership_of(row), _person_of(row))
            if any(getattr(row, name, False) for name in ("is_private", "is_hidden", "is_withdrawn")):
                of += ".kept"
            found.append(Mark(text, space_id, level, model._meta.app_label, *where, of, *_meeting_of(row)))
        if changed:
            model._default_manager.filter(pk=row.pk).update(**changed)
    return found


def digest_of(space_id: int | None = None) -> str:
    """A digest of every row of a space, or of the whole database but for the counters of tries."""
    total = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label):
        found = model._default_manager.order_by("pk")
        if space_id is not None and model is Space:
            found = found.filter(pk=space_id)
        elif space_id is not None and "space_id" in {one.attname for one in model._meta.local_fields}:
            found = found.filter(space_id=space_id)
        elif space_id is not None or model._meta.label == "accounts.Bucket":
            continue
        for row in found.values_list():
            total.update(repr((model._meta.label, row)).encode())
    return total.hexdigest()


# --- letters with links -----------------------------------------------------------------------------------------------


def _confirmation(team: Team) -> None:
    link, _token = link_of(team, "undo")
    by = Actor(f"link:{link.pk}", space=team.space, person_id=team.chair.pk, purpose="undo")
    confirm(
        by=by, key="test.act", kind="test", object_id=1, sentence=lambda: "You did it.", to=Recipient("c@ohio.example")
    )


def _invitation(team: Team) -> None:
    actions.give_role(by=operator_of(team), new=actions.NewGrant("new@ohio.example", "New", "adviser"))


def _seat(team: Team) -> None:
    seating.ask(by=operator_of(team), seat=team.chair_seat)


def _agreement(team: Team) -> None:
    found = Agreement.objects.get(partnership=team.partnership)
    line = {"organisation": team.company.pk, "name": "C", "people": [], "roles": [], "duties": []}
    Agreement.objects.filter(pk=found.pk).update(lines=[line])
    agreeing.ask_to_confirm(by=operator_of(team), agreement=Agreement.objects.get(pk=found.pk), person=team.chair)


LETTERS: list[Callable[[Team], None]] = [
    _seat,
    _agreement,
    lambda team: mail.send_held_link(by=operator_of(team), person_id=team.chair.pk),
    lambda team: mail.send_ties_link(by=operator_of(team), person_id=team.chair.pk),
    lambda team: connecting.ask_connections(
        by=operator_of(team), partnership=team.partnership, people=[team.partner.pk]
    ),
    lambda team: round_actions.remind(things.round_of(team).pk, by=operator_of(team)),
    _confirmation,
    _invitation,
    lambda team: adapters.queue_code(team.users["adviser"], team.users["adviser"].email, "BBBB-CCCC"),
    lambda team: adapters.queue_change(team.users["adviser"]),
]


# --- what must never point into another space -------------------------------------------------------------------------

# Plain numbers that stand for a thing of a higher room.
NUMBERS: dict[str, type[models.Model]] = {
    "partnership_id": Partnership, "agency_id": Organisation, "person_id": Person, "organisation_id": Organisation,
}  # fmt: skip


def crossings(space_id: int) -> list[str]:
    """Every column of the space's rows that points to a thing of another space."""
    found = []
    for row in rows_of(space_id):
        for one in row._meta.local_fields:
            other = one.related_model if isinstance(one, models.ForeignKey) else NUMBERS.get(one.attname)
            number = getattr(row, one.attname)
            if not number or not isinstance(other, type) or other is Space or other is User:
                continue
            if "space_id" not in {each.attname for each in other._meta.local_fields}:
                continue
            there = other._default_manager.filter(pk=number).values_list("space_id", flat=True).first()
            if there is not None and there != space_id:
                found.append(f"{row._meta.label} {row.pk} {one.attname}={number}")
    return found


@dataclass
class World:
    """Both teams, their marks, and the values that stand in addresses for their things."""

    cast: Cast
    marks: list[Mark] = field(default_factory=list)
    values: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    beside: dict[str, dict[str, Any]] = field(default_factory=dict)
    visitors: list[Any] = field(default_factory=list)

    def team(self, slug: str) -> Team:
        """One of the two teams."""
        return self.cast.ohio if slug == "ohio" else self.cast.maine

    def value(self, route: str, name: str, slug: str) -> Any:
        """What stands for a converter, for a thing of that team; made once."""
        key = (route if (route, name) in FACTORIES else "", name, slug)
        if key not in self.values:
            self.values[key] = value_of(route, name, self.team(slug))
        return self.values[key]


def make_world() -> World:
    """The world in the database."""
    _links.clear()
    world = World(make_cast())
    for team in (world.cast.ohio, world.cast.maine):
        things.fill(team)
        world.beside[team.space.slug] = things.beside(team)
        for purpose in PAGES:
            link_of(team, purpose)
    return world


def mark_world(world: World) -> None:
    """Write the marks; after everything that addresses name was made."""
    for team in (world.cast.ohio, world.cast.maine):
        world.marks += mark(team.space.pk, team.space.slug)
