"""Somebody was shown out of the meeting after they put their name on an area: whoever closes it decides."""

from __future__ import annotations

from django.urls import reverse

from sharedtable.meetings.models import Meeting
from sharedtable.plans import closing_queries
from sharedtable.plans.models import Champion, Priority, Shelved
from sharedtable.wall import queries as wall
from sharedtable.wall.actions import change_table, show_out
from sharedtable.wall.models import Board, Cluster
from sharedtable.wall.state import fold
from sharedtable.wall.tables import events_after
from tests.cast import Cast
from tests.plans.conftest import Launch
from tests.plans.test_pages import client_of, page


def go(launch: Launch, who: str) -> None:
    show_out(by=launch.room.places["fay"], number=launch.room.places[who].pk)


def test_who_was_shown_out_makes_no_champion_by_itself(launch: Launch) -> None:
    go(launch, "bo")
    launch.freeze()
    assert [str(one) for one in Champion.objects.all()] == ["Ann Alvarez (Lakeside Plastics)"]
    assert Priority.objects.get().champions_count == 1
    rail = Shelved.objects.get(title="Rail")
    assert rail.reason == Shelved.Reason.NO_NAME  # its one name went with him


def test_a_name_counts_all_the_same_when_whoever_closes_the_meeting_says_so(launch: Launch) -> None:
    for who in ("ann", "bo"):
        go(launch, who)
    left = closing_queries.check(launch.room.places["fay"])["left"]
    assert [one["says"] for one in left] == [
        "Ann Alvarez (Lakeside Plastics) on “Skills”", "Bo Baker (Northern Tool) on “Skills”",
        "Bo Baker (Northern Tool) on “Rail”",
    ]  # fmt: skip
    fay = client_of(launch, "fay")
    number = launch.room.meeting.pk
    fay.post(reverse("live-close", args=[number]), {"keep": [left[0]["value"], "x:y", "²:1", "9" * 400]})
    assert [str(one) for one in Champion.objects.all()] == ["Ann Alvarez (Lakeside Plastics)"]
    assert Priority.objects.get().title == "Skills"
    # The wall that a refresh looks back at has it the same way.
    shelved = Cluster.objects.filter(board=launch.room.board, is_shelved=True)
    assert set(shelved.values_list("title", flat=True)) == {"Rail", "Export"}


def test_the_page_of_the_meeting_lists_the_names_with_a_choice_too(launch: Launch, cast: Cast) -> None:
    number = launch.room.meeting.pk
    convener = cast.client("convener")
    assert "Shown out after they put their names down" not in page(convener, "meeting", "ohio", number)
    go(launch, "bo")
    shown = page(convener, "meeting", "ohio", number)
    assert "Bo Baker (Northern Tool) on “Rail”" in shown
    value = next(one.value for one in closing_queries.shown_out(launch.convener, launch.room.meeting))
    assert f'name="keep" value="{value}"' in shown
    convener.post(reverse("meeting-freeze", args=["ohio", number]), {"keep": [value]})
    assert Champion.objects.filter(name="Bo Baker", priority__title="Skills").exists()
    assert Meeting.objects.get(pk=number).frozen_at


def test_the_screens_stop_showing_a_name_when_its_bearer_is_out_or_sits_with_the_partners(launch: Launch) -> None:
    board = Board.objects.get(pk=launch.room.board.pk)

    def names(audience: str) -> list[str]:
        state = fold(events_after(board.pk, 0))
        return sorted({row["name"] for row in state.picture(audience)["set"].get("signs", {}).values()})

    assert names("wall") == names("facilitator") == ["Ann Alvarez", "Bo Baker"]
    go(launch, "bo")
    assert names("wall") == names("stage") == ["Ann Alvarez"]
    assert names("facilitator") == ["Ann Alvarez", "Bo Baker"]
    change_table(by=launch.room.places["fay"], number=launch.room.places["ann"].pk, table="outer")
    assert names("wall") == []
    on_page = wall.page(launch.room.places["pat"], "en")
    assert not any(area.names for area in on_page.areas)
    # Back at the inner table, the name counts again.
    change_table(by=launch.room.places["fay"], number=launch.room.places["ann"].pk, table="inner")
    assert names("wall") == ["Ann Alvarez"]


def test_whoever_runs_the_meeting_takes_off_the_name_of_somebody_who_is_out(launch: Launch) -> None:
    go(launch, "bo")
    bo = launch.room.places["bo"].pk
    launch.room.number("fay", "champion.withdraw", cluster=launch.areas["Rail"], participant=bo)
    assert [one.says for one in closing_queries.shown_out(launch.convener, launch.room.meeting)] == [
        "Bo Baker (Northern Tool) on “Skills”"
    ]


def test_a_card_for_somebody_else_is_not_among_those_that_nobody_sorted(launch: Launch) -> None:
    found = wall.page(launch.room.places["ann"], "en")
    assert [card.text for card in found.parked] == ["Lower the federal tax"]
    assert "Lower the federal tax" not in [card.text for card in found.loose]


def test_in_spanish_a_card_is_withdrawn_and_not_undone(launch: Launch) -> None:
    ann, number = client_of(launch, "ann"), launch.room.meeting.pk
    ann.cookies["language"] = "es"
    shown = page(ann, "live", number)
    assert "Retirar" in shown and "Deshacer" not in shown
