"""Example teams after real stories: laid through the actions, with the story's figures, and taken away again."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from sharedtable.accounts.actors import VISITOR, Actor, actor_of_user
from sharedtable.accounts.models import Space
from sharedtable.errors import Missing, Refused
from sharedtable.example import stories
from sharedtable.example.install import example_user, install_example, laid, remove_example
from sharedtable.ledger import queries as ledger_queries
from sharedtable.ledger.models import Entry
from sharedtable.library.story_queries import story_numbers
from sharedtable.meetings.models import Meeting
from sharedtable.method import articles
from sharedtable.partnerships.models import Deadline, Decision, Partnership, Seat
from sharedtable.people.models import Organisation, Person
from sharedtable.plans import queries as plan_queries
from sharedtable.steps.tracker import tracker

HERE = Actor("operator", is_operator=True)
# What the stories say: members on the day of the launch and now, counties, areas for action.
FIGURES = {
    "green-alliance": (8, 42, 4, 2),
    "lane-county": (32, 80, 1, 6),
    "lewistown": (12, 12, 1, 2),
    "northern-colorado": (14, 150, 2, 3),
    "phoenix": (71, 143, 1, 3),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_an_example_holds_the_figures_of_its_story_and_the_record_holds(name: str) -> None:
    user = install_example(by=HERE, slug=f"example-{name}")
    made = Partnership.objects.get(space__slug=f"example-{name}")
    found = story_numbers(actor_of_user(user, f"example-{name}"), made)
    at_launch, now, counties, areas = FIGURES[name]
    first = Seat.objects.filter(partnership=made, role="member", started_on=made.launch_on)
    assert first.count() == at_launch
    assert (found["members"], found["counties"], found["action_areas"]) == (str(now), str(counties), str(areas))
    assert not Deadline.objects.filter(partnership=made, done_on=None, due_on__lt=made.made_at.date()).exists()
    verdict = ledger_queries.verdict()
    assert verdict.holds and verdict.entries > 50


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_an_example_that_launched_has_its_priorities_and_no_page_after_the_launch_is_empty(name: str) -> None:
    user = install_example(by=HERE, slug=f"example-{name}")
    by, made = actor_of_user(user, f"example-{name}"), Partnership.objects.get(space__slug=f"example-{name}")
    areas = {area["title"]: area for area in stories.team_files()[name]["area"]}
    found = plan_queries.overview(by, made)
    assert {kept.area.title for kept in found.priorities} == set(areas)
    for kept in found.priorities:
        wanted = areas[kept.area.title]
        assert [card.text for card in kept.cards] == wanted["cards"]
        assert len(kept.champions) == wanted["champions"] == kept.area.champions_count
        assert all(one.person and one.seat and one.company for one in kept.champions)
        assert {card.table for card in kept.cards} == {"inner"}
    assert found.resting and found.tasks and len(found.closings) == 1
    launch = Meeting.objects.get(partnership=made, run="launch")
    assert launch.frozen_at and launch.starts_at.astimezone(launch.space.zone).date() == made.launch_on
    came = launch.participants.filter(role__in=("participant", "partner")).count()
    held = next(tool.told.says for tool in tracker(by, made, 4).tools if tool.key == "launch_held")
    assert held == f"{came} came" and (name != "phoenix" or came == 80)  # not counting the screen and the facilitator
    ahead = Meeting.objects.filter(partnership=made, starts_at__gt=timezone.now())
    assert ahead or plan_queries.product(by, launch.pk).next_at > timezone.now()
    told = {tool.key: tool.told.is_done for tool in tracker(by, made, 4).tools}
    assert told["launch_held"] and told["priorities"] and told["champions"]
    verbs = set(Entry.objects.filter(space_id=made.space_id).values_list("verb", flat=True))
    assert {"meeting.plan", "meeting.type_in", "meeting.freeze", "priorities.write", "task.begin"} <= verbs


@pytest.mark.django_db
def test_the_growth_and_the_hand_over_are_those_of_the_stories() -> None:
    install_example(by=HERE, slug="example-northern-colorado")
    made = Partnership.objects.get(space__slug="example-northern-colorado")
    half_a_year = made.launch_on.toordinal() + 183
    joined = Seat.objects.filter(partnership=made, role="member").values_list("started_on", flat=True)
    assert 50 < sum(day.toordinal() <= half_a_year for day in joined) < 60
    install_example(by=HERE, slug="example-phoenix")
    seats = Seat.objects.filter(partnership__space__slug="example-phoenix", role="convener").order_by("pk")
    assert [seat.ended_on is None for seat in seats] == [False, True]
    assert Decision.objects.get(partnership__space__slug="example-phoenix").kind == "convener"


@pytest.mark.django_db
def test_an_example_is_taken_away_and_laid_afresh() -> None:
    first = install_example(by=HERE, slug="example-lewistown")
    assert laid() == {"example-lewistown"}
    with pytest.raises(Missing):
        remove_example(by=VISITOR, slug="example-lewistown")
    remove_example(by=HERE, slug="example-lewistown")
    assert laid() == set() and example_user("example-lewistown") is None
    assert actor_of_user(first, "example-lewistown").space is None
    with pytest.raises(Missing):
        remove_example(by=HERE, slug="example-lewistown")
    again = install_example(by=HERE, slug="example-lewistown")
    assert again.pk == first.pk and laid() == {"example-lewistown"}


@pytest.mark.django_db
def test_a_real_team_is_never_taken_away(cast) -> None:
    with pytest.raises(Missing):
        remove_example(by=HERE, slug="ohio")
    assert Space.objects.get(slug="ohio").closed_at is None


@pytest.mark.django_db
def test_a_break_at_the_end_leaves_nothing(monkeypatch) -> None:
    monkeypatch.setattr("sharedtable.partnerships.clocking.add_deadline", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        install_example(by=HERE, slug="example-lewistown")
    assert not Space.objects.exists() and not Person.objects.exists()


@pytest.mark.django_db
def test_everybody_is_made_up_and_nobody_comes_twice() -> None:
    install_example(by=HERE, slug="example-phoenix")
    names = list(Person.objects.values_list("name", flat=True))
    assert len(names) == len(set(names)) > 150
    assert all(email.endswith(".example") for email in Person.objects.values_list("email", flat=True))
    places = list(Organisation.objects.values_list("name", flat=True))
    assert len(places) == len(set(places))
    sources = " ".join(path.read_text(encoding="utf-8") for path in stories.FOLDER.glob("*.toml"))
    assert not re.search(r"Payne|Edman|Lindley|Stanton|Woodward", sources)


def test_every_example_follows_a_story_that_names_it() -> None:
    told = {entry.more["example"]: entry.id for entry in articles.shelf("stories").values() if "example" in entry.more}
    assert {name: data["story"] for name, data in stories.team_files().items()} == told
    assert set(told) == set(FIGURES)


def test_a_file_with_a_mistake_is_refused_by_name(tmp_path) -> None:
    text = (stories.FOLDER / "lewistown.toml").read_text(encoding="utf-8")
    file = tmp_path / "lewistown.toml"
    file.write_text(text.replace("began_days", "begun_days"), encoding="utf-8")
    with pytest.raises(Refused, match="lewistown.toml"):
        stories._team_file(file)
