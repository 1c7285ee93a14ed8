"""A data walk that is set up, with its people in the room, on the shipped example of facts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sharedtable.meetings.models import Participant
from sharedtable.studies.questions import Sector, default_region
from sharedtable.walks import actions, figures
from sharedtable.walks.models import Walk
from tests.studies.builders import example_folder
from tests.wall.rooms import Room, make_room

MEASURES = ("employment", "pay")
SECTORS = (Sector.of("3261"), Sector.of("3363"))


@pytest.fixture(scope="session")
def walk_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_folder(tmp_path_factory.mktemp("walk"))


@dataclass
class Walked:
    """The room of a walk, the walk, and its stops: jobs and pay of two industries, then the choice."""

    room: Room
    walk: Walk
    stops: list[str]

    @property
    def fay(self) -> Participant:
        """Whoever runs it."""
        return self.room.places["fay"]

    def show(self, number: int = 0) -> str:
        actions.show(by=self.fay, stop=self.stops[number])
        return self.stops[number]

    def mark(self, who: str, stop: str, mark: str, text: str = "") -> None:
        self.room.number(who, "mark.set", stop=stop, mark=mark, text=text)


@pytest.fixture
def room(cast, settings, walk_data) -> Room:
    settings.DATA = walk_data
    made = make_room(cast.ohio, run="data-walk")
    user = cast.ohio.users["convener"].pk
    Participant.objects.filter(pk=made.places["fay"].pk).update(user_id=user)
    made.places["fay"].user_id = user
    return made


@pytest.fixture
def walked(cast, room) -> Walked:
    walk = actions.set_up(
        by=cast.ohio.actor("convener"), meeting=room.meeting, version=0, region=default_region(), sectors=SECTORS,
        measures=MEASURES,
    )  # fmt: skip
    return Walked(room, walk, [one.id for one in figures.stops(walk, "en")])
