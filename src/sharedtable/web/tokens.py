"""Reads the colours of the design from `css/tokens.css`, so that style page and contrast test show what is used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sharedtable.web.static_files import FOLDER

COLOUR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")

TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2: 1.4.3 text, 1.4.11 parts of controls and charts
# (what, on what, the least contrast): every pair that the components use.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *(
        (front, back, TEXT)
        for front in ("ink", "ink-soft", "brand", "brand-strong", "bad")
        for back in ("paper", "surface")
    ),
    *((front, "sunken", TEXT) for front in ("ink", "ink-soft")),
    *(("ink", f"{kind}-soft", TEXT) for kind in ("info", "good", "warn", "bad", "brand")),
    *((kind, f"{kind}-soft", TEXT) for kind in ("info", "good", "warn", "bad", "brand")),
    *((kind, "surface", TEXT) for kind in ("info", "good", "warn")),
    ("ink-soft", "brand-soft", TEXT),  # a table row under the pointer
    ("bad", "brand-soft", TEXT),
    ("brand-strong", "brand-soft", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-strong", TEXT),
    ("on-deep", "deep", TEXT),
    ("on-deep-soft", "deep", TEXT),
    *(("line-strong", back, SHAPE) for back in ("paper", "surface")),
    *(("focus", back, SHAPE) for back in ("paper", "surface")),
    ("accent", "deep", SHAPE),
    *((f"chart-{number}", "surface", SHAPE) for number in range(1, 7)),
    ("chart-quiet", "surface", SHAPE),
)


@dataclass(frozen=True)
class Colour:
    """One colour token: its name and its value in the light and in the dark scheme, as #rrggbb."""

    name: str
    light: str
    dark: str


@cache
def colours() -> dict[str, Colour]:
    """Gives every colour token by its name, in the order of the style sheet."""
    text = (FOLDER / "css" / "tokens.css").read_text(encoding="utf-8")
    return {name: Colour(name, light, dark) for name, light, dark in COLOUR.findall(text)}


def contrast(first: str, second: str) -> float:
    """Gives the contrast ratio (1 to 21) of two colours, as WCAG 2.2 defines it."""
    bright, dim = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
