"""Build the reference tables of `sharedtable.lmi` from public-domain federal lists.

    python tools/build_reference.py SOURCE_DIR [--only naics|areas]

SOURCE_DIR holds the folders `naics/`, `qcew/`, `geo/` and `commuting/` with the files as their
publishers give them. The tables are written to src/sharedtable/lmi/reference/, where a text beside
them (SOURCES.md) names source, address and vintage of each. They are committed because the product
has to work without a network; running this again over the same sources gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from reference_parts import areas, naics

OUT = Path(__file__).resolve().parent.parent / "src" / "sharedtable" / "lmi" / "reference"
PARTS = {"naics": naics.build, "areas": areas.build}


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the reference tables from a folder of public sources.")
    parser.add_argument("source", type=Path, help="folder with naics/, qcew/, geo/, commuting/")
    parser.add_argument("--only", choices=sorted(PARTS), help="build just this part")
    options = parser.parse_args()
    if not options.source.is_dir():
        print(
            f"There is no folder {options.source}. Give the folder that holds naics/, qcew/, geo/.",
            file=sys.stderr,
        )
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    for name, build in PARTS.items():
        if options.only in (None, name):
            for path in build(options.source, OUT):
                print(f"{path.name}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
