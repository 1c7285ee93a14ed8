"""The typesetter (typst) behind PDF pages and pictures: its fonts, what they can show, and checked SVG.

Typst runs with an empty folder as its root, so a template can read no file of the machine. Text reaches it only as JSON
values, which it never parses as markup. No font of the machine is used: the same document looks the same everywhere.
"""

import struct
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # builds text only; parsing is done by defusedxml

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeElementTree

from sharedtable.errors import Missing, Refused

FONTS = Path(__file__).parent / "fonts"
MAX_SVG_CHARS = 3_000_000
REPLACEMENT = "\ufffd"  # shown as a framed question mark by a font inside typst

_SVG = "http://www.w3.org/2000/svg"
_FORBIDDEN = frozenset({"script", "foreignObject", "image", "feImage", "iframe", "animate", "set", "handler"})
_PICTURE = (
    "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1cm)'
)
# Drawn by nothing, so no font needs a glyph: soft hyphen, zero-width marks, direction marks.
_INVISIBLE = frozenset(
    [0x09, 0x0A, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


def typeset(template: str, inputs: dict[str, str], *, png_ppi: float | None = None) -> bytes:
    """Runs one of our fixed templates: gives a PDF/UA-1 file, or a PNG picture when `png_ppi` is given.

    Fails with `Missing` when typst is not installed, with `Refused` when the typesetter cannot set the input.
    """
    typst = _typst()
    with tempfile.TemporaryDirectory(prefix="sharedtable-") as root:
        options: dict[str, Any] = {"root": root, "font_paths": _fonts(), "sys_inputs": inputs, "package_path": root}
        options["package_cache_path"] = root
        if png_ppi:
            options |= {"format": "png", "ppi": png_ppi}
        else:
            options |= {"format": "pdf", "pdf_standards": ["ua-1"]}
        try:
            result = typst.compile(template.encode(), **options)
        except typst.TypstError as error:
            raise Refused(
                f"The page could not be set: {error}. Please report this with the document that caused it."
            ) from error
    # A document of several PNG pages comes as a list; our picture template makes one page.
    return bytes(result)


def _typst() -> Any:
    try:
        import typst
    except ImportError as error:
        raise Missing(
            "PDF files and pictures need the package typst, which is not installed. Install sharedtable[web]."
        ) from error
    return typst


@cache
def _fonts() -> Any:
    return _typst().Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


@cache
def shown_characters() -> frozenset[int]:
    """The code points that our fonts can show, read from their character maps."""
    points: set[int] = set()
    for name in ("PublicSans-Regular.ttf", "SourceSerif4-SemiBold.ttf"):
        points |= _character_map((FONTS / name).read_bytes())
    return frozenset(points)


def _character_map(font: bytes) -> set[int]:
    """Code points of a TrueType font's cmap table in format 4, the one for the basic plane."""
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * i) for i in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    for i in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * i)[2]
        if struct.unpack_from(">H", font, start)[0] == 4:
            count = struct.unpack_from(">H", font, start + 6)[0] // 2
            ends = struct.unpack_from(f">{count}H", font, start + 14)
            starts = struct.unpack_from(f">{count}H", font, start + 16 + 2 * count)
            return {p for a, b in zip(starts, ends, strict=True) for p in range(a, b + 1) if p != 0xFFFF}
    raise Missing("A shipped font has no readable character map. Install the package again.")


def showable(text: str) -> str:
    """The text with each character that our fonts cannot show replaced by U+FFFD; PDF/UA allows no missing glyph."""
    shown = shown_characters()
    return "".join(c if ord(c) in shown or ord(c) in _INVISIBLE else REPLACEMENT for c in text)


def checked_svg(svg: str) -> str:
    """The picture, safe to draw: well-formed SVG without scripts, outside references or embedded pictures.

    Takes SVG text (with or without the namespace, as it stands in a page); gives SVG text with it. Fails with
    `Refused`.
    """
    if len(svg) > MAX_SVG_CHARS:
        raise Refused(f"The picture has {len(svg):,} characters; the limit is {MAX_SVG_CHARS:,}. Draw fewer points.")
    try:
        root = SafeElementTree.fromstring(svg, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise Refused(f"The picture is not well-formed SVG ({error}). Give one complete <svg> element.") from error
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name in _FORBIDDEN:
            raise Refused(
                f"The picture holds a <{name}> element, which is not allowed in a document. Draw it with shapes."
            )
        for key, value in element.attrib.items():
            outside = key.rpartition("}")[2] in ("href", "src") and not value.startswith("#")
            if outside or "url(" in value.replace("url(#", "").replace("url('#", "") or "@import" in value:
                raise Refused(
                    f"The picture refers to something outside itself ({value[:60]!r}). Draw all of it inside."
                )
        if name == "style" and ("url(" in (element.text or "") or "@import" in (element.text or "")):
            raise Refused("The picture's style sheet refers to something outside itself. Use presentation attributes.")
        element.tag = f"{{{_SVG}}}{name}"
    if root.tag != f"{{{_SVG}}}svg":
        raise Refused("The picture is XML but not SVG. Give one complete <svg> element.")
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def svg_to_png(svg: str, *, width_cm: float = 16.5, ppi: int = 200) -> bytes:
    """The picture as PNG at that width, for files that cannot hold SVG. Fails as `checked_svg` does."""
    return typeset(_PICTURE, {"svg": showable(checked_svg(svg)), "width": str(width_cm)}, png_ppi=ppi)
