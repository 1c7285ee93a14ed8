"""The story prompts: numbers come from the record, what it does not know stays blank, a zero is a zero."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from sharedtable.errors import Missing
from sharedtable.library import story_queries
from sharedtable.method import articles
from sharedtable.partnerships import clocking, seating

pytestmark = pytest.mark.django_db


def numbers(cast, role: str = "convener") -> dict[str, str | None]:
    cast.ohio.partnership.refresh_from_db()
    return story_queries.story_numbers(cast.ohio.actor(role), cast.ohio.partnership)


def test_every_place_of_a_prompt_has_an_answer_and_the_other_way_round(cast) -> None:
    assert set(numbers(cast)) == articles.PLACES


def test_numbers_are_counted_and_what_is_not_known_is_none(cast) -> None:
    team = cast.ohio
    by = team.actor("convener")
    seating.give_seat(by=by, partnership=team.partnership, role="champion", person=team.champion)
    found = numbers(cast)
    assert found["champions"] == "1" and found["companies"] == "1" and found["members"] == "2"
    assert found["seat_changes"] == "0"
    assert (found["counties"], found["sector"], found["launch"], found["convener_hours"]) == (None,) * 4
    clocking.set_meeting(by=by, partnership=team.partnership, on=date(2026, 1, 9), is_launch=True)
    assert numbers(cast)["launch"] is not None and numbers(cast)["meetings"] == "1"


def test_a_launch_that_is_to_come_is_no_story_yet(cast) -> None:
    soon = timezone.localdate() + timedelta(days=9)
    clocking.set_meeting(by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, on=soon, is_launch=True)
    assert numbers(cast)["launch"] is None and numbers(cast)["meetings"] == "0"


def test_a_prompt_with_a_gap_waits_with_a_line_in_it(cast) -> None:
    page = story_queries.story_page(cast.ohio.actor("adviser"), "plastics", "en")
    assert len(page.ready) + len(page.waiting) == 25
    waiting = {one.title: one.text for one in page.waiting}
    assert waiting["A region without lines"].startswith("____ counties work together in ____.")
    assert waiting["Passing the seat on"].startswith("0 seats changed hands")


@pytest.mark.parametrize("language", ["en", "es"])
def test_words_fit_the_number(cast, language) -> None:
    page = story_queries.story_page(cast.ohio.actor("convener"), "plastics", language)
    text = " ".join(one.text for one in (*page.ready, *page.waiting))
    assert "{" not in text and "|" not in text
    assert ("1 chair signed" if language == "en" else "1 persona que preside firmó") in text


def test_a_story_of_another_team_is_not_there(cast) -> None:
    with pytest.raises(Missing):
        story_queries.story_numbers(cast.maine.actor("convener"), cast.ohio.partnership)
    with pytest.raises(Missing):
        story_queries.story_page(cast.ohio.actor("state"), "plastics", "en")


def test_the_page_costs_the_same_however_many_sit_there(cast, django_assert_num_queries) -> None:
    team, by = cast.ohio, cast.ohio.actor("convener")
    story_queries.story_numbers(by, team.partnership)
    with django_assert_num_queries(11):
        story_queries.story_numbers(by, team.partnership)
    seating.give_seat(by=by, partnership=team.partnership, role="champion", person=team.champion)
    with django_assert_num_queries(11):
        story_queries.story_numbers(by, team.partnership)
