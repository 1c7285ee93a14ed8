"""Codes of the importing room as sentences for a person, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "too_large": _("This file has %(megabytes)s MB; a list may have %(most)s MB. Send it in parts."),
    "empty": _("There is nothing in this file. Nothing was brought in."),
    "no_rows": _("This list has a header and no rows. Nothing was brought in."),
    "old_excel": _("This is a workbook of the old Excel format (XLS). Open it, save it as XLSX, and send that."),
    "open_document": _("This is an OpenDocument file (ODS). Open it, save it as XLSX or CSV, and send that."),
    "pdf": _("This is a PDF, which holds a picture of a table. Ask for the list as XLSX or CSV."),
    "picture": _("This is a picture. Ask for the list as XLSX or CSV."),
    "document": _("This is a text document. Copy its table and paste it here, or ask for XLSX or CSV."),
    "archive": _("This is a packed file without a workbook in it. Unpack it and send the list itself."),
    "database": _("This is a database file. Export the list as XLSX or CSV and send that."),
    "web_page": _("This is a web page, not a list. Copy its table and paste it here, or ask for XLSX or CSV."),
    "locked": _("This workbook is locked with a password. Save it without one and send that."),
    "members": _("This workbook has %(members)s parts; %(most)s is the limit. Save the list alone as a new workbook."),
    "bomb": _("This workbook grows to more than %(most)s MB when it is opened. Save the list alone as a new workbook."),
    "doctype": _("This workbook holds a document type declaration, which no real one has. Save it again in Excel."),
    "damaged": _("This workbook is damaged and cannot be read. Open it in Excel, save it again, and send that."),
    "exhausted": _("Reading this file took more time or memory than a real list needs. Nothing was brought in."),
    "columns": _(
        "Row %(row)s has more than %(most)s columns, which is the limit. Send only the columns that you need."
    ),
    "rows": _("This list has more than %(most)s rows, which is the limit. Send it in parts."),
    "cell": _("A cell near row %(row)s is far too long, perhaps because a quotation mark is missing. Mend it first."),
    "no_cards": _("There is no contact card in this file that can be read. Export the contacts again."),
    "confidential": _(
        "This looks like confidential records of single employers (column “%(column)s”). They must not be kept here. "
        "Ask for a list with names and addresses only."
    ),
}
NOTES: dict[str, str | Promise] = {
    "encoding": _(
        "The file does not say how its letters are written; it was read as %(name)s. Look at names with accents."
    ),
    "zeros": _("Some signs that no text has were left out."),
    "above": _("%(rows)s rows above the header were left out."),
    "sheet": _("The workbook has several sheets; “%(name)s”, the longest, was read."),
    "cards_left_out": _("%(count)s contact cards could not be read and were left out."),
}
PROBLEMS: dict[str, str | Promise] = {
    "no_name": _("There is no name in this row."),
    "no_company_name": _("There is no company name in this row."),
    "asks_no_contact": _("This list says that the person does not want to be contacted, so they are not brought in."),
    "mail": _("“%(value)s” is not a mail address; this cell is left out."),
    "phone": _("“%(value)s” is not a US phone number; this cell is left out."),
    "zip_code": _("“%(value)s” is not a ZIP code; this cell is left out."),
    "state_code": _("“%(value)s” is not a state; this cell is left out."),
    "naics_code": _("“%(value)s” is not an industry code (NAICS); this cell is left out."),
    "employees": _("“%(value)s” is not a number of employees; this cell is left out."),
    "website": _("“%(value)s” is not a web address; this cell is left out."),
    "language": _("“%(value)s” is not a language of this site; this cell is left out."),
    "too_long": _("A text of %(count)s letters is too long for its field; it is cut."),
    "formula": _("“%(value)s” is a spreadsheet error or formula; this cell is left out."),
    "adds_job": _("Somebody you know, at a place of work that is added: %(company)s."),
    "kept_by_other": _("Another agency keeps this entry. Its values stay; yours are noted beside them."),
    "gone": _("The entry that this row was matched with is not there any more. Compare again."),
}
REASONS: dict[str, str | Promise] = {
    "name_equal": _("same name"),
    "name_alike": _("name %(pct)s %% alike"),
    "name_part": _("one name is part of the other"),
    "name_initials": _("one name is the initials of the other"),
    "name_near": _("name %(pct)s %% alike"),
    "name_word": _("the telling word of the name is shared"),
    "name_differs": _("different names"),
    "phone_same": _("same phone"),
    "phone_differs": _("different phones"),
    "domain_same": _("same web or mail domain"),
    "domain_differs": _("different web domains"),
    "street_same": _("same street and number"),
    "street_near": _("same street, number nearly the same"),
    "road_same": _("same street, another number"),
    "street_differs": _("different street"),
    "zip_same": _("same ZIP code"),
    "zip_differs": _("different ZIP code"),
    "city_same": _("same city"),
    "city_differs": _("different city"),
    "number_same": _("same register number"),
    "number_near": _("register number nearly the same"),
    "number_differs": _("different register numbers"),
    "family_equal": _("same family name"),
    "family_alike": _("family name %(pct)s %% alike"),
    "family_near": _("family name %(pct)s %% alike"),
    "family_differs": _("different family names"),
    "given_equal": _("same first name"),
    "given_alike": _("first name %(pct)s %% alike"),
    "given_nickname": _("first names that are used for each other"),
    "given_initial": _("same first letter of the first name"),
    "given_near": _("first name %(pct)s %% alike"),
    "given_differs": _("different first names"),
    "names_swapped": _("first and family name swapped"),
    "name_elsewhere": _("the only name stands in another field"),
    "mail_same": _("same mail address"),
    "mail_office": _("same office mail box"),
    "mail_domain": _("same mail domain"),
    "mail_colleague": _("different mail addresses at one employer"),
    "mail_differs": _("different mail addresses"),
    "firm_same": _("same employer"),
    "firm_differs": _("different employers"),
    "born_same": _("same birth date"),
    "born_near": _("birth date nearly the same"),
    "born_differs": _("different birth dates"),
    "splink": _("found by the engine for long lists"),
    "row_equal": _("the same in everything that is compared"),
}
# Reasons that tell something about contact details, shown only to who may see those.
ABOUT_CONTACT = frozenset(
    {"phone_same", "phone_differs", "mail_same", "mail_office", "mail_domain", "mail_colleague", "mail_differs"}
)


def sentence(table: Mapping[str, str | Promise], code: str, details: Mapping[str, Any]) -> str:
    """The sentence of a code; a code without one is shown as it is, so that nothing is silently lost."""
    words = table.get(code)
    if words is None:
        return code
    try:
        return str(words) % details
    except (KeyError, TypeError, ValueError):
        return str(words)
