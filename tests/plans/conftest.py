"""A launch that has come to its end, for the tests of what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sharedtable.accounts.actors import Actor
from sharedtable.meetings.models import Participant
from sharedtable.plans.actions import freeze
from sharedtable.plans.models import Closing
from sharedtable.wall.actions import change_table
from sharedtable.wall.models import Cluster
from tests.cast import Team
from tests.wall.rooms import Room, make_room


@dataclass
class Launch:
    """A room whose wall is full: three areas signed or not, cards below them, somebody missing, a next date."""

    room: Room
    team: Team
    areas: dict[str, int]
    cards: dict[str, int]

    @property
    def convener(self) -> Actor:
        return self.team.actor("convener")

    def freeze(self) -> Closing | None:
        return freeze(by=self.convener, meeting=self.room.meeting)


DAY, ZONE = "2099-02-23T09:00", "America/New_York"


def make_launch(team: Team, *, is_practice: bool = False) -> Launch:
    """Skills has two names and three cards, Rail has one name and a partner's card alone, Export has no name."""
    room = make_room(team, is_practice=is_practice)
    convener = team.users["convener"]
    Participant.objects.filter(pk=room.places["fay"].pk).update(user_id=convener.pk)
    Participant.objects.filter(pk=room.places["ann"].pk).update(person=team.champion)
    for place in room.places.values():
        place.refresh_from_db()
    cards: dict[str, int] = {}
    room.number("fay", "segment.start", segment="opportunities")
    cards["robots"] = room.number("ann", "note.add", text="Robots that small shops can pay for")
    growth = room.number("fay", "cluster.create", title="New products", notes=[cards["robots"]])
    room.number("fay", "segment.start", segment="requirements")
    cards["weld"] = room.number("ann", "note.add", text="Train welders with the college", about=growth)
    cards["math"] = room.number("bo", "note.add", text="Shop math before the first day")
    cards["shared"] = room.number("sam", "note.add", text="Share one trainer", **{"for": "Bo Baker, Northern Tool"})
    # Somebody who sat at the inner table by mistake when they wrote this, and was set right afterwards.
    pat = room.places["pat"]
    change_table(by=room.places["fay"], number=pat.pk, table="inner")
    cards["rail"] = room.number("pat", "note.add", text="A rail spur would help")
    change_table(by=room.places["fay"], number=pat.pk, table="outer")
    pat.refresh_from_db()
    cards["port"] = room.number("bo", "note.add", text="A desk for export papers")
    cards["tax"] = room.number("bo", "note.add", text="Lower the federal tax")
    cards["mine"] = room.number("pat", "note.add", text="Ask about the lab", private=True)
    cards["gone"] = room.number("bo", "note.add", text="Never mind")
    room.number("bo", "note.withdraw", note=cards["gone"])
    cards["hidden"] = room.number("bo", "note.add", text="Not for the screen")
    room.number("fay", "note.hide", notes=[cards["hidden"]])
    room.number("fay", "note.park", note=cards["tax"], parked="someone_else")
    areas = {
        title: room.number("fay", "cluster.create", title=title, notes=[cards[name] for name in names])
        for title, names in (("Skills", ("weld", "math", "shared")), ("Rail", ("rail",)), ("Export", ("port",)))
    }
    version = Cluster.objects.get(board=room.board, number=areas["Skills"]).version
    room.number("fay", "cluster.note", cluster=areas["Skills"], notes="Start with one class", base=version)
    room.number("fay", "segment.start", segment="commitments")
    for who, area in (("ann", "Skills"), ("bo", "Skills"), ("bo", "Rail")):
        room.number(who, "champion.sign", cluster=areas[area])
    room.number("bo", "peer.name", name="Gil Grant", company="Granite Works", cluster=areas["Skills"])
    room.number("ann", "peer.name", name="gil grant", company="Granite works")
    room.number("fay", "segment.start", segment="wrap_up")
    room.number("fay", "stage.set", set={"dates": [DAY, "2099-02-24T09:00"], "zone": ZONE})
    room.number("ann", "date.say", dates=[DAY])
    room.number("fay", "stage.set", set={"date": DAY})
    return Launch(room, team, areas, cards)


@pytest.fixture
def launch(cast) -> Launch:
    """The launch of the Ohio team, ready to be closed."""
    return make_launch(cast.ohio)
