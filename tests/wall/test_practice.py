"""A practice launch: made-up firms that play the same every time, and nothing that is left of it afterwards."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from sharedtable.accounts.actors import WORKER
from sharedtable.config.chores import chores
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.meetings import joining
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method.practice import play
from sharedtable.wall import actions, debriefing, practicing, rehearsal
from sharedtable.wall.models import Board, Event, Note, Peer, SignUp
from sharedtable.wall.rehearsal import FIRST_SLOW, LAST_QUICK, Rehearsal
from sharedtable.wall.writer import Done, Submission, write
from tests.wall.rooms import key

pytestmark = pytest.mark.django_db


class Practice:
    """A practice with a facilitator, and a clock that the test moves."""

    def __init__(self, team, seed: int = 7, language: str = "en") -> None:
        by = team.actor("convener")
        self.by = by
        self.meeting = practicing.begin(by=by, partnership=team.partnership, language=language, seed=seed)
        self.fay, _token = actions.take_place(by=by, meeting=self.meeting, role="facilitator")
        self.board = actions.board_of(self.meeting)
        self.rehearsal = Rehearsal()

    def send(self, do: str, **given: object) -> int:
        answer = write(self.board.pk, [Submission(self.board.pk, self.fay.pk, [{"key": key(), "do": do, **given}])])
        assert isinstance(answer[0][0], Done), answer
        return answer[0][0].number

    def at(self, seconds: float) -> int:
        """Look at that moment of the firms' clock; gives how many are on."""
        practice = Board.objects.get(pk=self.board.pk).stage["practice"]
        return self.rehearsal.once(now=practice["at"] + int((seconds * 1000 - practice["ran"]) / practice["pace"]))

    def texts(self) -> list[str]:
        return list(Note.objects.filter(board=self.board).order_by("number").values_list("text", flat=True))


@pytest.fixture
def practice(cast) -> Practice:
    return Practice(cast.ohio)


def test_the_firms_post_fall_silent_and_go_on(practice):
    assert practice.at(500) == 1
    assert practice.texts() == []  # no round is open
    practice.send("segment.start", segment="opportunities")
    practice.at(2)
    early = len(practice.texts())
    practice.at(LAST_QUICK + 1)
    loud = len(practice.texts())
    practice.at(FIRST_SLOW - 1)
    assert len(practice.texts()) == loud > early  # half a minute in which nobody says anything
    practice.at(600)
    assert sorted(practice.texts()) == sorted(
        card["en"] for firm in play().firms for card in firm.cards["opportunities"]
    )


def test_the_same_seed_plays_the_same_and_another_one_differently(cast):
    def order(seed: int) -> list[str]:
        made = Practice(cast.ohio, seed)
        made.send("segment.start", segment="opportunities")
        for second in range(0, 400, 3):
            made.at(second)
        return made.texts()

    assert order(11) == order(11)
    assert order(11) != order(12)


def test_two_processes_that_play_the_same_practice_do_nothing_twice(practice):
    practice.send("segment.start", segment="opportunities")
    practice.at(60)
    practice.rehearsal = Rehearsal()  # another process, or the same one after a restart
    practice.at(61)
    assert len(practice.texts()) == len(set(practice.texts())) > 3


def test_the_firms_wait_when_they_are_told_to_and_go_faster(practice):
    practice.send("segment.start", segment="opportunities")
    practice.send("practice.set", on=False)
    assert practice.rehearsal.once(now=int(timezone.now().timestamp() * 1000) + 900_000) == 0
    assert practice.texts() == []
    practice.send("practice.set", on=True, pace=5)
    now = int(timezone.now().timestamp() * 1000)
    practice.rehearsal.once(now=now + 16_000)  # 80 seconds of theirs
    assert len(practice.texts()) > 5


@pytest.mark.parametrize("given", [{"pace": 3}, {"on": "yes"}, {"pace": "fast"}])
def test_a_pace_that_there_is_not_is_refused(practice, given):
    [[answer]] = write(
        practice.board.pk,
        [Submission(practice.board.pk, practice.fay.pk, [{"key": key(), "do": "practice.set", **given}])],
    )
    assert not isinstance(answer, Done)


def test_a_real_launch_has_no_firms_to_set_going(room):
    assert room.code("fay", "practice.set", on=True, pace=2) == "unreadable"
    assert room.code("ann", "practice.set", begin={"on": True}) == "not_yours"
    assert Rehearsal().once() == 0


