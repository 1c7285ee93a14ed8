"""docs/features.toml says which row of the method is built, where a person finds it, and which test shows it."""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What finished work promised. A row leaves this list only when the feature leaves the product.
PROMISED = {
    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A10", "A11", "A12", "A13", "A14", "A15", "A16", "A18",
    "A19", "A21", "A22", "A23", "A24", "A26", "A27", "A28", "A29", "A30", "A31", "B01", "B02", "B03", "B04", "B05",
    "B06", "B07", "B08", "B09", "B10", "B11", "B12", "B13", "B14", "B15", "B16", "B17", "B18", "B19", "B20", "B21",
    "B22", "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11", "C12", "C13", "C14", "C15",
    "C16", "C17", "C18", "C19", "C20", "C21", "C22", "C23", "C24", "C25", "C26", "C27", "C28", "C29", "C30", "C31",
    "C33", "D02", "D03", "D04", "D10", "D24", "D31", "E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09",
    "E10", "E11", "E12", "E13", "E14", "E15", "E16", "E17", "E18", "E19", "E20", "E21", "E22", "E23", "E24", "E25",
    "E26", "E27", "F32", "F35", "F38", "H01", "H17", "H21", "H22", "H23", "H24", "H25", "H30", "H32", "H35", "I01",
    "I05", "I14", "I15", "I16", "J01", "J02", "J03", "J04", "J05", "K07", "K10", "K11", "K12", "K13", "L20", "M05",
    "M11", "M13", "M15", "M16", "M17", "M19", "N01", "N02", "N03", "N04", "N05", "N06", "N07",
}  # fmt: skip


def features() -> list[dict[str, Any]]:
    with (ROOT / "docs" / "features.toml").open("rb") as file:
        return tomllib.load(file).get("feature", [])


def find_test(node_id: str, root: Path = ROOT) -> tuple[ast.Module, list[ast.AST]]:
    """The module of a pytest node id, and the class and function that it names. Fails in words."""
    file, *names = node_id.split("[")[0].split("::")
    path = root / file
    assert path.is_file(), f"{node_id}: there is no file {file}"
    module = ast.parse(path.read_text())
    assert names, f"{node_id}: names a file, not a test"
    chain: list[ast.AST] = []
    body: list[ast.stmt] = module.body
    for name in names:
        found = [
            n for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and n.name == name
        ]
        assert found, f"{node_id}: {file} has no {name}"
        chain.append(found[-1])
        body = found[-1].body
    assert names[-1].startswith("test"), f"{node_id}: pytest does not collect {names[-1]}"
    return module, chain


def weakness(module: ast.Module, chain: list[ast.AST]) -> str | None:
    """Why this test shows nothing: it may not run, or it asserts nothing."""
    marks = [d for node in chain for d in getattr(node, "decorator_list", [])]
    marks += [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "pytestmark" for t in node.targets)
    ]
    names = {n.attr for mark in marks for n in ast.walk(mark) if isinstance(n, ast.Attribute)}
    if bad := names & {"skip", "skipif", "xfail"}:
        return f"is marked {', '.join(sorted(bad))}"
    for node in ast.walk(chain[-1]):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("skip", "xfail", "importorskip"):
                return f"calls {name}()"
    for node in ast.walk(chain[-1]):
        if isinstance(node, ast.Assert):
            return None
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("raises", "fail") or name.startswith(("assert", "expect", "check_", "_check", "_assert")):
                return None
    return "asserts nothing"


def test_every_promised_row_is_built() -> None:
    assert PROMISED - {row["id"] for row in features()} == set()


def test_every_row_says_what_where_and_by_which_test() -> None:
    for row in features():
        assert set(row) == {"id", "title", "where", "test"}, row
        assert all(row.values()), row
        assert isinstance(row["test"], list), row


def test_no_row_stands_twice() -> None:
    ids = [row["id"] for row in features()]
    assert len(ids) == len(set(ids))


def test_every_row_is_a_row_of_the_method(shared: Path) -> None:
    with (shared / "method" / "features.csv").open(newline="", encoding="utf-8") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    conventions = (shared / "method" / "conventions.md").read_text(encoding="utf-8")
    known |= set(re.findall(r"^\| (X\d+) \|", conventions, re.MULTILINE))  # they hold for every feature
    assert known >= PROMISED
    assert {row["id"] for row in features()} - known == set()


@pytest.mark.parametrize("node_id", sorted({node for row in features() for node in row["test"]}) or ["(none)"])
def test_the_named_test_exists_runs_and_asserts(node_id: str) -> None:
    assert weakness(*find_test(node_id)) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def test_a():\n    assert f() == 1", None),
        ("def test_a():\n    with pytest.raises(Refused):\n        f()", None),
        ("def test_a():\n    f()", "asserts nothing"),
        ("@pytest.mark.skip\ndef test_a():\n    assert f()", "is marked skip"),
        ("pytestmark = pytest.mark.xfail\ndef test_a():\n    assert f()", "is marked xfail"),
        ("def test_a():\n    pytest.skip('no')\n    assert f()", "calls skip()"),
    ],
)
def test_the_check_of_tests_sees_what_it_should(tmp_path: Path, code: str, expected: str | None) -> None:
    (tmp_path / "test_it.py").write_text(code)
    assert weakness(*find_test("test_it.py::test_a", tmp_path)) == expected


def test_a_row_that_names_a_test_which_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_a(): assert True")
    with pytest.raises(AssertionError, match="has no test_b"):
        find_test("test_it.py::test_b", tmp_path)
    with pytest.raises(AssertionError, match="there is no file"):
        find_test("test_other.py::test_a", tmp_path)
