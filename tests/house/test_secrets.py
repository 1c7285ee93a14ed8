"""Nothing that must stay private, and nothing that holds on one machine only, stands in a tracked file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).relative_to(ROOT).as_posix()

RULES = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "token of a hosting service": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,}|glpat-[\w-]{20})",
    "token of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b",
    "token of a package registry": r"\bpypi-[A-Za-z0-9_-]{50,}|\bnpm_[A-Za-z0-9]{36}\b",
    "token of a chat or payment service": r"\bxox[abprs]-[\w-]{10,}|\bsk_live_\w{16,}",
    "signed web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "password in an address": r"\b[a-z][a-z+]*://[^\s/:@'\"{}$<>]+:(?!password@)[^\s/:@'\"{}$<>]+@",
    "key in a setting": r"(?i)\b(?:secret_key|api_key|password|token)\b\s*[:=]\s*[\"'][A-Za-z0-9+/_-]{24,}[\"']",
    "address of a package registry": r"(?i)(?:extra-)?index[-_]url|find-links|https?://[^\s\"')]*"
    r"(?:pypi\.org|pythonhosted|registry\.npmjs|/simple\b)",
    "path of one machine": r"(?<![\w.~$}])/(?:work|root|home/\w+|Users/\w+|farm)/[\w.]",
}
# Tests hold the passwords and keys of nobody.
NOT_IN_TESTS = {"password in an address", "key in a setting"}


def problems(text: str, skipped: frozenset[str] | set[str] = frozenset()) -> list[str]:
    rules = {name: rule for name, rule in RULES.items() if name not in skipped}
    return [f"{name}: {hit.group()[:60]}" for name, rule in rules.items() for hit in re.finditer(rule, text)]


NOT_OURS = {".git", ".venv", ".tools", "var", "site", "node_modules", "__pycache__", ".hypothesis"}


def tracked() -> list[Path]:
    """Every file of the repository; in a copy without git, every file that is not in a folder of local state."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        return [p for p in ROOT.rglob("*") if p.is_file() and not NOT_OURS.intersection(p.relative_to(ROOT).parts)]
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_no_tracked_file_holds_a_secret_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for path in tracked():
        if path.relative_to(ROOT).as_posix() == HERE or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # fonts, pictures, compiled translations
        name = path.relative_to(ROOT)
        found += [
            f"{name}: {problem}" for problem in problems(text, NOT_IN_TESTS if name.parts[0] == "tests" else set())
        ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("-----BEGIN " + "RSA PRIVATE KEY-----", "private key"),
        ("ghp_" + "a1B2" * 9, "token of a hosting service"),
        ("AKIA" + "ABCDEFGH12345678", "token of a cloud"),
        ("pypi-" + "A" * 60, "token of a package registry"),
        ("postgresql://anna:hunter2@db.example/x", "password in an address"),
        ("SECRET_KEY = '" + "q7" * 20 + "'", "key in a setting"),
        ("--index-url", "address of a package registry"),
        ("open('/home/anna/data.csv')", "path of one machine"),
    ],
)
def test_the_check_of_secrets_sees_what_it_should(text: str, name: str) -> None:
    assert [problem.split(":")[0] for problem in problems(text)] == [name]


def test_the_check_of_secrets_leaves_ordinary_text_alone() -> None:
    assert problems("postgresql://user:password@host:5432/name, ./var, ../shared, https://www.bls.gov/cew/") == []


def test_no_local_state_is_tracked() -> None:
    kinds = {".sqlite3", ".db", ".parquet", ".pem", ".key", ".log"}
    folders = {"var", ".venv", ".tools", "site", "node_modules"}
    names = [path.relative_to(ROOT) for path in tracked()]
    shipped = "src/sharedtable/lmi/example"  # the small table of public figures that the first start shows
    names = [n for n in names if n.parent.as_posix() != shipped]
    kept = [str(n) for n in names if n.suffix in kinds or n.parts[0] in folders or n.name in (".env", "uv.lock")]
    assert kept == []
