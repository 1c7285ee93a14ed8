"""What import-linter cannot see (names in strings, database work in pages) and the habits that keep rooms small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sharedtable"
TEMPLATES = sorted(SOURCE.rglob("*.html"))
MODULES = sorted(SOURCE.rglob("*.py"))


def room_levels() -> dict[str, int]:
    """Room → height, from the contract in pyproject.toml; 0 is the lowest."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    layers = next(c["layers"] for c in tool["importlinter"]["contracts"] if c["type"] == "layers")
    return {
        room.strip(): height
        for height, line in enumerate(reversed(layers))
        for room in line.split("|")
    }  # fmt: skip


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


# --- names in strings -------------------------------------------------------------------------------------------------

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField", "get_model"}


def names_upward(source: str, room: str, levels: dict[str, int]) -> list[str]:
    """Strings in `source` that name a room which `room` may not import."""
    found = []
    for node in ast.walk(ast.parse(source)):
        texts: list[str] = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in RELATIONS:
                given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in ("to", "through", "app_label"))]
                texts = [
                    g.value.split(".")[0] for g in given if isinstance(g, ast.Constant) and isinstance(g.value, str)
                ]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            dotted = re.fullmatch(r"sharedtable\.(\w+)(\.\w+)*", node.value)
            texts = [dotted[1]] if dotted else []
        for other in texts:
            if other in levels and other != room and levels[other] >= levels[room]:
                found.append(f"line {node.lineno}: {room} names {other}")
    return found


def test_no_room_names_a_higher_room_in_a_string() -> None:
    levels = room_levels()
    found = [
        f"{path.relative_to(ROOT)} {problem}"
        for path in MODULES
        if room_of(path) in levels
        for problem in names_upward(path.read_text(), room_of(path), levels)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("room", "code", "is_refused"),
    [
        ("studies", 'models.ForeignKey("web.Page", on_delete=CASCADE)', True),
        ("studies", 'models.ForeignKey(to="web.Page", on_delete=CASCADE)', True),
        ("lmi", 'import_module("sharedtable.exports.pdf")', True),  # a neighbour across a bar
        ("web", 'models.ForeignKey("studies.Study", on_delete=CASCADE)', False),
        ("studies", 'models.ForeignKey("Study", on_delete=CASCADE)', False),
        ("config", 'ROOT = "sharedtable.web.policy.PolicyMiddleware"', False),
    ],
)
def test_the_check_of_strings_sees_what_it_should(room: str, code: str, is_refused: bool) -> None:
    assert bool(names_upward(code, room, room_levels())) is is_refused


def test_every_room_stands_in_the_contract() -> None:
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")} | {"errors", "privacy"}
    assert rooms == set(room_levels())


# --- database work in pages -------------------------------------------------------------------------------------------

DATABASE_ATTRIBUTES = {
    "objects", "_base_manager", "_default_manager", "save", "raw", "cursor", "execute", "executemany",
    "bulk_create", "bulk_update", "update_or_create", "get_or_create", "select_related", "prefetch_related",
}  # fmt: skip


def database_work(source: str) -> list[str]:
    """What in `source` reads or writes the database itself instead of calling an action or a query of a room below."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in DATABASE_ATTRIBUTES:
            found.append(f"line {node.lineno}: .{node.attr}")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("django.db", "pysqlite3", "duckdb")):
            found.append(f"line {node.lineno}: imports {node.module}")
        elif isinstance(node, ast.Import) and any(a.name.split(".")[0] in ("duckdb", "sqlite3") for a in node.names):
            found.append(f"line {node.lineno}: imports a database")
    return found


# The health page asks the database whether it answers; it reads no row of anybody.
MAY_ASK_THE_DATABASE = {SOURCE / "web" / "health.py"}


def test_pages_do_no_database_work_themselves() -> None:
    found = [
        f"{path.relative_to(ROOT)} {problem}"
        for path in sorted(set((SOURCE / "web").rglob("*.py")) - MAY_ASK_THE_DATABASE)
        for problem in database_work(path.read_text())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [
        ("Study.objects.filter(pk=1)", True),
        ("study.save()", True),
        ("from django.db import connection", True),
        ("connection.cursor()", True),
        ("import duckdb", True),
        ("queries.study(pk=1)", False),
        ("from django.http import HttpResponse", False),
    ],
)
def test_the_check_of_database_work_sees_what_it_should(code: str, is_refused: bool) -> None:
    assert bool(database_work(code)) is is_refused


# --- the facts library stands alone -----------------------------------------------------------------------------------

HEAVY = ("django", "pandas", "polars", "pyarrow")


@pytest.mark.parametrize("room", ["lmi", "exports"])
def test_a_library_room_imports_no_web_framework_and_no_data_frame_package(room: str) -> None:
    modules = [
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((SOURCE / room).rglob("*.py"))
    ]
    code = f"import importlib, sys\nfor m in {modules!r}: importlib.import_module(m)\n"
    code += f"print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


# --- names and sizes --------------------------------------------------------------------------------------------------

VAGUE = {"core", "common", "utils", "helpers", "misc", "services", "selectors", "repositories", "signals"}


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    vague = [p.relative_to(ROOT) for p in SOURCE.rglob("*") if p.stem in VAGUE and "__pycache__" not in p.parts]
    assert vague == []


# A test reads top to bottom and is never called, so its file may be longer.
LONGEST = {"src": 400, "tools": 400, "benchmarks": 400, "tests": 600}


def test_no_source_file_is_longer_than_400_lines_and_no_test_file_than_600() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for top, most in LONGEST.items()
        for path in (ROOT / top).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > most
    }
    assert long == {}


# --- habits of pages and models ---------------------------------------------------------------------------------------


def habits_broken(source: str) -> list[str]:
    """Class-based views, `save()` overrides and markup declared safe by hand."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            bases = {getattr(b, "attr", getattr(b, "id", "")) for b in node.bases}
            if any(base == "View" or base.endswith(("View", "Viewset")) for base in bases):
                found.append(f"line {node.lineno}: {node.name} is a class-based view")
            if "Model" in bases and any(isinstance(n, ast.FunctionDef) and n.name == "save" for n in node.body):
                found.append(f"line {node.lineno}: {node.name} overrides save()")
        name = getattr(node, "id", getattr(node, "attr", None)) if isinstance(node, ast.Name | ast.Attribute) else None
        if name == "mark_safe":
            found.append(f"line {node.lineno}: mark_safe")
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "SafeString":
            found.append(f"line {node.lineno}: SafeString()")  # as a type it is what format_html() gives
    return found


