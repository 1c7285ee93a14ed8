"""Loads files into the store: any number, any known kind, all or nothing.

`load` reads in a worker process with limits, so a hostile file can at worst be refused. Everything is staged beside
the store and made part of it in one step at the end: whatever stops a load leaves the figures as they were.
"""

from __future__ import annotations

import glob
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import duckdb

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import base, merge, qcew, unpack
from sharedtable.lmi.change import Change
from sharedtable.lmi.progress import Progress, Step, silent
from sharedtable.lmi.receipts import Receipt, now
from sharedtable.lmi.store import Store
from sharedtable.lmi.unpack import Budget, Limits, Piece

_SUFFIXES = (".csv", ".csv.gz", ".zip", ".xlsx", ".parquet", ".sqlite.gz")


@dataclass(frozen=True)
class FileReport:
    """What one file gave. `rows` counts the rows kept; `years` and `areas` are what it holds.

    `status` is 'unchanged' when the store already held exactly these figures.
    """

    path: str
    kind: str
    rows: int
    years: tuple[int, ...]
    areas: tuple[str, ...]
    status: Literal["loaded", "unchanged"]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadReport:
    """What a load did: one report for each file, and the tables and years that changed."""

    files: tuple[FileReport, ...]
    changed: dict[str, tuple[int, ...]] = field(default_factory=dict)


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
    found = expand(paths)
    return load_here(found, store, progress=progress or silent, limits=limits or Limits())


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


@dataclass
class _Holding:
    """What one source file turned out to hold, gathered while reading."""

    path: Path
    sha256: str
    bytes: int
    kind: str = ""
    source_id: str = ""
    rows: int = 0
    years: set[int] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    tables: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def load_here(paths: Sequence[Path], store: Store, *, progress: Progress, limits: Limits) -> LoadReport:
    """Load files in this process. `load` is the door; the worker comes in here."""
    with store.writing() as change:
        work = Path(tempfile.mkdtemp(prefix=".work-", dir=store.facts))
        try:
            connection = duckdb.connect(
                config={
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                    "memory_limit": f"{limits.memory_bytes // (1 << 20)}MB",
                    "temp_directory": str(work / "spill"),
                }
            )
            try:
                return _Loading(store, change, connection, work, progress, limits).run(paths)
            finally:
                connection.close()
        finally:
            shutil.rmtree(work, ignore_errors=True)


