"""Builds the documentation into site/ and refuses a page that would load anything from another host.

Run by `./go check`; by hand: `.venv/bin/python tools/build_docs.py`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Links that a reader may follow are fine; what a browser loads by itself is not.
LOADED = re.compile(
    r"<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)\s*=\s*[\"']?((?:https?:)?//[^\"'\s>]+)", re.IGNORECASE
)


def main() -> int:
    """Gives 0 when the site is built and complete, 1 with a sentence when it is not."""
    zensical = Path(sys.executable).parent / "zensical"
    built = subprocess.run([zensical, "build", "--clean", "--strict"], cwd=ROOT, check=False)
    if built.returncode:
        print("The documentation could not be built; the lines above say why.", file=sys.stderr)
        return 1
    site = ROOT / "site"
    sources = list((ROOT / "docs").rglob("*.md"))
    absent = [path for path in sources if not (site / path.relative_to(ROOT / "docs")).with_suffix(".html").is_file()]
    loaded = {
        f"{page.relative_to(site)} loads {hit}"
        for page in site.rglob("*.html")
        for hit in LOADED.findall(page.read_text())
    }
    for problem in sorted(loaded) + [f"{path} was not built" for path in absent]:
        print(problem, file=sys.stderr)
    return 1 if loaded or absent or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
