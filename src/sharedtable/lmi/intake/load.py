"""Loads files into the store: any number, any known kind, all or nothing.

`load` reads in a worker process with limits, so a hostile file can at worst be refused. Everything is staged beside
the store and made part of it in one step at the end: whatever stops a load leaves the figures as they were.
"""

from __future__ import annotations

import glob
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from sharedtable.errors import Missing
from sharedtable.lmi.intake import worker
from sharedtable.lmi.intake.loading import FileReport, Loading, LoadReport
from sharedtable.lmi.intake.unpack import Limits
from sharedtable.lmi.progress import Progress, silent
from sharedtable.lmi.store import Store
from sharedtable.lmi.store.sql import NO_EXTENSIONS

__all__ = ["FileReport", "Limits", "LoadReport", "expand", "load", "load_here"]

_SUFFIXES = (".csv", ".csv.gz", ".zip", ".xlsx", ".parquet", ".sqlite.gz")


def load(
    paths: str | Path | Iterable[str | Path],
    store: Store,
    *,
    progress: Progress | None = None,
    isolated: bool = True,
    limits: Limits | None = None,
) -> LoadReport:
    """Load files, folders (all known files in them) or patterns ('*.csv.gz') into the store.

    `isolated` reads in a worker process with limits on memory and time; False reads in this process.
    Fails with Refused, naming the file and the lines, when any file is not right; then nothing was changed.
    """
    found, report_to, bounds = expand(paths), progress or silent, limits or Limits()
    if isolated:
        return worker.run(found, store.root, report_to, bounds)
    return load_here(found, store, progress=report_to, limits=bounds)


def expand(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """The files that paths, folders and patterns name, each once, in order. Fails with Missing when one names none."""
    listed: Iterable[str | Path] = [paths] if isinstance(paths, str | Path) else paths
    found: dict[Path, None] = {}
    for raw in listed:
        path = Path(raw).expanduser()
        if path.is_dir():
            matches = sorted(p for p in path.iterdir() if p.is_file() and p.name.lower().endswith(_SUFFIXES))
        elif path.exists():
            matches = [path]
        else:
            matches = sorted(Path(p) for p in glob.glob(str(path)) if Path(p).is_file())
        if not matches:
            raise Missing(f"There is no file {raw} that can be loaded.")
        found.update(dict.fromkeys(match.resolve() for match in matches))
    if not found:
        raise Missing("No file was named.")
    return list(found)


def load_here(paths: Sequence[Path], store: Store, *, progress: Progress, limits: Limits) -> LoadReport:
    """Load files in this process. `load` is the door; the worker comes in here."""
    import duckdb

    with store.writing() as change:
        work = Path(tempfile.mkdtemp(prefix=".work-", dir=store.facts))
        try:
            connection = duckdb.connect(
                config={
                    **NO_EXTENSIONS,
                    "memory_limit": f"{limits.memory_bytes // (1 << 20)}MB",
                    "temp_directory": str(work / "spill"),
                }
            )
            try:
                return Loading(store, change, connection, work, progress, limits).run(paths)
            finally:
                connection.close()
        finally:
            shutil.rmtree(work, ignore_errors=True)
