"""Reads the method's data files, and refuses what is wrong in them by naming file, place and cure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sharedtable.errors import Refused

LANGUAGES = ("en", "es")
FOLDER = Path(__file__).parent
# A line of a source document (S3:185-186), or the name or address of whoever published the number.
_SOURCE = re.compile(r"S[0-4]:\d+(-\d+)?([ ,]+S[0-4]:\d+(-\d+)?)*|[A-Z].{7,}|https://\S+")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def read(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Fails with Refused, naming the line that cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{path.name} cannot be read: {error}. Correct that line.") from error


def check_keys(where: str, found: Mapping[str, Any], needed: set[str], optional: set[str] | None = None) -> None:
    """Fails with Refused when a key is missing, empty or not known."""
    if unknown := sorted(found.keys() - needed - (optional or set())):
        raise Refused(f"{where} has the unknown key “{unknown[0]}”. Known are {', '.join(sorted(needed))}.")
    if missing := sorted(key for key in needed if not found.get(key) and found.get(key) != 0):
        raise Refused(f"{where} lacks “{missing[0]}”. Add it; it may not be empty.")


def both_languages(where: str, found: Any) -> dict[str, str]:
    """A text in each language. Fails with Refused when one is missing."""
    if not isinstance(found, Mapping):
        raise Refused(f"{where} needs a text in each language: {', '.join(LANGUAGES)}.")
    check_keys(where, found, set(LANGUAGES))
    return {language: str(found[language]).strip() for language in LANGUAGES}


def check_source(where: str, source: Any) -> str:
    """Where a number comes from. Fails with Refused when it names no line of a source document and no publisher."""
    if not isinstance(source, str) or not _SOURCE.fullmatch(source.strip()):
        raise Refused(f"{where} has a number without a source. Name the line (S3:185) or who published it.")
    return source.strip()


def numbers_in(text: str) -> set[str]:
    """The numbers that stand in a text, as they are written."""
    return set(_NUMBER.findall(text))
