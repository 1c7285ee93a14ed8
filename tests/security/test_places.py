"""What a place in a live meeting may do, on its pages and on its lines; each guard has a saboteur that is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sharedtable.meetings.models import Participant
from sharedtable.wall import commands, debriefing, reading, rules, state
from sharedtable.wall.models import Note
from sharedtable.web.meetings import results
from sharedtable.web.wall import console, live, screens
from tests.security import places
from tests.security.actors import Visitor
from tests.security.cases import cases, matrix_problems
from tests.security.live_lines import line_problems
from tests.security.world import World


def page_problems(world: World, visitors: list[Visitor], methods: tuple[str, ...] = ("GET", "POST")) -> list[str]:
    """Every page of a live meeting as everybody who holds a place, in this meeting and in that of the other team."""
    some = [one for one in visitors if one.sits_in or one.name in ("visitor", "ohio convener", "ohio link meeting")]
    chosen = [case for case in cases(world, some) if case.route.name in places.PAGES and case.method in methods]
    return matrix_problems(world, chosen)


def result_problems(world: World, visitors: list[Visitor]) -> list[str]:
    """The result of a debrief as the roles of the team see it."""
    some = [one for one in visitors if one.team == "ohio" and (one.is_user or one.sits_in)]
    wanted = ("meeting-result", "meeting-result-file")
    return matrix_problems(world, [c for c in cases(world, some) if c.route.name in wanted and c.method == "GET"])


def test_every_command_and_every_page_of_a_meeting_stands_in_the_law():
    from sharedtable.web.policy import ROUTES

    assert {do.partition(" ")[0] for do in places.MAY} == set(commands.COMMANDS)
    assert set(places.PAGES) == {name for name, rule in ROUTES.items() if rule.who == "place"}


def test_pages_of_a_meeting_answer_only_the_places_that_the_law_names(world, visitors, tell):
    problems = page_problems(world, visitors, ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
    tell("places: pages wrong", len(problems))
    assert problems == [], "\n".join(problems[:40])


def test_lines_of_a_meeting_tell_and_take_only_what_the_law_says(world, visitors, tell):
    problems = line_problems(world, visitors)
    tell("places: lines wrong", len(problems))
    assert problems == [], "\n".join(problems[:40])


def test_the_result_of_a_debrief_is_for_the_team(world, visitors):
    assert result_problems(world, visitors) == []


# --- saboteurs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saboteur:
    """What is taken away, and who has to notice."""

    name: str
    probe: Callable[[World, list[Visitor]], list[str]]
    strike: Callable[[pytest.MonkeyPatch], None]


SABOTEURS: list[Saboteur] = []


def saboteur(probe: Any) -> Any:
    """Adds a function to the saboteurs."""

    def add(strike: Any) -> Any:
        SABOTEURS.append(Saboteur(strike.__name__, probe, strike))
        return strike

    return add


@saboteur(line_problems)
def the_outer_table_may_write(monkeypatch):
    monkeypatch.setattr(rules.Who, "speaks", property(lambda who: who.role in ("participant", "partner")))


@saboteur(line_problems)
def a_stream_tells_hidden_cards(monkeypatch):
    honest = state._note_for
    monkeypatch.setattr(state, "_note_for", lambda row, audience: honest({**row, "hidden": False}, audience))


@saboteur(line_problems)
def a_stream_tells_private_notes(monkeypatch):
    honest = state._note_for
    monkeypatch.setattr(state, "_note_for", lambda row, audience: honest({**row, "private": False}, audience))


@saboteur(line_problems)
def a_stream_says_who_wrote_a_card(monkeypatch):
    monkeypatch.setattr(
        state, "_note_for", lambda row, _audience: None if row["private"] or row["withdrawn"] or row["hidden"] else row
    )


@saboteur(line_problems)
def the_wall_gets_the_list_of_people(monkeypatch):
    monkeypatch.setitem(state.SEES, "wall", state.SEES["wall"] | {"people"})


@saboteur(line_problems)
def the_wall_gets_the_names_of_those_who_are_missing(monkeypatch):
    monkeypatch.setitem(state.SEES, "wall", state.SEES["wall"] | {"peers"})


@saboteur(line_problems)
def a_screen_gets_the_view_that_it_asks_for(monkeypatch):
    honest = live.asked
    monkeypatch.setattr(
        live,
        "asked",
        lambda most, query, headers: honest("facilitator" if "facilitator" in query else most, query, headers),
    )


def _sittings(monkeypatch, **careless: bool) -> None:
    from sharedtable.wall.models import Board
    from sharedtable.wall.reading import Sitting

    def found(asked: Any, kind: str = "main") -> dict[Any, Sitting]:
        boards = dict(Board.objects.filter(kind=kind).values_list("meeting_id", "pk"))
        rows = Participant.objects.filter(token_hash__in={token for token, _meeting in asked})
        rows = rows if careless.get("removed") else rows.filter(removed_at=None)
        return {
            (one.token_hash, meeting): Sitting(
                one.pk, boards[meeting], one.role, one.table, bool(one.admitted_at) or bool(careless.get("waiting"))
            )
            for one in rows
            for token, meeting in asked
            if token == one.token_hash
            and (meeting == one.meeting_id or careless.get("elsewhere"))
            and meeting in boards
        }

    monkeypatch.setattr(reading, "sittings", found)


@saboteur(line_problems)
def a_removed_place_still_reads(monkeypatch):
    _sittings(monkeypatch, removed=True)


@saboteur(line_problems)
def who_waits_at_the_door_reads(monkeypatch):
    _sittings(monkeypatch, waiting=True)


@saboteur(line_problems)
def a_place_of_another_meeting_reads(monkeypatch):
    _sittings(monkeypatch, elsewhere=True)


@saboteur(line_problems)
def a_scribe_leads(monkeypatch):
    allowed, handler = commands.COMMANDS["segment.start"]
    monkeypatch.setitem(commands.COMMANDS, "segment.start", (allowed | {"runs"}, handler))


@saboteur(line_problems)
def a_screen_counts_as_whoever_runs_the_meeting(monkeypatch):
    monkeypatch.setattr(rules.Who, "runs", property(lambda who: who.role in ("facilitator", "scribe", "projector")))


@saboteur(line_problems)
def a_phone_may_say_that_somebody_was_let_in(monkeypatch):
    allowed, handler = commands.COMMANDS["participant.admit"]
    monkeypatch.setitem(commands.COMMANDS, "participant.admit", (allowed | {"speaks"}, handler))


@saboteur(line_problems)
def cards_of_others_may_be_rewritten(monkeypatch):
    from sharedtable.wall import cards

    monkeypatch.setitem(
        commands.COMMANDS,
        "note.edit",
        (
            commands.COMMANDS["note.edit"][0],
            lambda context, command: cards.note_edit(_as_author(context, command), command),
        ),
    )


def _as_author(context: Any, command: Any) -> Any:
    return replace(context, who=replace(context.who, id=context.state.notes[command["note"]]["author"]))


@saboteur(line_problems)
def a_page_of_another_site_may_send(monkeypatch):
    monkeypatch.setattr(live, "_is_own_page", lambda headers: True)


@saboteur(page_problems)
def who_waits_at_the_door_opens_the_wall(monkeypatch):
    honest = screens._here
    monkeypatch.setattr(
        screens,
        "_here",
        lambda request: _let_in(honest(request)) if request.path.endswith("/wall") else honest(request),
    )


def _let_in(place: Participant) -> Participant:
    place.admitted_at = place.admitted_at or place.asked_at
    return place


@saboteur(page_problems)
def a_scribe_shows_people_out(monkeypatch):
    honest = console.place

    def leading(request: Any) -> Any:
        found = honest(request)
        if found is not None and found.role == "scribe" and request.path.endswith("/help"):
            found.role = "facilitator"
        return found

    monkeypatch.setattr(console, "place", leading)


@saboteur(page_problems)
def the_inner_table_is_taken_along_to_the_debrief(monkeypatch):
    from sharedtable.web.wall import debrief

    def everybody(*, by: Participant) -> Any:
        meeting = debriefing.debrief_of(by.meeting)
        assert meeting is not None
        return debriefing._take_along(by, meeting, by.role)

    monkeypatch.setattr(debrief.debriefing, "go_over", everybody)


@saboteur(page_problems)
def the_phone_lists_private_notes_of_others(monkeypatch):
    from sharedtable.wall import queries

    honest = queries.page

    def nosy(place: Participant, language: str) -> Any:
        found = honest(place, language)
        return replace(found, mine=list(Note.objects.filter(board__meeting=place.meeting_id)))

    monkeypatch.setattr(screens.queries, "page", nosy)


@saboteur(result_problems)
def the_result_shows_what_is_private(monkeypatch):
    honest = results.result

    def nosy(actor: Any, pk: int, language: str) -> Any:
        every = list(Note.objects.filter(space=actor.space).values_list("text", flat=True))
        return replace(honest(actor, pk, language), shortlist=every)

    monkeypatch.setattr(results, "result", nosy)


def inner_in_debrief_problems(world: World, visitors: list[Visitor]) -> list[str]:
    """A place of the inner table that got into the rows of a debrief opens nothing there, neither page nor line."""
    from tests.security.cases import ask as ask_page
    from tests.security.live_lines import ask

    found = []
    for one in visitors:
        if one.place == "of the inner table in the debrief":
            status = ask_page(one, "GET", f"/live/{one.sits_in}/").status_code
            found += [f"{one.name} opens the page: {status}"] * (status != 404)
            status, _text = ask(one, one.sits_in, "stream")
            found += [f"{one.name} opens the stream: {status}"] * (status != 404)
    return found


def test_the_inner_table_reads_no_debrief_however_it_got_there(world, visitors):
    assert inner_in_debrief_problems(world, visitors) == []


@saboteur(inner_in_debrief_problems)
def the_lines_of_a_debrief_do_not_look_at_the_table(monkeypatch):
    monkeypatch.setattr(reading, "_is_for", lambda role, table, name: True)


@saboteur(inner_in_debrief_problems)
def the_pages_of_a_debrief_do_not_look_at_the_table(monkeypatch):
    monkeypatch.setattr(Participant, "is_admitted", property(lambda place: True))


@pytest.mark.sabotage
@pytest.mark.parametrize("one", SABOTEURS, ids=lambda one: one.name)
def test_a_saboteur_of_a_meeting_is_noticed(one: Saboteur, world, visitors, monkeypatch):
    one.strike(monkeypatch)
    assert one.probe(world, visitors), f"nobody noticed that {one.name.replace('_', ' ')}"
