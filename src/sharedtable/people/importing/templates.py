"""What an agency can fill in or check before it sends a list: a template as CSV and XLSX, and its published schema."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sharedtable.errors import Missing
from sharedtable.people.importing.columns import BY_KEY, COMPANY_KEYS, PEOPLE_TEMPLATE, Field

KINDS = ("companies", "people")
_HEADERS = {"email": "Mail address", "no_contact": "Do not contact", "naics_code": "NAICS code"}


def fields(kind: str) -> list[Field]:
    """The columns of a template, in their order. Fails with Missing for another kind."""
    if kind not in KINDS:
        raise Missing("")
    return [BY_KEY[key] for key in (COMPANY_KEYS if kind == "companies" else PEOPLE_TEMPLATE)]


def header(field: Field) -> str:
    """The name of a column in the template: always the same, in English, so that a filled-in one is understood."""
    return _HEADERS.get(field.key, field.called[0].capitalize().replace("Zip", "ZIP"))


def schema(kind: str) -> dict[str, Any]:
    """Frictionless Table Schema of the template: https://specs.frictionlessdata.io/table-schema/"""
    described: list[dict[str, Any]] = []
    for field in fields(kind):
        limits: dict[str, Any] = {"maxLength": field.most}
        if field.pattern:
            limits = {"pattern": field.pattern}
        if field.key == ("company" if kind == "companies" else "family_name"):
            limits["required"] = True
        one = {"name": header(field), "type": "string", "description": field.says, "constraints": limits}
        if field.key == "email":
            one["format"] = "email"
        described.append(one)
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "fields": described,
        "missingValues": [""],
    }


def as_csv(kind: str) -> bytes:
    """The template with one made-up row, as Excel opens it."""
    columns = fields(kind)
    lines = [",".join(header(one) for one in columns), ",".join(f'"{one.example}"' for one in columns)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def as_xlsx(kind: str) -> bytes:
    """The template as a workbook: columns as text, so that codes keep their zeros; a sheet says what belongs where."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Template: {kind}", "created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the same bytes each time
    bold, text = (
        book.add_format({"bold": True, "bg_color": "#EEF4F3", "bottom": 1}),
        book.add_format({"num_format": "@"}),
    )
    page, about = book.add_worksheet("List"), book.add_worksheet("What belongs where")
    about.write_row(0, 0, ["Column", "What belongs there", "Example"], bold)
    for place, one in enumerate(fields(kind)):
        page.write_string(0, place, header(one), bold)
        page.set_column(place, place, 20, text)
        for column, words in enumerate((header(one), one.says, one.example)):
            about.write_string(place + 1, column, words)
    page.freeze_panes(1, 0)
    about.set_column(0, 2, 34)
    book.close()
    return out.getvalue()
