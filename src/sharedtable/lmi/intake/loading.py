"""Reads the pieces of a load, stages the tables that they change, and finishes all of it in one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sharedtable.errors import Refused
from sharedtable.lmi import base
from sharedtable.lmi.intake import merge, oews, outlooks, qcew, unpack
from sharedtable.lmi.intake.unpack import Budget, Limits, Piece
from sharedtable.lmi.progress import Progress, Step
from sharedtable.lmi.sources import SOURCES
from sharedtable.lmi.store import Store, receipts
from sharedtable.lmi.store.change import Change
from sharedtable.lmi.store.receipts import Receipt, now

if TYPE_CHECKING:
    import duckdb


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


class Loading:
    """One load in progress: reads pieces, stages tables, and finishes all of it at once."""

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
        """Load the files; all of them or, with Refused, none."""
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
            match batch[0].layout.kind:
                case "qcew_annual" | "qcew_quarterly":
                    quarterly_years |= self._qcew(batch)
                case "oews_database":
                    for piece in batch:
                        self._oews([piece], oews.read_database(self.connection, piece.path, piece.shown, self.work))
                case "oews_parquet":
                    self._oews_files(batch)
                case "occupation_projections":
                    for piece in batch:
                        self._occupations(piece)
                case "industry_projections":
                    for piece in batch:
                        self._industries(piece)
        for year in sorted(quarterly_years):
            self._derive(year)
        return self._finish(paths)

    def _qcew(self, batch: list[Piece]) -> set[int]:
        """Read one batch of QCEW pieces and stage its years. Gives the years of quarterly figures."""
        annual = batch[0].layout.kind == "qcew_annual"
        table = "qcew" if annual else "qcew_quarterly"
        groups = ("area_code",) if annual else ("area_code", "quarter")
        columns = (qcew.ANNUAL_COLUMNS if annual else qcew.QUARTERLY_COLUMNS).split()
        ready = qcew.read(self.connection, batch, self.work)
        self._check_groups(batch, table, groups)
        years = {int(batch[0].year)}
        for year in years:
            found = merge.into_year(
                self.connection, self.change, table, year, "FROM incoming", columns, groups, ready=ready
            )
            self.different |= {(table, year, str(group[0])) for group in found}
        for piece in batch:
            if piece.path.parent == self.work:
                piece.path.unlink(missing_ok=True)  # unpacked only to be read; a large load must not keep them all
        return set() if annual else years

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
            self._hold(piece, table, year, rows).areas.add(area)
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
        derived = merge.into_year(self.connection, self.change, "qcew", year, sql, columns, ("area_code",))
        # The quarterly files stand behind these annual figures too, and their receipts say so.
        for holding in self.holdings.values():
            if year in holding.tables["qcew_quarterly"] and any((area,) in derived for area in holding.areas):
                holding.tables["qcew"].add(year)

    def _oews(self, batch: Sequence[Piece], year: int) -> None:
        """Stage a release of OEWS that was read into `oews_rows` and `staffing_rows`."""
        self._whole_year(batch, "oews", year, "oews_rows", oews.AREA_COLUMNS)
        self._whole_year(batch, "oews_staffing", year, "staffing_rows", oews.STAFFING_COLUMNS)

    def _oews_files(self, batch: Sequence[Piece]) -> None:
        releases: dict[int, dict[str, Piece]] = defaultdict(dict)
        for piece in batch:
            named = oews.parquet_name(piece.source)
            if named is None:
                raise Refused(
                    f"{piece.shown}: a Parquet file is only known as a part of an OEWS release, with a name such as "
                    "oews_2025_area_occupation.parquet."
                )
            releases[named[1]][named[0]] = piece
        for year, parts in releases.items():
            paths = {name: piece.path for name, piece in parts.items()}
            first = next(iter(parts.values()))
            oews.read_parquet(self.connection, paths, first.shown, year)
            self._oews(list(parts.values()), year)

    def _occupations(self, piece: Piece) -> None:
        year = outlooks.read_occupations(self.connection, piece, "occupations", self.work)
        self._whole_year([piece], "occupation_projections", year, "occupations", tuple(outlooks.OCCUPATION_COLUMNS))

    def _whole_year(self, batch: Sequence[Piece], table: str, year: int, relation: str, columns: Sequence[str]) -> None:
        """Stage `relation` as the whole of `table` in that year."""
        if (table, year) in self.seen:
            raise Refused(
                f"{batch[0].shown} and {self.seen[table, year]} hold the same figures of {year}. Load one of them."
            )
        self.seen[table, year] = batch[0].shown
        if merge.into_year(self.connection, self.change, table, year, f"FROM {relation}", columns, ()):
            self.different.add((table, year, ""))
        rows = self._ask(f"SELECT count(*) FROM {relation}")[0][0]  # noqa: S608
        for piece in batch:
            self._hold(piece, table, year, rows)

    def _industries(self, piece: Piece) -> None:
        """Stage a filled-in template: it replaces what the same source said before."""
        outlooks.read_industries(self.connection, piece, "industries", self.work)
        for year, rows in self._ask("SELECT base_year, count(*) FROM industries GROUP BY 1 ORDER BY 1"):
            of_year = f"FROM industries WHERE base_year = {year}"
            for (name,) in self._ask(f"SELECT DISTINCT source_name {of_year}"):
                key = ("industry_projections", year, name)
                if key in self.seen:
                    raise Refused(
                        f"{piece.shown} and {self.seen[key]} both hold '{name}' of {year}. Put them into one file or "
                        "give each its own source_name."
                    )
                self.seen[key] = piece.shown
            columns = tuple(outlooks.INDUSTRY_COLUMNS)
            table, groups = "industry_projections", ("source_name",)
            if merge.into_year(self.connection, self.change, table, year, of_year, columns, groups):
                self.different.add((table, year, ""))
            self._hold(piece, table, year, rows)

    def _hold(self, piece: Piece, table: str, year: int, rows: int) -> _Holding:
        """Note what the source file of a piece holds."""
        holding = self.holdings[piece.source]
        holding.kind, holding.source_id = piece.layout.kind, piece.layout.source_id
        holding.rows += rows
        holding.years.add(year)
        holding.tables[table].add(year)
        return holding

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
                source = SOURCES[holding.source_id]
                fetched = receipts.beside(path, holding.sha256)
                notes.append(
                    Receipt(
                        source_id=fetched.source_id if fetched else source.id,
                        file_name=path.name,
                        bytes=holding.bytes,
                        sha256=holding.sha256,
                        vintage=source.vintage_of(sorted(holding.years), fetched.vintage if fetched else ""),
                        loaded_at=moment,
                        address=fetched.address if fetched else None,
                        fetched_at=fetched.fetched_at if fetched else None,
                        tables={table: tuple(sorted(years)) for table, years in holding.tables.items()},
                        areas=tuple(sorted(holding.areas)),
                    )
                )
        self.progress(Step("Write the store", 0, 1, "steps"))
        committed = self.change.commit(notes)
        # Only where figures changed; or where a load that was stopped here left no shares.
        held = {year for holding in self.holdings.values() for year in holding.years}
        changed_years = {*committed.get("qcew", ()), *committed.get("qcew_quarterly", ())}
        base.rebuild(self.store, changed_years | (held - set(self.store.years("us_base"))))
        self.progress(Step("Write the store", 1, 1, "steps"))
        return LoadReport(tuple(reports), committed)
