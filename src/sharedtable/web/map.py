"""The map as a template draws it: geometry from `studies`, state of the page from its address.

The map is a second way to do what the list of counties does, so it is hidden from screen readers and the keyboard
passes it by: the list is its equal. Each shape is a link all the same, so that a press works without scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from sharedtable.studies import map_view
from sharedtable.web.addresses import region_address

# With more counties than this chosen, a link for each shape would outweigh the page; scripts and the list remain.
MOST_FOR_LINKS = 60


@dataclass(frozen=True)
class Drawn:
    """A shape and how it looks. `codes`: with blanks between; `address`: where a press leads, None without a link."""

    shape: map_view.Shape
    codes: str
    look: str
    title: str
    address: str | None

    @property
    def mark(self) -> str:
        """The class that a label on a chosen county has beside its own."""
        return " is-chosen" if "is-chosen" in self.look else ""


def state_map(
    state: str,
    year: int,
    chosen: Sequence[str],
    jobs: Mapping[str, int | None],
    base: Mapping[str, str],
    to: Callable[[str], str] | None = None,
) -> dict[str, Any]:
    """The context of `regions/map.html` for one state. `base`: the keys of the address that stay.

    `to`: where a press leads, from the area codes that are chosen then; the page Region unless another is meant.
    """
    view = map_view.state_view(state, year)
    inside, path = frozenset(chosen), reverse("region")
    lead = to or (lambda areas: region_address({**base, "areas": areas}, path=path))
    drawn = [
        Drawn(
            shape,
            " ".join(shape.codes),
            _look(shape, inside, jobs),
            shape.name,
            None
            if shape.is_context or len(chosen) > MOST_FOR_LINKS
            else lead(",".join(sorted(inside ^ set(shape.codes)))),
        )
        for shape in view.shapes
    ]
    return {
        "view": view,
        "areas_drawn": [one for one in drawn if one.shape.path],
        "dots_drawn": [one for one in drawn if not one.shape.path],
        "labels": [one for one in drawn if one.shape.label and one.shape.path],
    }


def _look(shape: map_view.Shape, chosen: Collection[str], jobs: Mapping[str, int | None]) -> str:
    words = ["county"]
    if shape.is_context:
        words.append("county--context")
    else:
        words += ["county--away"] if not shape.is_home else []
        words += ["county--absent"] if not any(code in jobs for code in shape.codes) else []
        words += ["is-chosen"] if any(code in chosen for code in shape.codes) else []
    return " ".join(words)


def country_map(chosen: Sequence[str], base: Mapping[str, str]) -> dict[str, Any]:
    """The context of `regions/country.html`: outlines that lead to each state, and the chosen counties as dots."""
    places = map_view.places()
    touched = {code[:2] for code in chosen}
    return {
        "box": map_view.country_box(),
        "outlines": [
            (outline, "outline is-touched" if outline.code in touched else "outline",
             region_address({**base, "state": outline.abbr}))
            for outline in map_view.country()
        ],
        "labels": map_view.country_labels(),
        "dots": [places[code] for code in chosen if code in places],
    }  # fmt: skip
