"""The hot copy: the same numbers kept as read, dropped when the store changes, and safe to build or lose any time."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sharedtable.lmi import Region, Store, levels, naics, rank
from sharedtable.lmi import cube as cube_module
from sharedtable.lmi.cube import DEEPEST_KEPT_DIGITS, Cube, DepthAxis, Ownership, cube_of
from tests.lmi import worlds
from tests.lmi.conftest import OHIO_COUNTIES

REGION = Region.of("39041,39045")
LOADED = {2016: ["39041", "39045"], 2020: ["39041", "39045", "39049"], 2022: ["39041", "39045"]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A small store that a test may change."""
    made = Store(tmp_path / "data", create=True)
    worlds.write(made, worlds.make(LOADED, 0.3, 11).rows)
    return made


def answers(store: Store) -> list[list[dict[str, Any]]]:
    return [rank(store, REGION, digits=digits, year=2022).rows for digits in (2, 3, 4)]


@pytest.mark.parametrize("ownership", ["private", "total"])
@pytest.mark.parametrize("digits", range(2, DEEPEST_KEPT_DIGITS + 1))
def test_kept_levels_equal_levels_read_for_the_asked_areas(ohio: Store, ownership: Ownership, digits: int) -> None:
    cube = cube_of(ohio)
    rows = cube.positions(OHIO_COUNTIES)
    for year in cube.years:
        for vintage in {2022, naics.vintage_of_year(year)}:
            axis = DepthAxis(digits, vintage)
            kept = cube.level(year, axis, ownership)
            read = cube.level_of(OHIO_COUNTIES, year, axis, ownership)
            assert kept.cells.shape == (len(cube.areas), 5, len(axis.codes))
            assert np.array_equal(kept.cells[rows], read.cells)
            assert np.array_equal(kept.wages_usd[rows], read.wages_usd)
            alone = [cube.level_of((area,), year, axis, ownership).cells[0] for area in OHIO_COUNTIES[:3]]
            assert np.array_equal(np.stack(alone), read.cells[:3])
            assert read.cells.any()


def test_a_level_opened_from_disk_equals_the_one_just_built(ohio: Store) -> None:
    axis = DepthAxis(4, 2022)
    first = cube_of(ohio).level(2022, axis, "private")
    again = Cube(Store(ohio.root)).level(2022, axis, "private")
    assert np.array_equal(first.cells, again.cells)
    assert np.array_equal(first.wages_usd, again.wages_usd)


def test_a_new_load_changes_the_answers_at_once(store: Store) -> None:
    before = answers(store)
    assert answers(store) == before
    kept = folders(store)
    worlds.write(store, worlds.make({2022: ["39041", "39045"]}, 0.0, 12).rows)
    after = answers(store)
    assert after != before
    assert after == answers(Store(store.root))
    assert all(row["withheld_cells"] == 0 for rows in after for row in rows)
    # Levels of the year that changed are swept away, those of the other years stay.
    now = folders(store)
    assert {name for name in kept if name.startswith("2022")}.isdisjoint(now)
    assert {name for name in kept if not name.startswith("2022")} <= now
    assert len(kept) == len(now)


def folders(store: Store) -> set[str]:
    """The kept levels on disk."""
    return {path.parent.name for path in store.cache_dir.rglob("cells.npy")}


def test_another_process_sees_a_new_load(store: Store) -> None:
    answers(store)
    _in_process(_load_other, str(store.root))
    assert answers(store) == answers(Store(store.root))
    assert all(row["withheld_cells"] == 0 for rows in answers(store) for row in rows)


def _load_other(root: str) -> None:
    worlds.write(Store(root), worlds.make({2022: ["39041", "39045"]}, 0.0, 13).rows)


def _in_process(work: Any, *arguments: Any) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == 0


def test_deleting_the_cache_loses_nothing(store: Store) -> None:
    before = answers(store)
    shutil.rmtree(store.cache_dir)
    assert answers(store) == before  # the open pages stay
    fresh = Cube(store)
    assert np.array_equal(
        fresh.level(2022, DepthAxis(4, 2022), "private").cells,
        cube_of(store).level(2022, DepthAxis(4, 2022), "private").cells,
    )
    shutil.rmtree(store.cache_dir)
    assert rank(Store(store.root), REGION, digits=4, year=2022, ownership="total").rows


def _ask(root: str, start: Any, answer: Any) -> None:
    start.wait()
    try:
        answer.put([[row["employment_jobs"] for row in rows] for rows in answers(Store(root))])
    except BaseException as problem:  # the parent prints it
        answer.put(repr(problem))


def test_processes_that_build_at_once_do_not_collide(store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    start, answer = context.Event(), context.Queue()
    crowd = [context.Process(target=_ask, args=(str(store.root), start, answer)) for _ in range(3)]
    for process in crowd:
        process.start()
    start.set()
    found = [answer.get(timeout=60) for _ in crowd]
    for process in crowd:
        process.join(60)
    wanted = [[row["employment_jobs"] for row in rows] for rows in answers(store)]
    assert found == [wanted] * 3
    assert not list(store.cache_dir.rglob(".building-*"))


def test_a_level_that_another_process_finished_first_is_used(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    cube, axis = Cube(store), DepthAxis(3, 2022)
    write = levels.write

    def both(folder: Path, built: Any) -> None:
        write(folder, built)
        write(folder, built)

    monkeypatch.setattr(levels, "write", both)
    assert cube.level(2022, axis, "private").cells.any()
    assert not list(store.cache_dir.rglob(".building-*"))


def test_a_question_is_answered_when_its_cache_is_swept_away_while_it_builds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process with a newer state of the store removes the folders of older ones, even half-built."""
    wanted = Cube(store).level_of(("39041", "39045"), 2022, DepthAxis(4, 2022), "private").cells
    save, axis = np.save, DepthAxis(4, 2022)

    def swept(path: Any, values: Any) -> None:
        shutil.rmtree(Path(path).parent.parent, ignore_errors=True)
        save(path, values)

    monkeypatch.setattr(levels.np, "save", swept)
    cube = Cube(store)
    found = cube.level(2022, axis, "private").cells[cube.positions(("39041", "39045"))]
    assert np.array_equal(found, wanted)


def test_a_store_that_cannot_be_written_answers_all_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = answers(store)
    shutil.rmtree(store.cache_dir)

    def closed(_: Store) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Store, "cache_dir", property(closed))
    monkeypatch.setattr(cube_module, "_cubes", {})
    assert answers(Store(store.root)) == wanted


def test_a_full_disk_does_not_stop_an_answer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(levels.np, "save", full)
    cube = Cube(store)
    assert cube.level(2022, DepthAxis(4, 2022), "private").cells.any()
    assert not list(store.cache_dir.rglob(".building-*"))


def test_the_years_of_a_region_are_those_that_hold_all_of_it(store: Store) -> None:
    cube = cube_of(store)
    assert cube.years_of(("39041", "39045")) == (2016, 2020, 2022)
    assert cube.years_of(("39041", "39049")) == (2020,)
    assert cube.years_of(("39083",)) == ()
