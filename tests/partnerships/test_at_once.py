"""Two people do the same at the same moment, in two real transactions: one does it, the other is told in a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from sharedtable.errors import Refused
from sharedtable.partnerships import scoping, seating
from sharedtable.partnerships.models import Scope, Seat
from tests.partnerships.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[], object], times: int = 4) -> list[str]:
    """What each of so many threads got: 'done', or the sentence of its refusal."""
    said: list[str] = []
    begin = threading.Barrier(times)

    def run() -> None:
        begin.wait()
        try:
            act()
            said.append("done")
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said, key=lambda text: text != "done")


def test_of_four_who_seat_the_same_person_one_does_and_three_are_told(transactional_db, world: World) -> None:
    by, one, person = world.by, world.one, world.team.champion
    said = at_once(lambda: seating.give_seat(by=by, partnership=one, role="champion", person=person))
    assert said[0] == "done"
    assert all("Somebody may have been quicker" in text for text in said[1:]) and len(said) == 4
    assert Seat.objects.filter(person=person, role="champion").count() == 1


def test_of_four_who_make_the_same_version_one_does_and_three_are_told(transactional_db, world: World) -> None:
    by, one = world.by, world.one
    said = at_once(
        lambda: scoping.make_version(by=by, partnership=one, based_on=0, region="39049", sector="3261", note="")
    )
    assert said[0] == "done"
    assert all("made version 1 of this scope meanwhile" in text for text in said[1:]) and len(said) == 4
    assert Scope.objects.count() == 1
