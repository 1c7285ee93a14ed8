"""docs/accessibility.md answers for every criterion of WCAG 2.2, levels A and AA, and names only what is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "accessibility.md").read_text()
ANSWERS = {"Supports", "Partially supports", "Does not support", "Not applicable"}

# https://www.w3.org/TR/WCAG22/ (W3C Recommendation): without 4.1.1, which it took out.
A = (
    "1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 "
    "2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2"
)
AA = (
    "1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8 "
    "3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3"
)


def rows(level: str) -> list[tuple[str, str, str]]:
    """Number, answer and remark of each row of a table."""
    part = TEXT.split(f"\n## Level {level}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| (\d\.\d\.\d+) [^|]+ \| ([^|]+) \| ([^|]+) \|$", part, re.MULTILINE)


def test_every_criterion_has_one_row_with_one_of_the_four_answers_and_a_remark() -> None:
    assert (len(A.split()), len(AA.split())) == (31, 24)
    for level, wanted in (("A", A.split()), ("AA", AA.split())):
        assert [number for number, _, _ in rows(level)] == wanted
        assert [row for row in rows(level) if row[1] not in ANSWERS or len(row[2]) < 15] == []
    assert len(re.findall(r"^\| \d", TEXT, re.MULTILINE)) == 31 + 24


def test_every_test_that_the_report_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT))
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_the_report_says_what_was_not_tested() -> None:
    for said in ("screen reader", "No independent audit was made", "Not looked at by axe", "## Known gaps"):
        assert said in TEXT
