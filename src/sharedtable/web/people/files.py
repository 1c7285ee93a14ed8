"""Lists as files: a workbook that opens right in Excel, or CSV; codes stay texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.exports import Column, Language, Sheet, Value, Workbook, rows_to_csv, to_xlsx
from sharedtable.people.list_queries import PersonRow
from sharedtable.people.values import phone_shown
from sharedtable.web.people.frame import tongue

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def people_sheet(rows: Sequence[PersonRow]) -> Sheet:
    """People as a sheet; what the reader may not see is empty."""
    columns = (
        Column("given_name", _("First name"), "text", 1.6), Column("family_name", _("Last name"), "text", 1.6),
        Column("title", _("Title"), "text"), Column("organisation", _("Company or organization"), "text"),
        Column("place", _("Place"), "text"), Column("email", _("Mail"), "text"),
        Column("phone", _("Phone"), "code", 1.6),
        Column("mobile", _("Mobile"), "code", 1.6), Column("language", _("Language"), "code"),
        Column("county_code", _("County"), "code"), Column("naics_code", _("Industry code"), "code"),
        Column("agency", _("On the list of"), "text"),
    )  # fmt: skip
    return Sheet("People", columns, tuple({c.key: getattr(row, c.key) for c in columns} for row in rows))


def organisations_sheet(by: Actor, rows: Sequence[Any]) -> Sheet:
    """Organisations as a sheet; phone, size and ratings only where the reader may see them."""
    columns = (
        Column("name", _("Name"), "text"), Column("kind", _("What it is"), "text", 1.6),
        Column("system", _("System"), "text", 1.6), Column("partner_type", _("Type"), "text", 1.6),
        Column("naics_code", _("Industry code"), "code"), Column("employees", _("People employed here"), "integer"),
        Column("website", _("Website"), "text"), Column("phone", _("Phone"), "code", 1.6),
        Column("street", _("Street"), "text"), Column("city", _("City"), "text", 1.6),
        Column("state_code", _("State"), "code"), Column("zip_code", _("ZIP code"), "code"),
        Column("county_code", _("County"), "code"), Column("agency", _("On the list of"), "text"),
    )  # fmt: skip
    return Sheet("Organizations", columns, tuple(_organisation(by, row) for row in rows))


def answer(sheet: Sheet, kind: str, title: str, name: str) -> HttpResponse:
    """The sheet as a file to keep."""
    if kind not in TYPES:
        raise Missing(_("There is no such file. Take xlsx or csv."))
    today = timezone.localdate()
    if kind == "csv":
        content = rows_to_csv(sheet.columns, sheet.rows, header="title")
    else:
        language: Language = "es" if tongue() == "es" else "en"
        content = to_xlsx(
            Workbook(f"sharedtable-{name}", 1, title, today, {"rows": len(sheet.rows)}, (sheet,), language=language)
        )
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}-{today.isoformat()}.{kind}"'
    return response


def _organisation(by: Actor, one: Any) -> Mapping[str, Value]:
    contact = by.may("people.contact", one)
    return {
        "name": one.name, "kind": str(one.get_kind_display()), "system": str(one.get_system_display()),
        "partner_type": one.partner_type, "naics_code": one.naics_code,
        "employees": one.employees if contact else None, "website": one.website,
        "phone": phone_shown(one.phone) if contact and one.phone else "", "street": one.street, "city": one.city,
        "state_code": one.state_code, "zip_code": one.zip_code, "county_code": one.county_code,
        "agency": one.agency.name if one.agency else "",
    }  # fmt: skip
