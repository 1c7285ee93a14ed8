"""A data walk: set up once, revealed figure by figure, kept beside the figure, and ended with a dated decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships.deciding import Choice, Wanted
from sharedtable.people.actions.erasing import TOO
from sharedtable.studies import readings
from sharedtable.studies.models import Reading, Voice
from sharedtable.studies.questions import Question, Sector, default_region
from sharedtable.walks import actions, figures, queries
from sharedtable.walks.models import Walk
from sharedtable.wall.models import Event
from tests.data_walk.conftest import MEASURES, SECTORS

pytestmark = pytest.mark.django_db


def entries(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


def test_a_walk_freezes_its_figures_in_both_languages_with_source_year_and_gaps(walked):
    english, spanish = figures.stops(walked.walk, "en"), figures.stops(walked.walk, "es")
    assert [one.id for one in english] == ["1-0-employment", "1-0-pay", "1-1-employment", "1-1-pay", "1-choice"]
    assert english[0].said["title"] == "Jobs today" and spanish[0].said["title"] == "Empleos actuales"
    assert "Bureau of Labor Statistics" in english[0].sources[0] and english[0].year == 2022
    assert any("2022" in gap for gap in english[0].gaps)
    assert english[0].picture is not None and english[1].picture is None
    assert entries("walk.set_up") == 1


def test_a_walk_is_set_up_anew_until_it_begins_and_then_stays(walked, cast):
    by, meeting, region = cast.ohio.actor("convener"), walked.room.meeting, default_region()
    again = {"by": by, "meeting": meeting, "region": region, "sectors": SECTORS[:1], "measures": ["pay"]}
    with pytest.raises(Refused, match="in the meantime"):
        actions.set_up(version=0, **again)
    walk = actions.set_up(version=1, **again)
    assert [one.id for one in figures.stops(walk, "en")] == ["2-0-pay"]  # one industry leaves nothing to choose
    actions.show(by=walked.fay, stop="2-0-pay")
    with pytest.raises(Refused, match="has begun"):
        actions.set_up(version=2, **again)
    assert Walk.objects.get().version == 2


def test_a_walk_of_a_closed_meeting_is_not_set_up_anew(walked, cast):
    Meeting.objects.filter(pk=walked.room.meeting.pk).update(frozen_at=timezone.now())
    with pytest.raises(Refused, match="closed"):
        actions.set_up(
            by=cast.ohio.actor("convener"), meeting=walked.room.meeting, version=1, region=default_region(),
            sectors=SECTORS[:1], measures=["pay"],
        )  # fmt: skip
    assert Walk.objects.get().version == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sectors": []}, "at least one"),
        ({"measures": ["gossip"]}, "at least one"),
        ({"sectors": [SECTORS[0], SECTORS[0]]}, "once"),
        ({"sectors": [Sector.of(f"{code}") for code in ("311", "312", "313", "314", "315", "316", "321")]}, "at most"),
    ],
)
def test_what_cannot_be_walked_through_is_refused(room, cast, changes, says):
    given = {"region": default_region(), "sectors": SECTORS, "measures": MEASURES, **changes}
    with pytest.raises(Refused, match=says):
        actions.set_up(by=cast.ohio.actor("convener"), meeting=room.meeting, version=0, **given)
    assert not Walk.objects.exists()


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "state"])
def test_only_who_may_change_meetings_sets_a_walk_up(room, cast, role):
    with pytest.raises(Missing):
        actions.set_up(
            by=cast.ohio.actor(role), meeting=room.meeting, version=0, region=default_region(), sectors=SECTORS,
            measures=MEASURES,
        )  # fmt: skip
    with pytest.raises(Missing):
        actions.set_up(
            by=cast.maine.actor("convener"), meeting=room.meeting, version=0, region=default_region(), sectors=SECTORS,
            measures=MEASURES,
        )  # fmt: skip


def test_a_reveal_puts_marks_words_and_who_said_them_into_the_record_with_one_entry(walked):
    stop = walked.show()
    walked.mark("ann", stop, "real")
    walked.mark("ann", stop, "doubtful", "Two plants close in May")
    walked.mark("pat", stop, "missing", "The self-employed")
    walked.mark("bo", stop, "real")
    walked.mark("bo", stop, "")
    assert not Reading.objects.exists()
    reading = actions.reveal(by=walked.fay, stop=stop)
    assert (reading.measure, reading.sector, reading.year) == ("employment", "3261", 2022)
    assert reading.counts == {"all": {"doubtful": 1, "missing": 1}, "tables": {}}
    assert reading.shown["en"]["title"] == "Jobs today" and reading.shown["es"]["title"] == "Empleos actuales"
    said = {(one.said_by, one.mark, one.text) for one in Voice.objects.all()}
    assert said == {
        ("Ann Alvarez (Lakeside Plastics)", "doubtful", "Two plants close in May"),
        ("Pat Partner (Lakeside Community College)", "missing", "The self-employed"),
    }
    assert (entries("walk.show"), entries("walk.reveal")) == (1, 1)
    entry = Entry.objects.get(verb="walk.reveal")
    assert entry.details == {"stop": 1, "marks": 2}  # numbers, never a word of anybody


def test_a_second_press_on_reveal_changes_nothing(walked):
    stop = walked.show()
    walked.mark("ann", stop, "real")
    actions.reveal(by=walked.fay, stop=stop)
    before = Event.objects.count()
    with pytest.raises(Refused, match="revealed already"):
        actions.reveal(by=walked.fay, stop=stop)
    assert (Reading.objects.count(), Event.objects.count(), entries("walk.reveal")) == (1, before, 1)


def test_a_break_in_the_last_write_of_a_reveal_leaves_wall_and_record_as_they_were(walked, monkeypatch):
    stop = walked.show()
    walked.mark("ann", stop, "doubtful", "Words")
    before = Event.objects.count()

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("the last write")

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(DatabaseError):
        actions.reveal(by=walked.fay, stop=stop)
    monkeypatch.undo()
    assert (Reading.objects.count(), Voice.objects.count(), Event.objects.count()) == (0, 0, before)
    walked.mark("ann", stop, "real")  # the wall goes on from where it was
    assert actions.reveal(by=walked.fay, stop=stop).counts["all"] == {"real": 1}


@pytest.mark.parametrize("who", ["ann", "pat", "sam", "screen"])
def test_only_the_facilitator_shows_and_reveals(walked, who):
    stop = walked.show()
    by = walked.room.places[who]
    for act in (actions.show, actions.reveal):
        with pytest.raises(Missing):
            act(by=by, stop=stop)
    if who != "sam":
        with pytest.raises(Missing):
            actions.hear(by=by, stop=stop, text="Mine")


def test_what_is_said_after_the_reveal_stays_beside_the_figure_too(walked):
    stop = walked.show()
    with pytest.raises(Refused, match="Reveal this figure first"):
        actions.hear(by=walked.fay, stop=stop, text="Early")
    actions.reveal(by=walked.fay, stop=stop)
    bo = walked.room.places["bo"]
    actions.hear(by=walked.room.places["sam"], stop=stop, text="A new line opens in June", participant=bo.pk)
    voice = Voice.objects.get()
    assert (voice.said_by, voice.mark, voice.text) == ("Bo Baker (Northern Tool)", "", "A new line opens in June")
    assert entries("walk.hear") == 1


def test_a_figure_that_is_not_in_the_walk_is_not_shown(walked):
    with pytest.raises(Missing):
        actions.show(by=walked.fay, stop="1-9-pay")


def choose(walked) -> str:
    stop = walked.show(4)
    walked.mark("ann", stop, "1,0", "Orders are full")
    walked.mark("bo", stop, "1")
    walked.mark("pat", stop, "0,1", "Plastics has the students")
    actions.reveal(by=walked.fay, stop=stop)
    return stop


def wanted(**changes) -> Wanted:
    names = [one.name for one in SECTORS]
    given = {
        "question": "Which industry first?", "kind": "sector", "options": [Choice(name) for name in names],
        "chosen": names[1], "next_choice": names[0], "reasons": "Orders", "dissent": "The college would begin with it.",
        "review_on": timezone.localdate() + timedelta(days=180),
    }  # fmt: skip
    return Wanted(**(given | changes))


def test_the_walk_ends_in_a_dated_decision_with_dissent_and_a_second_one_replaces_it(walked, cast):
    choose(walked)
    by, meeting = cast.ohio.actor("convener"), walked.room.meeting
    page = queries.page(by, meeting.pk, "en")
    assert [(row.name, row.first, row.second) for row in page.ranking] == [
        (SECTORS[1].name, 2, 1), (SECTORS[0].name, 1, 1),
    ]  # fmt: skip
    assert page.dissent == f"{SECTORS[0].name}: Plastics has the students"
    assert page.reasons[SECTORS[1].name] == "Orders are full"
    made = actions.decide(by=by, meeting=meeting, wanted=wanted())
    assert (made.chosen, made.next_choice, made.dissent) == (
        SECTORS[1].name, SECTORS[0].name, "The college would begin with it.",
    )  # fmt: skip
    assert Walk.objects.get().decision == made and entries("decision.make") == 1
    assert queries.of_decision(by, made) == walked.walk
    later = actions.decide(by=by, meeting=meeting, wanted=wanted(reasons="Looked again"))
    assert later.replaces == made and Walk.objects.get().decision == later


def test_a_choice_without_a_day_to_look_again_is_refused_and_who_may_not_decide_does_not(walked, cast):
    choose(walked)
    meeting = walked.room.meeting
    with pytest.raises(Refused, match="look at this choice again"):
        actions.decide(by=cast.ohio.actor("convener"), meeting=meeting, wanted=wanted(review_on=None))
    for by in (cast.ohio.actor("agency"), cast.maine.actor("convener")):
        with pytest.raises(Missing):
            actions.decide(by=by, meeting=meeting, wanted=wanted())
    assert Walk.objects.get().decision is None


def test_names_are_for_those_who_run_the_meeting_and_words_can_be_taken_off_every_page(walked, cast):
    stop = walked.show()
    walked.mark("ann", stop, "doubtful", "We alone hire 40")
    actions.reveal(by=walked.fay, stop=stop)
    meeting, convener = walked.room.meeting, cast.ohio.actor("convener")
    words = queries.page(convener, meeting.pk, "en").results[0].figures[0].words[0]
    assert words.who == "Ann Alvarez (Lakeside Plastics)"
    assert queries.page(cast.ohio.actor("agency"), meeting.pk, "en").results[0].figures[0].words[0].who == ""
    with pytest.raises(Missing):
        actions.strike(by=cast.ohio.actor("agency"), meeting=meeting, number=words.number)
    actions.strike(by=convener, meeting=meeting, number=words.number)
    found = queries.page(convener, meeting.pk, "en").results[0].figures[0]
    assert found.words == [] and found.total == 1 and entries("walk.strike") == 1


def test_a_role_in_another_partnership_does_not_read_what_was_said_in_this_one(walked, cast):
    stop = walked.show()
    walked.mark("ann", stop, "doubtful", "We alone hire 40")
    actions.reveal(by=walked.fay, stop=stop)
    whole = cast.ohio.actor("economist")
    limited = replace(whole, roles=frozenset(), limited={cast.ohio.partnership.pk + 1: frozenset({"economist"})})
    question = Question(default_region(), SECTORS[0])
    assert readings.beside(replace(question, by=whole))["employment"][0].words
    assert readings.beside(replace(question, by=limited)) == {}


def test_the_words_of_an_erased_person_stay_as_those_of_nobody(walked, cast):
    Participant.objects.filter(pk=walked.room.places["ann"].pk).update(person=cast.ohio.chair)
    stop = walked.show()
    walked.mark("ann", stop, "doubtful", "Words")
    actions.reveal(by=walked.fay, stop=stop)
    for erase in TOO:
        erase(cast.ohio.space.pk, cast.ohio.chair.pk)
    voice = Voice.objects.get()
    assert (voice.said_by, voice.participant_id, voice.text) == ("", 0, "Words")
