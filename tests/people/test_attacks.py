"""A piece of the two attacks that `benchmarks/bench_imports.py` runs in full: damaged files, and a writer killed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sharedtable.people.importing import worker
from tests.cast import Cast

BENCH = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def attacks(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    import bench_imports

    return bench_imports


@pytest.mark.django_db
def test_damaged_lists_end_in_a_sentence_or_in_the_record_and_never_half(cast: Cast, attacks, monkeypatch):
    monkeypatch.setattr(attacks, "forked", worker.answer)
    found = attacks.run_fuzz(cast.ohio.actor("convener"), 150, seed=1)
    assert found["partial"] == 0
    assert set(found["became"]) <= {"brought in", "refused"}
    assert min(found["became"].values()) > 20


@pytest.mark.skipif(sys.platform != "linux", reason="kills processes")
def test_a_program_that_is_killed_while_it_writes_leaves_all_or_nothing(attacks):
    became = attacks.kill(3, rows=200, seed=2)
    assert set(became) <= {"nothing", "all"}
