"""The whole security matrix: every route, visitor, method and kind of thing, and every probe in full.

The tests in `tests/security` run a fixed sample of it on each build; this runs all of it, on SQLite or on the
PostgreSQL of DATABASE_URL, and prints what was asked and what was wrong. It ends with 1 when anything was.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import progress, show

TESTS = ("tests/security/test_matrix.py", "tests/security/test_probes.py", "tests/security/test_saboteurs.py")


def main() -> int:
    """Run the three files in full; gives the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--sample", action="store_true", help="only the sample that each build runs")
    asked = parser.parse_args()
    rows: list[tuple[str, object]] = []
    is_well = True
    with tempfile.TemporaryDirectory(prefix="sharedtable-security-") as folder:
        counts = Path(folder) / "counts.json"
        environment = {**os.environ, "SHAREDTABLE_SECURITY_COUNTS": str(counts), "SHAREDTABLE_DATA": folder}
        if not asked.sample:
            environment["SHAREDTABLE_SECURITY"] = "full"
        for path in TESTS:
            progress(f"running {path}")
            began = time.perf_counter()
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            rows.append((f"{Path(path).stem}: seconds", f"{time.perf_counter() - began:.0f}"))
            rows.append((f"{Path(path).stem}: outcome", done.stdout.strip().splitlines()[-1]))
            if done.returncode:
                is_well = False
                print(done.stdout[-4000:], file=sys.stderr)
        found = json.loads(counts.read_text()) if counts.exists() else {}
    rows += [(name, f"{number:,}") for name, number in found.items()]
    show("Security, in full" if not asked.sample else "Security, the sample", ("what", "value"), rows)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
