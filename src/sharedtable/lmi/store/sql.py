"""Small helpers for SQL text and for DuckDB's errors."""

from __future__ import annotations

# Nothing is ever installed or loaded from the network by a query.
NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def quote(text: object) -> str:
    """A text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def first_line(problem: BaseException) -> str:
    """The first line of an error message, ending in one full stop."""
    lines = str(problem).strip().splitlines()
    return (lines[0] if lines else type(problem).__name__).rstrip(".") + "."
