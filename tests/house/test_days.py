"""A day is the team's day: nowhere is one read off a clock that runs in UTC."""

from __future__ import annotations

import ast

import pytest

from tests.house.test_rooms import MODULES, SOURCE

# What turns an instant into the clock of a place; a day may be read off what it gives.
PLACED = {"localtime", "astimezone"}
# Days of something that has no instant (a cell of a file, what was typed at the command line), of a moment that was
# made in its zone, and of the machine itself.
KNOWN = {
    "cli/users.py": {"until"},
    "exports/format.py": {"value"},
    "exports/xlsx_reader.py": {"value"},
    "ledger/upkeep.py": {"timezone.now()"},
    "people/importing/readers.py": {"value"},
    "plans/actions.py": {"starts"},
    "plans/inviting.py": {"starts"},
    "plans/timing.py": {"starts"},
}


def days_in_utc(source: str) -> list[str]:
    """Calls in `source` that read a day off an instant as it is stored."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called == "date" and isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
            giver = node.func.value
            name = getattr(giver.func, "attr", getattr(giver.func, "id", "")) if isinstance(giver, ast.Call) else ""
            if name not in PLACED:
                found.append(ast.unparse(giver))
        elif called in ("today", "utcnow") and isinstance(node.func, ast.Attribute):
            found.append(ast.unparse(node))
        elif called == "date_format" and node.args and "DATE_FORMAT" in ast.unparse(node).split("(", 1)[1]:
            # Django writes an aware moment as it stands; only templates put it into the zone.
            last = node.args[0].attr if isinstance(node.args[0], ast.Attribute) else ""
            if last == "at" or last.endswith("_at"):
                found.append(ast.unparse(node.args[0]))
    return found


def test_no_day_is_read_off_an_instant_in_utc():
    wrong = [
        f"{path.relative_to(SOURCE)}: {text}"
        for path in MODULES
        for text in days_in_utc(path.read_text(encoding="utf-8"))
        if text not in KNOWN.get(str(path.relative_to(SOURCE)), set())
    ]
    assert wrong == [], "Use timezone.localdate(moment), or with space.zone where no page set the zone of the team."


def test_every_exception_is_still_there():
    for name, texts in KNOWN.items():
        assert texts <= set(days_in_utc((SOURCE / name).read_text(encoding="utf-8"))), name


@pytest.mark.parametrize(
    "source",
    [
        "x = timezone.now().date()", "x = date.today()", "x = datetime.utcnow()", "x = row.made_at.date()",
        "x = date_format(row.made_at, 'DATE_FORMAT')", 'x = f"{date_format(said.at, SHORT_DATE_FORMAT)}"',
    ],
)  # fmt: skip
def test_a_day_in_utc_is_noticed(source: str):
    assert days_in_utc(source)


@pytest.mark.parametrize(
    "source",
    [
        "x = timezone.localdate()", "x = timezone.localtime(row.made_at).date()", "x = at.astimezone(zone).date()",
        "x = date_format(timezone.localdate(row.made_at), 'DATE_FORMAT')", "x = date_format(day, 'DATE_FORMAT')",
    ],
)  # fmt: skip
def test_a_day_in_a_zone_passes(source: str):
    assert not days_in_utc(source)