def test_the_firms_sign_up_and_leave_one_area_bare_and_name_somebody_who_is_missing(practice):
    practice.send("segment.start", segment="requirements")
    areas = [practice.send("cluster.create", title=title) for title in ("Skills", "Robots", "Power")]
    practice.send("segment.start", segment="commitments")
    practice.at(100)
    signed = set(SignUp.objects.filter(board=practice.board).values_list("cluster", flat=True))
    assert signed
    assert areas[-1] not in signed
    assert Peer.objects.get(board=practice.board).name == play().peers[0].name


def test_a_firm_whose_turn_it_is_stands_up(practice):
    practice.send("segment.start", segment="requirements")
    practice.send("cluster.create", title="Skills")
    practice.send("segment.start", segment="commitments")
    practice.send("stage.set", set={"signup": "one"})
    practice.at(3)
    assert SignUp.objects.count() == 0
    mara = Participant.objects.get(meeting=practice.meeting, name=play().firms[0].name)
    practice.send("stage.set", set={"turn": mara.pk})
    practice.at(4)
    assert [one.participant for one in SignUp.objects.all()] == [mara.pk]


def test_the_firms_speak_the_language_of_whoever_practices(cast):
    made = Practice(cast.ohio, language="es")
    made.send("segment.start", segment="opportunities")
    made.at(50)
    assert set(made.texts()) <= {card["es"] for firm in play().firms for card in firm.cards["opportunities"]}


def test_a_practice_knows_nobody_of_the_record_and_sends_nothing(practice, cast):
    assert joining.invited(practice.meeting) == []
    place, _token = actions.ask(meeting=practice.meeting, name=cast.ohio.chair.name, company="x")
    assert (place.person_id, place.seat_id) == (None, None)
    assert not Participant.objects.filter(meeting=practice.meeting).exclude(person=None).exists()
    assert Letter.objects.count() == 0


# --- wiping -----------------------------------------------------------------------------------------------------------


def everything() -> str:
    """All rows of meetings and walls, as text."""
    from django.core import serializers

    out = StringIO()
    for label in ("meetings", "wall"):
        from django.apps import apps

        for model in apps.get_app_config(label).get_models():
            out.write(serializers.serialize("json", model._default_manager.order_by("pk")))
    return out.getvalue()


def test_wiping_takes_everything_with_it_and_touches_no_other_meeting(practice, room):
    room.number("fay", "segment.start", segment="opportunities")
    room.number("ann", "note.add", text="Real")
    practicing_pk = practice.meeting.pk
    practice.send("segment.start", segment="opportunities")
    practice.at(400)
    practice.send("cluster.create", title="Ours")
    debrief, _token = debriefing.open_debrief(by=practice.fay)
    assert debrief.meeting.is_practice
    pat = Participant.objects.get(meeting=practice.meeting, name=play().partners[0].name)
    debriefing.go_over(by=pat)
    count = practicing.wipe(by=practice.by, meeting=practice.meeting)
    assert count > 40
    left = everything()
    assert "made up" not in left
    assert "Real" in left
    assert not Meeting.objects.filter(pk__in=(practicing_pk, debrief.meeting_id)).exists()
    assert not Board.objects.filter(pk=practice.board.pk).exists()
    assert Entry.objects.filter(verb="meeting.wipe").count() == 1
    with pytest.raises(Missing):
        practicing.wipe(by=practice.by, meeting=practice.meeting)


def test_a_real_meeting_is_never_wiped(room, cast):
    with pytest.raises(Refused):
        practicing.wipe(by=cast.ohio.actor("convener"), meeting=room.meeting)
    assert Event.objects.filter(board=room.board).exists()


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state"])
def test_nobody_but_a_convener_wipes_or_begins(practice, cast, role):
    with pytest.raises(Missing):
        practicing.wipe(by=cast.ohio.actor(role), meeting=practice.meeting)
    with pytest.raises(Missing):
        practicing.begin(by=cast.ohio.actor(role), partnership=cast.ohio.partnership, language="en")
    with pytest.raises(Missing):
        practicing.wipe(by=cast.maine.actor("convener"), meeting=practice.meeting)


