"""Merged pictures of a result, each with a drawing where lines between names say more than a table."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from sharedtable.web.connections.network import MOST_RIGHT, End, Network, network
from sharedtable.worksheets.merged import Merged
from sharedtable.worksheets.result_queries import ResultPage


def pictures(page: ResultPage) -> list[tuple[Merged, Network | None]]:
    """The merged pictures that have something to show."""
    return [(one, _drawn(one)) for one in page.merged if not one.is_empty]


def _drawn(one: Merged) -> Network | None:
    if one.ways:
        return _ways(one)
    if one.entries and any(entry.is_overlap for entry in one.entries):
        return _entries(one)
    return None


def _entries(one: Merged) -> Network | None:
    """Who wrote down what: those who wrote on the left, what they wrote on the right, the most shared first."""
    shown = one.entries[:MOST_RIGHT]
    right = [End(f"{one.picture.id}-{n}", entry.name, f"#{one.picture.id}-{n}") for n, entry in enumerate(shown, 1)]
    ties = {
        (who, end.key): (min(3, len(lines)), f"{who} – {entry.name}")
        for end, entry in zip(right, shown, strict=True)
        for who, lines in entry.said.items()
    }
    return network(_ends((who for who, _end in ties), one.picture.id), right, ties)


def _ways(one: Merged) -> Network | None:
    ties = {
        (way.start, f"to-{way.end}"): (3 if way.is_sure else 1, f"{way.start} → {way.end}") for way in one.ways
    }  # fmt: skip
    ends = _ends((way.end for way in one.ways), one.picture.id)
    right = [End(f"to-{end.key}", end.name, end.address, _("people come here")) for end in ends]
    return network(_ends((way.start for way in one.ways), one.picture.id), right, ties)


def _ends(names: Iterable[str], picture: str) -> list[End]:
    return [End(name, name, f"#{picture}-table") for name in sorted(dict.fromkeys(names))]
