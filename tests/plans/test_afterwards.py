"""After the close: the record corrected, those who are missing invited, people joined and erased, the shelf."""

from __future__ import annotations

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.people import merging
from sharedtable.people.actions.entries import add_person
from sharedtable.people.actions.erasing import erase
from sharedtable.people.models import Consent, Organisation, Person
from sharedtable.plans import actions, closing_queries, correcting, held, inviting, queries, tasks
from sharedtable.plans.models import Card, Champion, Correction, Priority, Shelved, Task
from sharedtable.wall.models import Cluster
from tests.plans.conftest import Launch, make_launch


@pytest.fixture
def closed(launch: Launch) -> Launch:
    launch.freeze()
    return launch


def skills() -> Priority:
    return Priority.objects.get(title="Skills")


# --- correcting -------------------------------------------------------------------------------------------------------


def test_other_words_keep_what_stood_there_and_why(closed: Launch) -> None:
    before = Entry.objects.count()
    correcting.correct_words(
        by=closed.convener, priority=skills(), version=1, title="Welders", said="Start with one class", reason="typo"
    )
    found = Correction.objects.get()
    assert (found.what, found.before, found.after, found.reason) == ("title", "Skills", "Welders", "typo")
    assert Entry.objects.count() == before + 1


def test_a_stale_form_and_one_without_a_reason_change_nothing(closed: Launch) -> None:
    for version, reason in ((9, "r"), (1, " ")):
        with pytest.raises(Refused):
            correcting.correct_words(
                by=closed.convener, priority=skills(), version=version, title="X", said="", reason=reason
            )
    assert skills().version == 1 and not Correction.objects.exists()


def test_only_a_business_member_is_added_as_a_champion(closed: Launch) -> None:
    team = closed.team
    with pytest.raises(Refused, match="outer table"):
        correcting.add_champion(by=closed.convener, priority=skills(), version=1, seat=team.partner_seat, reason="r")
    made = correcting.add_champion(
        by=closed.convener, priority=skills(), version=1, seat=team.chair_seat, reason="said so by phone"
    )
    assert (made.person, made.company) == (team.chair, "Lakeside Plastics")
    assert skills().champions_count == 3
    with pytest.raises(Refused, match="already"):
        correcting.add_champion(by=closed.convener, priority=skills(), version=2, seat=team.chair_seat, reason="r")


def test_with_the_last_champion_the_area_goes_to_the_shelf(closed: Launch) -> None:
    first, second = Champion.objects.filter(priority=skills()).order_by("pk")
    correcting.withdraw_champion(by=closed.convener, champion=first, version=1, reason="new job")
    assert skills().ended_at is None
    correcting.withdraw_champion(by=closed.convener, champion=second, version=2, reason="no time")
    ended = skills()
    assert ended.ended_at is not None and ended.champions_count == 0
    rests = Shelved.objects.get(title="Skills")
    assert rests.reason == Shelved.Reason.STEPPED_BACK and rests.cards.count() == 3
    found = queries.overview(closed.convener, closed.team.partnership)
    assert found.priorities == [] and rests in found.resting
    with pytest.raises(Missing):
        correcting.correct_words(by=closed.convener, priority=ended, version=3, title="X", said="", reason="r")


def test_nothing_is_corrected_in_what_a_reopened_meeting_left_behind(closed: Launch) -> None:
    champion = skills().champions.first()
    assert champion is not None
    actions.reopen(by=closed.convener, meeting=closed.room.meeting, reason="closed too early")
    with pytest.raises(Missing):
        queries.champion(closed.convener, closed.team.partnership, champion.pk)
    with pytest.raises(Missing):
        correcting.withdraw_champion(by=closed.convener, champion=champion, version=1, reason="r")
    assert not Correction.objects.exists()


@pytest.mark.parametrize("role", ["agency", "admin", "adviser"])
def test_who_may_not_change_the_partnership_corrects_nothing(closed: Launch, role: str) -> None:
    with pytest.raises(Missing):
        correcting.correct_words(
            by=closed.team.actor(role), priority=skills(), version=1, title="X", said="", reason="r"
        )


def test_a_break_in_the_last_write_of_a_correction_changes_nothing(closed: Launch, monkeypatch) -> None:
    monkeypatch.setattr(correcting, "record", lambda **_given: (_ for _ in ()).throw(RuntimeError("power")))
    champion = Champion.objects.filter(priority=skills()).first()
    with pytest.raises(RuntimeError):
        correcting.withdraw_champion(by=closed.convener, champion=champion, version=1, reason="r")
    champion.refresh_from_db()
    assert champion.ended_at is None and not Correction.objects.exists()


