"""Stores that the tests of the facts engine share: real Ohio figures, and the shipped example."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.lmi import Store, load

# The 15 counties of central Ohio in data/README.md.
OHIO_COUNTIES = tuple(
    f"39{county}"
    for county in (
        "041",
        "045",
        "047",
        "049",
        "073",
        "083",
        "089",
        "091",
        "097",
        "101",
        "117",
        "127",
        "129",
        "141",
        "159",
    )
)
OHIO_YEARS = (2020, 2021, 2022)


@pytest.fixture(scope="session")
def ohio(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The annual slices of 2020 to 2022 and the by-area quarterly files of 2016 in one store. Read it, never write."""
    store = Store(tmp_path_factory.mktemp("ohio"), create=True)
    folder = shared / "data" / "qcew"
    load([folder / "area_api_ohio", folder / "bls_by_area_2016_csv"], store, isolated=False)
    return store


@pytest.fixture(scope="session")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with the example that ships with the package."""
    from sharedtable.lmi import example

    store = Store(tmp_path_factory.mktemp("example"), create=True)
    assert example.install(store)
    return store
