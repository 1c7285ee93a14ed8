"""A data folder with the shipped example, for tests of studies and pages."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sharedtable.lmi import example
from sharedtable.lmi.intake.oews import read_parquet
from sharedtable.lmi.store import Store


def example_folder(folder: Path) -> Path:
    """The example in an empty folder."""
    assert example.install(Store(folder, create=True))
    return folder


def add_wages(folder: Path, shared: Path) -> None:
    """The real release of occupations and wages beside it."""
    reader = duckdb.connect()
    files = {path.stem.removeprefix("oews_2025_"): path for path in (shared / "data" / "oews").iterdir()}
    read_parquet(reader, files, "OEWS", 2025)
    store = Store(folder)
    store.replace("oews", 2025, "select * from oews_rows", cursor=reader)
    store.replace("oews_staffing", 2025, "select * from staffing_rows", cursor=reader)
