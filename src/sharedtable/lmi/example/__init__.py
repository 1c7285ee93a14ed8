"""The shipped example: real figures of central Ohio, so that a first look needs no network.

A small table made by our own command (`tools/build_example.py`) from public-domain QCEW files: 15 counties, the
columns that the measures use, 2016 averaged from its quarters, the national shares that the files imply, and the
national outlook of occupations. `about.json` beside it names the sources. Loading newer or other files replaces it
county by county.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedtable.lmi.store.receipts import Receipt, now

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

# What the example leaves out because the rest gives it back: withheld means that jobs are null and firms are not.
_QCEW_SQL = """
select area_code, own_code, industry_code, level_code, employment_jobs is null as is_withheld, establishments,
       employment_jobs, wages_usd, annual_pay_usd, employment_lq_ratio, origin
from read_parquet('{path}') where year = {year:d}
"""
_BASE_SQL = """
select own_code, industry_code, (low_ratio + high_ratio) / 2 as share_ratio, low_ratio, high_ratio, method
from read_parquet('{path}') where year = {year:d}
"""
_OUTLOOK_SQL = "select * from read_parquet('{path}') where base_year = {year:d}"


def about() -> dict[str, Any]:
    """What the example holds: its region, areas, years, and the source of each year."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath("about.json").read_text(encoding="utf-8"))
    return found


def install(store: Store) -> bool:
    """Put the example into a store that has no QCEW figures yet. False when it has some; then nothing is changed."""
    if store.years("qcew"):
        return False
    described = about()
    with as_file(files(__package__)) as folder, store.writing() as change:
        receipts = []
        for name, table, sql in (
            ("qcew.parquet", "qcew", _QCEW_SQL),
            ("us_base.parquet", "us_base", _BASE_SQL),
            ("outlook.parquet", "occupation_projections", _OUTLOOK_SQL),
        ):
            path = Path(folder) / name
            for year, origin in described["tables"][table].items():
                change.stage(table, int(year), sql.format(path=str(path).replace("'", "''"), year=int(year)))
                receipts.append(_receipt(path, table, int(year), origin))
        change.commit(receipts)
    return True


def _receipt(path: Path, table: str, year: int, origin: dict[str, Any]) -> Receipt:
    content = path.read_bytes()
    return Receipt(
        source_id=origin["source_id"],
        file_name=f"shipped example, {path.name}",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        vintage=str(year),
        loaded_at=now(),
        address=origin["address"],
        tables={table: (year,)},
        areas=tuple(origin.get("areas", ())),
    )