def test_views_are_functions_models_save_plainly_and_no_text_is_declared_safe() -> None:
    found = [f"{p.relative_to(ROOT)} {problem}" for p in MODULES for problem in habits_broken(p.read_text())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        "class Page(TemplateView): ...",
        "class A(models.Model):\n def save(self): ...",
        "x = mark_safe(y)",
        "x = SafeString(y)",
    ],
)
def test_the_check_of_habits_sees_what_it_should(code: str) -> None:
    assert habits_broken(code)


TEMPLATE_RULES = {
    "inline script": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>",
    "inline style block": r"<style\b",
    "style attribute": r"<[^>{]*\sstyle\s*=",
    "event handler": r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"'{]",
    "script address": r"(href|src|action)\s*=\s*[\"']?\s*javascript:",
    "text declared safe": r"\|\s*safe(seq)?\b|autoescape\s+off",
    "file from elsewhere": r"(<(script|img|iframe|source|audio|video|embed)\b[^>]*\bsrc|<link\b[^>]*\bhref)"
    r"\s*=\s*[\"']?\s*(https?:)?//",
}


def template_problems(text: str) -> list[str]:
    return [name for name, rule in TEMPLATE_RULES.items() if re.search(rule, text, re.IGNORECASE)]


def test_templates_hold_nothing_that_the_content_policy_forbids() -> None:
    found = {str(p.relative_to(ROOT)): bad for p in TEMPLATES if (bad := template_problems(p.read_text()))}
    assert found == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<script>alert(1)</script>", "inline script"),
        ("<style>p {}</style>", "inline style block"),
        ('<p class="a" style="color: red">', "style attribute"),
        ('<button onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "script address"),
        ("{{ note|safe }}", "text declared safe"),
        ("{% autoescape off %}", "text declared safe"),
        ('<img src="https://example.org/a.png">', "file from elsewhere"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "file from elsewhere"),
    ],
)
def test_the_check_of_templates_sees_what_it_should(text: str, problem: str) -> None:
    assert template_problems(text) == [problem]
    assert (
        template_problems('<script src="/static/a.js" defer></script><a href="https://www.bls.gov/cew/">BLS</a>') == []
    )


SCRIPT_RULES = (
    r"\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\(|[\"'`](https?:)?//[a-z]"
)


def test_our_scripts_and_styles_write_no_markup_and_fetch_nothing_from_elsewhere() -> None:
    # A name space is an address that nobody fetches.
    ours = [p for p in SOURCE.rglob("*.js") if "vendor" not in p.parts]
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in ours
        for hit in re.finditer(SCRIPT_RULES, path.read_text().replace("http://www.w3.org/", ""))
    ]
    found += [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in SOURCE.rglob("*.css")
        for hit in re.finditer(r"(url\(\s*[\"']?|@import\s+[\"'])(https?:)?//", path.read_text())
    ]
    assert found == []


# In small letters "todo" is Spanish for "everything".
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|raise NotImplementedError|(?i:lorem ipsum|coming soon))\b")


def test_the_source_holds_no_unfinished_work() -> None:
    texts = (p for kind in ("*.py", "*.html", "*.js", "*.css", "*.toml", "*.md") for p in SOURCE.rglob(kind))
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in texts
        if "vendor" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []
