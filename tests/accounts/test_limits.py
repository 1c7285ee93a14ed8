"""Buckets: a statement each, right under many hands at once, and kind to who types the right code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from sharedtable.accounts import limits
from sharedtable.accounts.limits import Limit
from sharedtable.accounts.models import Bucket

FEW = Limit("few", 3, 60)


@pytest.mark.django_db
def test_a_bucket_gives_what_it_holds_and_then_nothing():
    assert [limits.take(FEW, "a") for _ in range(5)] == [True, True, True, False, False]
    assert limits.take(FEW, "b")
    assert limits.is_empty(FEW, "a")
    assert not limits.is_empty(FEW, "nobody yet")


@pytest.mark.django_db
def test_a_bucket_fills_again_with_time_and_never_over_its_rim():
    with time_machine.travel("2026-11-28 12:00:00Z", tick=False) as clock:
        assert all(limits.take(FEW, "a") for _ in range(3))
        clock.shift(19)
        assert not limits.take(FEW, "a")
        clock.shift(2)
        assert limits.take(FEW, "a")
        assert not limits.take(FEW, "a")
        clock.shift(6_000)
        assert [limits.take(FEW, "a") for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_a_clock_that_goes_back_gives_nothing_away():
    with time_machine.travel("2026-11-28 12:00:00Z", tick=False) as clock:
        assert all(limits.take(FEW, "a") for _ in range(3))
        clock.shift(-600)
        assert not limits.take(FEW, "a")


@pytest.mark.django_db
def test_a_token_that_is_given_back_can_be_taken_again_and_no_more():
    assert all(limits.take(FEW, "a") for _ in range(3))
    limits.give_back(FEW, "a")
    assert [limits.take(FEW, "a"), limits.take(FEW, "a")] == [True, False]
    for _ in range(9):
        limits.give_back(FEW, "a")
    assert [limits.take(FEW, "a") for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_once_is_once_also_over_midnight():
    with time_machine.travel("2026-11-28 23:59:50Z", tick=False) as clock:
        assert limits.once("code", "7", 120)
        clock.shift(20)
        assert not limits.once("code", "7", 120)


@pytest.mark.django_db
def test_no_address_is_kept_and_tomorrow_the_key_is_another():
    with time_machine.travel("2026-11-28 12:00:00Z", tick=False) as clock:
        limits.take(FEW, "203.0.113.9")
        clock.shift(24 * 3600)
        limits.take(FEW, "203.0.113.9")
    keys = list(Bucket.objects.values_list("key", flat=True))
    assert len(set(keys)) == 2
    assert all("203" not in key or len(key) == 64 for key in keys)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_no_more_than_there_is():
    def take_one(_turn: int) -> bool:
        try:
            return limits.take(Limit("crowd", 20, 10_000), "door")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(take_one, range(100)))
    assert taken == 20