class _Loading:
    def __init__(
        self,
        store: Store,
        change: Change,
        connection: duckdb.DuckDBPyConnection,
        work: Path,
        progress: Progress,
        limits: Limits,
    ) -> None:
        self.store, self.change, self.connection, self.work = store, change, connection, work
        self.progress, self.limits = progress, limits
        self.holdings: dict[Path, _Holding] = {}
        self.different: set[tuple[str, int, str]] = set()
        self.seen: dict[tuple[object, ...], str] = {}

    def run(self, paths: Sequence[Path]) -> LoadReport:
        budget = Budget(self.limits)
        batches: dict[tuple[object, ...], list[Piece]] = defaultdict(list)
        for done, path in enumerate(paths):
            self.progress(Step("Open files", done, len(paths)))
            digest, size = unpack.sha256_of(path)
            self.holdings[path] = _Holding(path, digest, size)
            for piece in unpack.pieces(path, self.work, budget):
                batches[piece.layout.id, piece.header, piece.encoding, piece.year].append(piece)
        quarterly_years: set[int] = set()
        for done, batch in enumerate(batches.values()):
            self.progress(Step("Read figures", done, len(batches), "batches"))
            if batch[0].layout.kind in ("qcew_annual", "qcew_quarterly"):
                quarterly_years |= self._qcew(batch)
        for year in sorted(quarterly_years):
            self._derive(year)
        return self._finish(paths)

    def _qcew(self, batch: list[Piece]) -> set[int]:
        """Read one batch of QCEW pieces and stage its years. Gives the years of quarterly figures."""
        annual = batch[0].layout.kind == "qcew_annual"
        table = "qcew" if annual else "qcew_quarterly"
        groups = ("area_code",) if annual else ("area_code", "quarter")
        columns = (qcew.ANNUAL_COLUMNS if annual else qcew.QUARTERLY_COLUMNS).split()
        self.connection.execute("DROP TABLE IF EXISTS incoming")
        qcew.read(self.connection, batch, "incoming")
        self._check_groups(batch, table, groups)
        years = [row[0] for row in self._ask("SELECT DISTINCT year FROM incoming ORDER BY year")]
        for year in years:
            new = f"SELECT * FROM incoming WHERE year = {year}"  # noqa: S608
            for group in merge.into_year(self.connection, self.change, table, year, new, columns, groups):
                self.different.add((table, year, str(group[0])))
        self.connection.execute("DROP TABLE incoming")
        return set() if annual else set(years)

    def _check_groups(self, batch: list[Piece], table: str, groups: Sequence[str]) -> None:
        """Refuse a part of an area, or an area that two files describe; note what each file holds."""
        keys = ", ".join(groups)
        held = self._ask(
            f"""SELECT piece, year, count(*), bool_or(own_code = 0 AND industry_code = '10'), {keys}
                FROM incoming GROUP BY piece, year, {keys} ORDER BY ALL"""  # noqa: S608
        )
        for piece_index, year, rows, has_total, *group in held:
            piece = batch[piece_index]
            area = str(group[0])
            if not has_total:
                raise Refused(
                    f"{piece.shown}: it holds only some industries of area {area} in {year} (its total is not there). "
                    "Load files that hold whole areas; files by industry or by size cannot be used."
                )
            key = (table, year, *group)
            if key in self.seen:
                raise Refused(
                    f"{piece.shown} and {self.seen[key]} both hold area {area} in {year}. Load one of them; "
                    "if you load one after the other, the later one stands."
                )
            self.seen[key] = piece.shown
            holding = self.holdings[piece.source]
            holding.kind, holding.source_id = piece.layout.kind, piece.layout.source_id
            holding.rows += rows
            holding.years.add(year)
            holding.areas.add(area)
            holding.tables[table].add(year)
        told = {row[0] for row in held}
        for index, piece in enumerate(batch):
            if index not in told:
                raise Refused(f"{piece.shown}: there are no figures in it for whole industries and areas.")
        row_key = f"(year, own_code, industry_code, level_code, {keys})"
        # One pass over a hash of the key; only when two are equal is it worth asking which.
        if self._ask(f"SELECT count(*) - count(DISTINCT hash({row_key})) FROM incoming")[0][0]:  # noqa: S608
            twice = self._ask(
                f"""SELECT piece, area_code, industry_code FROM incoming
                    GROUP BY piece, area_code, industry_code, {row_key} HAVING count(*) > 1 LIMIT 1"""  # noqa: S608
            )
            for piece_index, area, industry in twice:
                raise Refused(
                    f"{batch[piece_index].shown}: industry {industry} of area {area} is there twice, "
                    "so it is not known which figure counts."
                )

    def _derive(self, year: int) -> None:
        """Make annual rows from four quarters for the areas that have no published annual figures."""
        quarterly = self.change.latest("qcew_quarterly", year)
        if quarterly is None:
            return
        annual = self.change.latest("qcew", year)
        published = "SELECT NULL WHERE false"
        if annual is not None:
            published = f"SELECT area_code FROM read_parquet('{annual}') WHERE origin = 'annual'"  # noqa: S608
        sql = qcew.annual_from_quarters(quarterly, published)
        columns = qcew.ANNUAL_COLUMNS.split()
        merge.into_year(self.connection, self.change, "qcew", year, sql, columns, ("area_code",))

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def _finish(self, paths: Sequence[Path]) -> LoadReport:
        """Commit, write the receipts, rebuild what follows from the figures."""
        reports, notes, moment = [], [], now()
        for path in paths:
            holding = self.holdings[path]
            changed = any(
                (table, year, area) in self.different
                for table, years in holding.tables.items()
                for year in years
                for area in holding.areas or {""}
            )
            reports.append(
                FileReport(
                    str(path),
                    holding.kind,
                    holding.rows,
                    tuple(sorted(holding.years)),
                    tuple(sorted(holding.areas)),
                    "loaded" if changed else "unchanged",
                    tuple(holding.notes),
                )
            )
            if changed:
                notes.append(
                    Receipt(
                        source_id=holding.source_id,
                        file_name=path.name,
                        bytes=holding.bytes,
                        sha256=holding.sha256,
                        vintage=", ".join(map(str, sorted(holding.years))),
                        loaded_at=moment,
                        tables={table: tuple(sorted(years)) for table, years in holding.tables.items()},
                        areas=tuple(sorted(holding.areas)),
                    )
                )
        self.progress(Step("Write the store", 0, 1, "steps"))
        committed = self.change.commit(notes)
        years = sorted({year for holding in self.holdings.values() for year in holding.years})
        touched = {table for holding in self.holdings.values() for table in holding.tables}
        if touched & {"qcew", "qcew_quarterly"}:
            base.rebuild(self.store, years)
        self.progress(Step("Write the store", 1, 1, "steps"))
        return LoadReport(tuple(reports), committed)
