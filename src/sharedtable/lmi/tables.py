"""What every answer of this library can turn itself into: dictionaries, data frames, a table in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sharedtable.errors import Missing

NOTEBOOK_ROWS = 30


class Tabular:
    """Answers with `rows`, a list of flat dictionaries."""

    if TYPE_CHECKING:  # a field in one answer, a property in another

        @property
        def rows(self) -> Sequence[dict[str, Any]]: ...

    def to_pandas(self) -> Any:
        """The rows as a pandas data frame; Missing when pandas is not installed."""
        return _package("pandas").DataFrame(list(self.rows))

    def to_polars(self) -> Any:
        """The rows as a Polars data frame; Missing when Polars is not installed."""
        return _package("polars").DataFrame(list(self.rows), infer_schema_length=None)

    def _repr_html_(self) -> str:
        shown = list(self.rows[:NOTEBOOK_ROWS])
        names = [k for k, v in shown[0].items() if not isinstance(v, (dict, list))] if shown else []
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{'–' if row[n] is None else escape(str(row[n]))}</td>" for n in names) + "</tr>"
            for row in shown
        )
        more = f"<p>{len(self.rows) - len(shown)} more rows</p>" if len(self.rows) > len(shown) else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as absent:
        raise Missing(f"{name} is not installed here. Install it (pip install {name}) and ask again.") from absent
