"""The step at hand: every tool leads to a page and knows when it is done; nothing of later steps shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from sharedtable.errors import Missing
from sharedtable.meetings import actions as meetings
from sharedtable.method import lists, tools
from sharedtable.partnerships import actions, clocking, deciding, scoping, seating
from sharedtable.partnerships.models import Decision, Step
from sharedtable.steps import done, tracker, turning
from sharedtable.steps.facts import Facts
from sharedtable.worksheets import outcome_actions, round_actions
from tests.web.conftest import words
from tests.worksheets.rounds import begun

pytestmark = pytest.mark.django_db
P = "/s/ohio/p/plastics/"


def converters() -> dict[str, list[str]]:
    """Route name → what its address names, from the very resolver that serves it."""
    found: dict[str, list[str]] = {}

    def walk(resolver: URLResolver, above: list[str]) -> None:
        for entry in resolver.url_patterns:
            names = [*above, *entry.pattern.converters]
            if isinstance(entry, URLResolver):
                walk(entry, names)
            elif entry.name:
                found[entry.name] = names

    walk(get_resolver(), [])
    return found


def test_every_tool_of_the_registry_has_a_page_a_query_and_a_step(cast):
    known, names = converters(), {"space": "ohio", "partnership": "plastics", "tool": "what-works"}
    facts = Facts(cast.ohio.actor("convener"), cast.ohio.partnership)
    for item in lists.items("step_tools").values():
        route, more = item.more["route"], item.more
        assert route in known, f"{item.id}: there is no page {route}"
        arguments = ["ohio", more["tool"]] if route == "worksheet" else list(tracker._arguments(route, facts))
        assert len(arguments) == len(known[route]), f"{item.id}: {route} takes {known[route]}"
        assert reverse(route, args=[names.get(name, "x") for name in known[route]])
        assert more["done"] in done.QUERIES, f"{item.id}: there is no query {more['done']}"
        assert 1 <= more["step"] <= 6
        assert (route == "worksheet") == ("tool" in more)
        if "tool" in more:
            assert tools.tool(more["tool"]).sheet("en").step == more["step"]
        assert more.get("kind", "action") in ("admin", "action")
        assert done.QUERIES[more["done"]](facts, item).says is not None


def test_every_query_is_used_and_every_turning_point_has_one():
    assert {item.more["done"] for item in lists.items("step_tools").values()} == set(done.QUERIES)
    assert {item.more["done"] for item in lists.items("turning_points").values()} == set(turning.FINDERS)


@pytest.mark.parametrize(("tool", "count"), [
    ("review-team", 2), ("review-scope", 2), ("review-launch-ready", 3), ("review-launch", 5), ("review-action", 6),
    ("review-sustain", 3),
])  # fmt: skip
def test_each_step_closes_with_its_review_that_has_its_number_of_questions(tool, count):
    last = {item.more["tool"] for item in lists.items("step_tools").values() if item.more.get("is_last")}
    assert tool in last
    sheet = tools.tool(tool).sheet("en")
    # Worth for four groups is one question; what the record says and free words are none.
    asked = [s for s in sheet.sections if s.title not in ("In your own words", "What the record says")]
    numbered = {s.title.split(":")[0] for s in asked if any(q.is_answered_by_people for q in s.questions)}
    assert len(numbered) == count, numbered


def test_a_tool_is_done_when_its_thing_is_and_says_by_whom(cast):
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    actions.set_step(by=by, partnership=one, number=2, state="under_way")
    before = tracker.tracker(by, one)
    assert before.step.number == 2
    assert before.next is not None and before.next.key == "data"
    scoping.make_version(by=by, partnership=one, based_on=0, region="39049", sector="3261", note="")
    wanted = deciding.Wanted(
        "Which first?", "sector", options=[deciding.Choice("A"), deciding.Choice("B")], chosen="A", reasons="R"
    )
    deciding.decide(by=by, partnership=one, wanted=wanted)
    found = {tool.key: tool for tool in tracker.tracker(by, one).tools}
    assert found["data"].told.is_done and found["sector"].told.is_done
    assert found["sector"].told.says == "A"
    assert found["sector"].who == by.name
    assert not found["scope"].told.is_done and found["scope"].told.is_begun


def test_an_optional_tool_never_comes_next_and_a_step_that_is_done_asks_for_nothing(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    actions.set_step(by=by, partnership=team.partnership, number=2, state="under_way")
    scoping.make_version(by=by, partnership=team.partnership, based_on=0, region="39049", sector="3261", note="")
    found = tracker.tracker(by, team.partnership)
    keys = [tool.key for tool in found.tools]
    # The walk stands before the choice of an industry, and is left out without a word.
    assert keys.index("walk") < keys.index("sector") and found.next is not None and found.next.key == "sector"
    assert not {"walk", "facts", "workshop", "map"} & {tool.key for tool in found.needed}
    page = words(cast.client("convener").get(P))
    assert "Walk through the figures optional" in page and "1 of 4 done" in page
    actions.set_step(by=by, partnership=team.partnership, number=2, state="done")
    assert tracker.tracker(by, team.partnership, 2).next is None
    page = words(cast.client("convener").get(P + "?step=2"))
    assert "comes next" not in page and "Your team called this step done" in page


def test_when_all_is_there_that_a_step_needs_the_rest_is_said_to_be_optional(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    actions.set_step(by=by, partnership=team.partnership, number=6, state="under_way")
    found = tracker.tracker(by, team.partnership)
    assert not found.is_whole and {tool.key for tool in found.needed} == {"succession", "review_sustain"}
    both = [replace(tool, told=done.Told(not tool.is_optional)) for tool in found.tools]
    assert replace(found, tools=both).is_whole
    assert not replace(found, tools=[replace(tool, told=done.Told(True)) for tool in both]).is_whole


def test_a_worksheet_leads_to_where_its_round_is(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    actions.set_step(by=by, partnership=team.partnership, number=1, state="under_way")

    def case() -> tracker.Tool:
        return next(tool for tool in tracker.tracker(by, team.partnership).tools if tool.key == "case")

    assert case().route == "worksheet-start"
    made = begun(team, [team.chair, team.partner])
    assert (case().route, case().arguments) == ("round", ("ohio", made.pk))
    assert case().told.says == "0 of 2 have answered"
    round_actions.reveal(made.pk, by=by)
    assert case().route == "round-results" and case().told.is_done


def test_the_home_shows_the_step_at_hand_and_tabs_of_later_steps_wait_behind_one_click(cast):
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    actions.set_step(by=by, partnership=one, number=1, state="under_way")
    page = cast.client("convener").get(P)
    assert "Work session of the support team" in words(page)
    assert "Are we ready to launch?" not in words(page)
    later = {str(tab["title"]) for tab in page.context["later_tabs"]}
    assert later == {
        "Scope", "Companies", "Connections", "Map", "Meetings", "Priorities", "Clock", "Sharing",
    }  # fmt: skip
    assert {"Talking points", "Roles and responsibilities"} <= {str(tab["title"]) for tab in page.context["beside"]}
    assert "Show everything" in words(page)
    actions.set_step(by=by, partnership=one, number=6, state="under_way")
    later = {str(tab["title"]) for tab in cast.client("convener").get(P).context["later_tabs"]}
    assert later == {"Hours", "Agreement"}, "work of the first step makes room for what comes now"
    assert "What the state sees" in words(cast.client("convener").get(P + "?step=6"))


def test_a_page_of_a_later_step_shows_its_tab_while_it_is_open(cast):
    page = cast.client("convener").get(P + "map/")
    assert "Map" in [str(tab["title"]) for tab in page.context["tabs"]]


def test_more_organizing_than_doing_is_told_only_where_both_are_counted(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    clocking.set_meeting(by=by, partnership=team.partnership, on=timezone.localdate(), is_launch=False)
    facts = Facts(by, team.partnership)
    assert (tracker.balance(facts).admin, tracker.balance(facts).action) == (2, 0)
    assert not tracker.balance(facts).is_top_heavy
    made = begun(team, [team.chair])
    round_actions.reveal(made.pk, by=by)
    outcome_actions.pledge(made.pk, by=by, who="Casey", what="Call three firms")
    assert tracker.balance(Facts(by, team.partnership)).is_top_heavy
    assert "More organizing than doing" in words(cast.client("convener").get(P))


def test_who_may_not_see_the_partnership_sees_no_tools(cast):
    with pytest.raises(Missing):
        tracker.tracker(cast.ohio.actor("state"), cast.ohio.partnership)
    with pytest.raises(Missing):
        tracker.tracker(cast.maine.actor("convener"), cast.ohio.partnership)


def test_who_may_see_no_meetings_sees_none_on_the_timeline_and_gets_no_link_that_is_closed_to_them(cast):
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    meetings.plan(
        by=by, partnership=one, run="launch", title="Launch in the old mill", place="Mill", starts_at=timezone.now()
    )
    actions.set_step(by=by, partnership=one, number=1, state="under_way")
    assert "old mill" in words(cast.client("convener").get(P + "timeline/"))
    economist = cast.client("economist")
    assert "old mill" not in words(economist.get(P + "timeline/"))
    page = economist.get(P + "?step=1")
    addresses = {tool.key: address for tool, address in page.context["tools"]}
    assert addresses["session"] == "" and addresses["agreement"]
    for address in filter(None, addresses.values()):
        assert economist.get(address).status_code == 200, address


# --- turning points ---------------------------------------------------------------------------------------------------


def test_turning_points_stand_on_the_timeline_with_their_day_and_their_evidence(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    one = team.partnership
    empty = {point.key: point for point in turning.timeline(by, one).points}
    assert empty["business_asks_business"].on is None
    seating.give_seat(by=by, partnership=one, role="chair", person=team.champion, started_on=date(2026, 3, 2))
    scoping.make_version(by=by, partnership=one, based_on=0, region="39049", sector="3261", note="")
    found = {point.key: point for point in turning.timeline(by, one).points}
    chairs = found["business_asks_business"]
    assert chairs.on is not None and team.champion.name in chairs.evidence
    page = words(cast.client("convener").get(P + "timeline/"))
    assert "Business asks business" in page and team.champion.name in page
    assert "Scope, version 1" in page
    assert Step.objects.count() == len(turning.Facts(by, one).steps)


def test_a_launch_is_a_turning_point_only_when_people_came(cast):
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    made = meetings.plan(
        by=by, partnership=one, run="launch", title="Launch day", place="Hall",
        starts_at=timezone.now() - timedelta(days=3),
    )  # fmt: skip
    assert {p.key for p in turning.timeline(by, one).points if p.on} & {"business_speaks"} == set()
    made.participants.create(
        space=cast.ohio.space, person=cast.ohio.chair, role="participant", table="inner", name="Casey",
        asked_at=timezone.now(), admitted_at=timezone.now(),
    )  # fmt: skip
    point = next(p for p in turning.timeline(by, one).points if p.key == "business_speaks")
    assert point.on is not None and "1 person came" in point.evidence


def test_a_decision_of_the_inner_table_stands_on_no_other_timeline(cast):
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    Decision.objects.create(
        space=cast.ohio.space, partnership=one, kind="executive", question="Secret of the inner table", level="inner",
        chosen="x", decided_on=timezone.localdate(), made_at=timezone.now(), made_by=by.ref,
    )  # fmt: skip
    assert "Secret" in words(cast.client("convener").get(P + "timeline/"))
    assert "Secret" not in words(cast.client("agency").get(P + "timeline/"))


def test_the_queries_of_the_home_and_the_timeline_do_not_grow(cast, django_assert_max_num_queries):
    team = cast.ohio
    for _n in range(3):
        begun(team, [team.chair])
    client = cast.client("convener")
    for address, most in ((P, 40), (P + "timeline/", 30), (P + "meetings/", 20)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
