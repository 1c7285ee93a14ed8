"""Addresses of the pages about a region, always with their keys in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.urls import reverse

REGION_KEYS = ("areas", "name", "state")


def region_address(given: Mapping[str, str], view: str = "region", path: str = "") -> str:
    """The address of the page Region (or of its text) in that state. `path`: that page's, for who needs hundreds."""
    kept = {key: given[key] for key in REGION_KEYS if given.get(key)}
    return (path or reverse(view)) + (f"?{urlencode(kept, safe=',')}" if kept else "")


def about(view: str, areas: Iterable[str], name: str, **more: str) -> str:
    """The address of a page about a region: its industries, a profile, its sectors."""
    kept = {"areas": ",".join(areas), "name": name, **more}
    return f"{reverse(view)}?{urlencode({key: value for key, value in kept.items() if value}, safe=',')}"