def test_a_break_in_the_last_write_wipes_nothing(practice, monkeypatch):
    def broken(**_more: object) -> None:
        raise RuntimeError("the record broke")

    before = everything()
    monkeypatch.setattr(practicing, "record", broken)
    with pytest.raises(RuntimeError):
        practicing.wipe(by=practice.by, meeting=practice.meeting)
    assert everything() == before


def test_the_database_lets_no_log_of_a_real_meeting_go_and_no_meeting_become_practice(room, practice):
    for statement in (
        f"DELETE FROM wall_event WHERE board_id = {room.board.pk}",
        f"UPDATE wall_event SET kind = 'x' WHERE board_id = {room.board.pk}",
        f"UPDATE wall_event SET kind = 'x' WHERE board_id = {practice.board.pk}",
        f"UPDATE meetings_meeting SET is_practice = true WHERE id = {room.meeting.pk}",
        f"UPDATE meetings_meeting SET is_practice = false WHERE id = {practice.meeting.pk}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Event.objects.filter(board=room.board).exists()


def test_an_old_practice_is_wiped_by_the_worker_and_a_fresh_one_is_not(practice, cast):
    old = Practice(cast.ohio, 8)
    debriefing.open_debrief(by=old.fay)
    Meeting.objects.filter(pk=old.meeting.pk).update(made_at=timezone.now() - timedelta(days=8))
    for chore in chores():
        chore()
    assert list(Meeting.objects.all()) == [practice.meeting]
    assert practicing.clear_old(by=WORKER) == 0


def test_every_table_that_may_point_at_a_meeting_is_known_to_the_wipe():
    """A new table that hangs on a meeting is found by itself; this shows that the walk over the models finds those."""
    found, waiting = {Meeting}, [Meeting]
    while waiting:
        for other, _name in practicing._pointing_at(waiting.pop()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    assert {Participant, Board, Event, Note, SignUp, Peer} <= found
    assert all(issubclass(one, models.Model) for one in found)


def test_a_practice_whose_database_fails_goes_on_afterwards(practice, monkeypatch):
    import threading

    stop, looks = threading.Event(), []

    def failing(now: int = 0) -> int:
        looks.append(now)
        if len(looks) > 1:
            stop.set()
        raise DatabaseError("away")

    monkeypatch.setattr(practice.rehearsal, "once", failing)
    monkeypatch.setattr(rehearsal, "IDLE", 0.01)
    monkeypatch.setattr(rehearsal, "close_old_connections", lambda: None)
    practice.rehearsal.run(stop)
    assert len(looks) == 2


BEGIN = """
import django; django.setup()
from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import hash_of
from sharedtable.meetings.models import Participant
from sharedtable.partnerships.models import Partnership
from sharedtable.wall import actions, practicing
from sharedtable.wall.writer import Submission, write
partnership = Partnership.objects.get()
by = Actor("operator", space=partnership.space, roles=frozenset({"convener"}))
meeting = practicing.begin(by=by, partnership=partnership, language="en", seed=3)
fay, token = actions.take_place(by=by, meeting=meeting, role="facilitator")
board = actions.board_of(meeting)
commands = {"do": "segment.start", "segment": "opportunities"}, {"do": "practice.set", "pace": 5}
for number, command in enumerate(commands):
    write(board.pk, [Submission(board.pk, fay.pk, [{"key": f"begin-{number}-key", **command}])])
print(meeting.pk, token)
"""


def test_a_running_server_plays_the_firms():
    import http.client
    import json
    import subprocess
    import sys
    import time

    from benchmarks.live_server import Server
    from tests.wall.own_database import own_database

    with own_database() as database, Server(phones=1, core=None, database=database) as server:
        done = subprocess.run(
            [sys.executable, "-c", BEGIN], env=server.environment, capture_output=True, text=True, check=True
        )
        meeting, token = done.stdout.split()
        ends, texts = time.monotonic() + 30, set()
        while len(texts) < 3 and time.monotonic() < ends:
            line = http.client.HTTPConnection(*server.address, timeout=30)
            line.request("GET", f"/live/{meeting}/events?after=0", headers={"Cookie": f"place-{meeting}={token}"})
            said = json.loads(line.getresponse().read())["data"]["set"]
            texts = {one["text"] for one in said.get("notes", {}).values()}
            line.close()
            time.sleep(0.3)
    assert len(texts) >= 3
    assert texts <= {card["en"] for firm in play().firms for card in firm.cards["opportunities"]}
