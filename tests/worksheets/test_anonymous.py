"""Anonymous means that nobody can join name and answer: not in the tables, not in their order, not in the record."""

from __future__ import annotations

import random

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from sharedtable.accounts.links import hash_of
from sharedtable.errors import Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.people.models import Membership, Organisation
from sharedtable.worksheets import answering, queries, result_queries, round_actions
from sharedtable.worksheets.models import Answer, Asked, Round, Sheet
from tests.worksheets.rounds import KEY, all_answer, answer, begun, holder, seats

pytestmark = pytest.mark.django_db


def rows(table: str) -> list[tuple[object, ...]]:
    """A table as a backup would hold it, in the order in which the database keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return cursor.fetchall()


def many(cast, inner: int = 12, outer: int = 0):
    team = cast.ohio
    people = [*seats(team, inner), *seats(team, outer, table="outer")]
    return team, people, begun(team, people, is_anonymous=True)


def test_no_column_of_a_sheet_or_an_answer_says_whose_it_is(cast):
    team, people, made = many(cast)
    all_answer(made, people, [1 + n % 5 for n in range(12)])
    for sheet in Sheet.objects.all():
        assert (sheet.asked_id, sheet.name, sheet.begun_at) == (None, "", None)
    points = {Answer: {"sheet", "space"}, Sheet: {"asked", "round", "space"}}
    for model, known in points.items():
        found = {f.name for f in model._meta.get_fields() if isinstance(f, models.ForeignKey)}
        assert found == known
    assert not [f for f in Sheet._meta.local_fields if isinstance(f, models.DateTimeField) and f.name != "begun_at"]
    assert not [f for f in Answer._meta.local_fields if isinstance(f, models.DateTimeField)]


def test_the_number_of_a_person_or_a_link_stands_nowhere_near_a_sheet(cast):
    team, people, made = many(cast)
    all_answer(made, people, [1 + n % 5 for n in range(12)])
    hashes = {hash_of(KEY.format(n)) for n in range(12)}
    ours = [m for m in apps.get_models() if m.__module__.startswith("sharedtable.") and m not in (Sheet, Answer)]
    keys = {str(pk) for pk in Sheet.objects.values_list("pk", flat=True)} | hashes
    for model in ours:
        for row in rows(model._meta.db_table):
            assert not any(key in str(value) for value in row for key in keys), model


def test_the_order_of_the_tables_tells_nothing(cast):
    """Everybody answers in the order of the list; were the order kept, each could be read off. It is by lot."""
    team, people, made = many(cast, 12)
    all_answer(made, people, [1] * 6 + [5] * 6)
    in_table = list(rows(Answer._meta.db_table))
    values = [next(str(v) for v in row if str(v) in ("1", "5")) for row in in_table]
    assert sorted(values) == ["1"] * 6 + ["5"] * 6
    numbers = list(Sheet.objects.order_by("pk").values_list("key_hash", flat=True))
    typed = [hash_of(KEY.format(n)) for n in range(12)]
    assert numbers != typed
    assert made.__class__.objects.get(pk=made.pk).begun_by == sorted(made.asked.values_list("pk", flat=True))


def test_who_has_begun_is_one_sorted_list_whatever_the_order(cast):
    team, people, made = many(cast)
    shuffled = list(people)
    random.Random(4).shuffle(shuffled)
    for number, person in enumerate(shuffled):
        answering.begin(by=holder(made, person), key=KEY.format(number))
        found = Round.objects.get(pk=made.pk).begun_by
        assert found == sorted(found)
    assert not [f for f in Asked._meta.local_fields if isinstance(f, models.DateTimeField | models.BooleanField)]


def test_the_record_of_what_happened_and_the_outbox_stay_silent(cast):
    team, people, made = many(cast)
    before = (Entry.objects.count(), Letter.objects.count())
    all_answer(made, people, [3] * 12)
    for number, person in enumerate(people):
        answering.hand_in(by=holder(made, person), key=KEY.format(number))
    assert (Entry.objects.count(), Letter.objects.count()) == before


def test_when_the_result_is_shown_keys_go_and_sheets_are_written_anew(cast):
    team, people, made = many(cast)
    all_answer(made, people, [1 + n % 5 for n in range(12)])
    before = set(Sheet.objects.values_list("pk", flat=True))
    kept = sorted(Answer.objects.values_list("question", "value"))
    round_actions.reveal(made.pk, by=team.actor("convener"))
    assert not before & set(Sheet.objects.values_list("pk", flat=True))
    assert set(Sheet.objects.values_list("key_hash", flat=True)) == {""}
    assert set(Answer.objects.values_list("device", flat=True)) == {""}
    assert sorted(Answer.objects.values_list("question", "value")) == kept


def test_the_names_of_who_answered_are_not_shown_even_to_the_convener(cast):
    team, people, made = many(cast)
    all_answer(made, people[:3], [1, 2, 3])
    page = queries.round_page(team.actor("convener"), made.pk, "en")
    assert {done for _asked, done in page.progress.names} == {None}
    round_actions.reveal(made.pk, by=team.actor("convener"))
    shown = result_queries.result_page(team.actor("convener"), made.pk, "en")
    assert not shown.shows_names


def test_a_sheet_carries_a_table_only_where_five_or_more_share_it(cast):
    team, people, made = many(cast, 6, 2)
    assert made.splits == []
    all_answer(made, people, [3] * 8)
    assert set(Sheet.objects.values_list("table", "system")) == {("", "")}
    more = [*people, *seats_more(team, 4)]
    second = begun(team, more, is_anonymous=True)
    assert second.splits == ["table", "system"]


def seats_more(team, count):
    from sharedtable.partnerships.models import Seat

    made = seats(team, count)
    Seat.objects.filter(person__in=made).update(table="outer")
    from sharedtable.people.models import Membership

    Membership.objects.filter(person__in=made).update(organisation=team.college)
    return made


def test_groups_under_five_are_not_split_and_one_small_group_closes_the_split(cast):
    team, people, made = many(cast, 6, 6)
    all_answer(made, people[:10], [1] * 6 + [5] * 4)  # six of one table, four of the other
    round_actions.reveal(made.pk, by=team.actor("convener"))
    result = result_queries.result_page(team.actor("convener"), made.pk, "en").results.results["clusters"]
    assert result.by_table == result.by_system == ()
    second = begun(team, people, is_anonymous=True)
    all_answer(second, people, [1] * 6 + [5] * 6)
    round_actions.reveal(second.pk, by=team.actor("convener"))
    result = result_queries.result_page(team.actor("convener"), second.pk, "en").results.results["clusters"]
    assert {(g.key, g.answers, g.average) for g in result.by_table} == {("inner", 6, 1.0), ("outer", 6, 5.0)}


def test_the_last_review_shows_what_each_system_says_of_its_worth(cast):
    team, people = cast.ohio, []
    for place, system in enumerate(["business", "education", "workforce", "economic_development"]):
        ours = seats(team, 5, table="outer" if place else "inner")
        if place:
            house = Organisation.objects.create(
                space=team.space,
                name=f"House {place}",
                kind="support",
                system=system,
                made_at=timezone.now(),
                changed_at=timezone.now(),
            )
            Membership.objects.filter(person__in=ours).update(organisation=house)
        people += ours
    made = begun(team, people, "review-sustain", is_anonymous=True)
    for n, person in enumerate(people):
        answering.begin(by=holder(made, person), key=KEY.format(n))
        answer(holder(made, person), {"firms-cost": 1 + n // 5}, key=KEY.format(n))
    round_actions.reveal(made.pk, by=team.actor("convener"))
    result = result_queries.result_page(team.actor("convener"), made.pk, "en").results.results["firms-cost"]
    assert {(g.key, g.answers, g.average) for g in result.by_system} == {
        ("business", 5, 1.0), ("education", 5, 2.0), ("workforce", 5, 3.0), ("economic_development", 5, 4.0),
    }  # fmt: skip


def test_too_few_answers_are_not_shown_at_all(cast):
    team, people, made = many(cast)
    all_answer(made, people[:2], [1, 5])
    with pytest.raises(Refused, match="needs 3"):
        round_actions.reveal(made.pk, by=team.actor("convener"))
    answering.begin(by=holder(made, people[2]), key=KEY.format(2))
    with pytest.raises(Refused, match="needs 3"):  # begun, but nothing said
        round_actions.reveal(made.pk, by=team.actor("convener"))
    answer(holder(made, people[2]), {"next": "More of it"}, key=KEY.format(2))
    round_actions.reveal(made.pk, by=team.actor("convener"))
    results = result_queries.result_page(team.actor("convener"), made.pk, "en").results.results
    assert (results["clusters"].is_hidden, results["clusters"].average) == (True, None)
    assert (results["next"].is_hidden, results["next"].words) == (True, ())
