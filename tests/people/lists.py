"""Lists as people send them, made up."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl

from sharedtable.accounts.actors import Actor
from sharedtable.people.import_models import Import
from sharedtable.people.importing import actions


def csv_bytes(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    quoted = [[f'"{cell}"' if delimiter in cell or '"' in cell else cell for cell in row] for row in rows]
    return "\r\n".join(delimiter.join(row) for row in quoted).encode(encoding)


def xlsx_bytes(rows: Sequence[Sequence[object]], title: str = "List") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(
    by: Actor, data: bytes, name: str = "list.csv", *, source: str = "Chamber list", agency_id: int = 0
) -> Import:
    """A list up to the review, with the guessed columns."""
    batch = actions.begin(
        by=by, data=data, file_name=name, source=source, basis="The chamber agreed by mail.", agency_id=agency_id
    )
    return actions.choose_columns(
        by=by, batch=batch, kind=batch.kind, chosen=list(batch.columns), version=batch.version
    )


COMPANIES = [
    ["Company", "Street", "City", "State", "ZIP", "Phone number", "Web site", "NAICS", "Employees"],
    [
        "Lakeside Plastics, Inc.",
        "1 Shore Rd",
        "Columbus",
        "Ohio",
        "43215",
        "",
        "lakesideplastics.example",
        "326199",
        "150",
    ],
    [
        "Ridgeline Tool LLC",
        "500 Mill St",
        "Newark",
        "OH",
        "43055",
        "(614) 555-0150",
        "ridgeline.example",
        "333514",
        "40",
    ],
    ["", "9 Nowhere", "Newark", "OH", "43055", "", "", "", ""],
]
PEOPLE = [
    ["First name", "Last name", "Employer", "Job title", "E-mail", "Telephone", "City"],
    ["Casey", "Chairlakeside", "Lakeside Plastics", "CEO", "casey.chairlakeside@ohio.example", "", "Columbus"],
    ["Rosa", "Newcomer", "Ridgeline Tool", "Owner", "rosa@ridgeline.example", "614-555-0177", "Newark"],
    ["Ben", "Newcomer", "Ridgeline Tool", "Plant manager", "ben@ridgeline.example", "not a phone", "Newark"],
]
