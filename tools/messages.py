"""Collects the strings of the pages, updates the Spanish catalogue and compiles it.

    tools/messages.py            collect and update es/LC_MESSAGES/django.po, compile django.mo, list what lacks Spanish
    tools/messages.py --check    change nothing; exit 1 when a file is out of date or a string lacks its Spanish

Needs Babel and Django, not GNU gettext. A new string gets an empty translation: write it into the .po file and run this
again. Strings that are gone leave the catalogue. Nothing in the files depends on the clock or on line numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "sharedtable"
# What a browser shows; the library speaks English.
FOLDERS = (
    "config",
    "web",
    "studies",
    "ledger",
    "accounts",
    "people",
    "partnerships",
    "archive",
    "worksheets",
    "steps",
    "meetings",
    "library",
    "wall",
    "walks",
    "plans",
)
PO = SOURCE / "web" / "locale" / "es" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
LAZY = {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY}
HEADER = "# Spanish of the pages of Shared Table. Plain words, 'usted'. Made up to date by tools/messages.py.\n#"


def sources() -> Iterator[tuple[str, bytes]]:
    """Gives each file that may hold strings: its name from the root, and its text as Python source."""
    for folder in FOLDERS:
        for path in sorted((SOURCE / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".py":
                yield name, path.read_bytes()
            elif path.suffix == ".html":
                marked = templatize(path.read_text(encoding="utf-8"), origin=name)
                # The indents of a template mean nothing, but Python's tokens would trip on them.
                yield name, "\n".join(line.lstrip() for line in marked.splitlines()).encode()


def collect() -> Catalog:
    """Gives a catalogue of every string in the code and the templates, untranslated."""
    found = Catalog(locale="es", project="sharedtable", charset="utf-8", fuzzy=False, header_comment=HEADER)
    for name, text in sources():
        for _line, message, comments, context in extract(
            "python", BytesIO(text), KEYWORDS, comment_tags=("Translators:",)
        ):
            found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def updated() -> Catalog:
    """Gives today's strings with the translations that the .po file has for them."""
    catalog = collect()
    if PO.exists():
        with PO.open("rb") as file:
            known = read_po(file, locale="es", charset="utf-8")
        for message in catalog:
            before = known.get(message.id, context=message.context) if message.id else None
            if before is not None:
                message.string = before.string
    return catalog


def po_text(catalog: Catalog) -> bytes:
    """Gives the .po file of a catalogue: sorted, without dates and line numbers."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, sort_output=True, omit_header=True, include_lineno=False)
    header = f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: es\\n"\n"MIME-Version: 1.0\\n"\n'
    header += '"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    return header.encode() + buffer.getvalue().strip() + b"\n"


def mo_bytes(text: bytes) -> bytes:
    """Gives the compiled catalogue of a .po file."""
    buffer = BytesIO()
    catalog = read_po(BytesIO(text), locale="es", charset="utf-8")
    catalog.creation_date = catalog.revision_date = datetime(
        2026, 1, 1, tzinfo=UTC
    )  # else it would be the present moment
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Gives the strings without Spanish, and those whose placeholders differ, each with its file."""
    problems = []
    for message in catalog:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        where = message.locations[0][0] if message.locations else "?"
        if not all(strings):
            problems.append(f"{where}: no Spanish for {message.id!r}")
            continue
        problems += [f"{where}: {problem} in {message.id!r}" for problem in message.check(catalog)]
    return problems


def main(arguments: list[str]) -> int:
    """Runs the command; gives its exit code."""
    catalog = updated()
    text = po_text(catalog)
    problems = untranslated(catalog)
    if "--check" in arguments:
        if not PO.exists() or PO.read_bytes() != text:
            problems.append(f"{PO.relative_to(ROOT)} is out of date: run tools/messages.py")
        if not MO.exists() or MO.read_bytes() != mo_bytes(text):
            problems.append(f"{MO.relative_to(ROOT)} is out of date: run tools/messages.py")
    else:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(text)
        MO.write_bytes(mo_bytes(text))
    print("\n".join(problems) or f"{sum(1 for message in catalog if message.id)} strings, all in Spanish.")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
