"""Build the shipped example from a store into which the full public files were loaded.

    sharedtable facts load FILES --store /tmp/full      # the QCEW files of the counties, and the BLS projections
    python tools/build_example.py /tmp/full

The files: QCEW annual area slices of 15 central-Ohio counties for 2020 to 2022 and the by-area quarterly files of the
same counties for 2016 (data.bls.gov/cew), and the table "Occupational projections, 2024-2034" (bls.gov/emp).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sharedtable.lmi.store import Store

COUNTIES = [
    *("39041", "39045", "39047", "39049", "39073", "39083", "39089", "39091"),
    *("39097", "39101", "39117", "39127", "39129", "39141", "39159"),
]
FOLDER = Path(__file__).parent.parent / "src/sharedtable/lmi/example"
DEEPEST_DIGITS = 6
MOST_BYTES = 400_000

# Domains and supersectors (x2, x3) are sums that no measure uses.
_WANTED = f"(level_code % 10 in (0, 1) or level_code % 10 between 4 and {DEEPEST_DIGITS + 2}) and level_code < 80"


def main(root: str) -> None:
    """Write the three tables and `about.json`, and say how large they are."""
    store = Store(root)
    listed = ", ".join(f"'{code}'" for code in COUNTIES)
    years = store.years("qcew")
    qcew = " union all ".join(
        f"select {year}::smallint as year, area_code, own_code, industry_code, level_code, establishments, "
        f"employment_jobs, wages_usd, annual_pay_usd, employment_lq_ratio::float as employment_lq_ratio, origin "
        f"from read_parquet('{store.path('qcew', year)}') where {_WANTED} and area_code in ({listed})"
        for year in years
    )
    _write(store, "qcew", f"select * from ({qcew}) order by own_code, level_code, industry_code, area_code, year")
    base = " union all ".join(
        f"select {year}::smallint as year, own_code, industry_code, low_ratio::float as low_ratio, "
        f"high_ratio::float as high_ratio, method "
        f"from read_parquet('{store.path('us_base', year)}') where length(industry_code) <= {DEEPEST_DIGITS} "
        f"or industry_code like '__-__'"
        for year in years
    )
    _write(store, "us_base", f"select * from ({base}) order by own_code, industry_code, year")
    outlook = store.years("occupation_projections")
    _write(store, "outlook", f"select * from read_parquet('{store.path('occupation_projections', outlook[-1])}')")
    tables = {
        "qcew": {year: _origin(store, "qcew", year) | {"areas": COUNTIES} for year in years},
        "us_base": {year: _origin(store, "qcew", year) for year in years},
        "occupation_projections": {outlook[-1]: _origin(store, "occupation_projections", outlook[-1])},
    }
    about = {"region": "Central Ohio", "areas": COUNTIES, "deepest_digits": DEEPEST_DIGITS, "tables": tables}
    (FOLDER / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    sizes = {path.name: path.stat().st_size for path in sorted(FOLDER.glob("*.parquet"))}
    print(sizes, sum(sizes.values()))
    if sum(sizes.values()) > MOST_BYTES:
        raise SystemExit(f"The example is over {MOST_BYTES} bytes.")


def _write(store: Store, name: str, sql: str) -> None:
    store.cursor().execute(
        f"copy ({sql}) to '{FOLDER / name}.parquet' (format parquet, compression zstd, compression_level 19)"
    ).fetchall()


def _origin(store: Store, table: str, year: int) -> dict[str, str | None]:
    receipt = store.provenance(table, year)[0]
    return {"source_id": receipt.source_id, "address": receipt.address}


if __name__ == "__main__":
    main(sys.argv[1])