# --- who is missing ---------------------------------------------------------------------------------------------------


def add(launch: Launch, email: str = "gil@granite.example") -> Task:
    return inviting.add(
        by=launch.convener, task=Task.objects.get(), name="Gil Grant", company="Granite Works", email=email
    )


def test_somebody_missing_is_brought_into_the_record_and_invited_once(closed: Launch) -> None:
    task = add(closed)
    assert task.person.name == "Gil Grant" and task.organisation.name == "Granite Works"
    assert inviting.invite(by=closed.convener, tasks=[task]) == 1
    letter = Letter.objects.get(kind="invitation")
    assert letter.to_address == "gil@granite.example" and letter.state == "held"
    assert "Skills" in letter.body and "toolkit" in letter.body
    assert "Bo Baker" not in letter.body  # he did not say yet that the letter may name him
    task.refresh_from_db()
    assert task.state == Task.State.DONE and task.has_letter
    with pytest.raises(Refused):
        inviting.invite(by=closed.convener, tasks=[task])


def test_the_letter_names_who_suggested_them_when_they_agreed(closed: Launch) -> None:
    task = add(closed)
    inviting.invite(by=closed.convener, tasks=[task], names_peer=True)
    assert "Bo Baker (Northern Tool)" in Letter.objects.get(kind="invitation").body


def test_somebody_of_the_record_is_found_by_name_and_linked(closed: Launch) -> None:
    person = add_person(by=closed.convener, values={"name": "Gil Grant", "email": "g@x.example"})
    task = Task.objects.get()
    assert inviting.candidates(closed.convener, task) == [person]
    assert inviting.link(by=closed.convener, task=task, person_id=person.pk).person == person


def test_a_company_of_the_record_is_not_made_twice(closed: Launch) -> None:
    Organisation.objects.create(
        space=closed.team.space, name="granite works", made_at=closed.room.meeting.made_at,
        changed_at=closed.room.meeting.made_at,
    )  # fmt: skip
    assert add(closed).organisation.name == "granite works"
    assert Organisation.objects.filter(name__iexact="granite works").count() == 1


def test_nobody_without_an_address_or_who_asked_for_no_mail_gets_a_letter(closed: Launch) -> None:
    task = add(closed, email="")
    review = inviting.drafts(closed.convener, [task])
    assert review.count == 0 and review.left_out
    assert inviting.invite(by=closed.convener, tasks=[task]) == 0
    assert not Letter.objects.filter(kind="invitation").exists()
    task.refresh_from_db()
    assert task.state == Task.State.OPEN


def test_a_task_is_ended_or_not_done_now_and_nothing_after_that(closed: Launch) -> None:
    task = Task.objects.get()
    tasks.end(by=closed.convener, task=task, state="dropped")
    for again in ("done", "dropped"):
        with pytest.raises(Refused):
            tasks.end(by=closed.convener, task=task, state=again)
    made = tasks.add_task(by=closed.convener, partnership=closed.team.partnership, what="Book", who="Cora", due_on=None)
    assert made.kind == Task.Kind.OTHER
    with pytest.raises(Refused):
        tasks.add_task(by=closed.convener, partnership=closed.team.partnership, what=" ", who="", due_on=None)
    with pytest.raises(Missing):
        tasks.add_task(
            by=closed.team.actor("agency"), partnership=closed.team.partnership, what="Book", who="", due_on=None
        )


# --- the shelf comes back ---------------------------------------------------------------------------------------------


def refresh(launch: Launch) -> Launch:
    """A second launch of the same partnership, a year on."""
    Meeting.objects.update(title="First")
    return make_launch(launch.team)


def test_at_the_next_round_the_shelf_is_shown_and_what_gets_a_name_rests_no_longer(closed: Launch) -> None:
    again = refresh(closed)
    rests = {one["title"] for one in closing_queries.check(again.room.places["fay"])["rests"]}
    assert rests == {"Rail", "Export"}
    # The same areas stand on the new wall; Export gets a name this time.
    again.room.number("fay", "segment.start", segment="commitments")
    again.room.number("bo", "champion.sign", cluster=again.areas["Export"])
    closing = again.freeze()
    old = {one.title: one for one in Shelved.objects.exclude(closing=closing)}
    assert (old["Export"].ended_as, old["Rail"].ended_as) == ("taken_up", "again")
    found = queries.overview(closed.convener, closed.team.partnership)
    assert sorted(kept.area.title for kept in found.priorities) == ["Export", "Skills"]  # one Skills, the newer
    assert [one.title for one in found.resting] == ["Rail"]
    actions.reopen(by=closed.convener, meeting=again.room.meeting, reason="too early")
    found = queries.overview(closed.convener, closed.team.partnership)
    assert [kept.area.title for kept in found.priorities] == ["Skills"]
    assert {one.title for one in found.resting} == {"Rail", "Export"}


def test_an_area_of_the_shelf_is_put_on_the_wall_again_like_any_other(closed: Launch) -> None:
    again = refresh(closed)
    title = closing_queries.resting(again.room.meeting)[0].title
    number = again.room.number("fay", "cluster.create", title=title, round="requirements")
    assert Cluster.objects.get(board=again.room.board, number=number).title == title


# --- people -----------------------------------------------------------------------------------------------------------


def test_when_two_entries_are_joined_the_champion_follows(closed: Launch) -> None:
    winner = Person.objects.create(
        space=closed.team.space, name="Charlie C.", made_at=closed.room.meeting.made_at,
        changed_at=closed.room.meeting.made_at,
    )  # fmt: skip
    loser = closed.team.champion
    merging.join(by=closed.convener, winner=winner, loser=loser, take={}, versions=(winner.version, loser.version))
    assert Champion.objects.get(name="Ann Alvarez").person == winner


def test_who_is_erased_leaves_no_name_and_the_priority_stays(closed: Launch) -> None:
    task = add(closed)
    Priority.objects.update(said="Charlie ChampionLakeside will start")
    person = closed.team.champion
    assert len(held_by(closed, person).champions) == 1 and len(held_by(closed, person).cards) == 2
    erase(by=closed.convener, pk=person.pk)
    erase(by=closed.convener, pk=task.person_id)
    names = " ".join(
        [*Champion.objects.values_list("name", flat=True), *Card.objects.values_list("said_by", flat=True),
         *Priority.objects.values_list("said", flat=True), *Task.objects.values_list("name", flat=True)]
    )  # fmt: skip
    for gone in ("Ann Alvarez", "Charlie", "Gil"):
        assert gone not in names
    assert skills().champions.count() == 2


def held_by(launch: Launch, person: Person) -> held.HeldHere:
    from sharedtable.accounts.actors import Actor

    by = Actor("link:1", space=launch.team.space, person_id=person.pk, purpose="held")
    found = held.held_here(by)
    assert {row["what"] for row in held.as_rows(found)} >= {"champion", "card"}
    assert held.held_here(Actor("link:1", space=launch.team.space, person_id=person.pk, purpose="seat")).cards == []
    return found


def test_of_those_who_came_only_who_agreed_is_named(closed: Launch) -> None:
    number = closed.room.meeting.pk
    assert queries.product(closed.convener, number).named == []
    Consent.objects.create(
        space=closed.team.space, person=closed.team.champion, key="listed_as_member", is_given=True, how="h",
        at=closed.room.meeting.made_at, by="link:1",
    )  # fmt: skip
    assert queries.product(closed.convener, number).named == ["Ann Alvarez (Lakeside Plastics)"]


def test_who_was_taken_out_of_a_meeting_is_not_named_among_those_who_came(closed: Launch) -> None:
    place = closed.room.places["ann"]
    Consent.objects.create(
        space=closed.team.space, person=closed.team.champion, key="listed_as_member", is_given=True,
        at=closed.room.meeting.made_at, by="operator",
    )  # fmt: skip
    assert queries.product(closed.convener, closed.room.meeting.pk).named
    Participant.objects.filter(pk=place.pk).update(removed_at=closed.room.meeting.made_at)
    assert queries.product(closed.convener, closed.room.meeting.pk).named == []


def test_the_pages_ask_the_database_a_fixed_number_of_times(closed: Launch, django_assert_num_queries) -> None:
    by, one = closed.convener, closed.team.partnership
    with django_assert_num_queries(9):
        queries.product(by, closed.room.meeting.pk)
    with django_assert_num_queries(8):
        queries.overview(by, one)
    with django_assert_num_queries(6):
        queries.priority_page(by, one, skills().pk)
    with django_assert_num_queries(1):
        queries.tasks(by, one)
