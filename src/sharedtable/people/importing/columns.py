"""The fields that a column can fill, and which column fills which, guessed from its header and its values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sharedtable.people.matching.contacts import mail_of, phone_of
from sharedtable.people.matching.names import folded


@dataclass(frozen=True)
class Field:
    """One field of a list: whose it is, what people call it, what lists call it, and what the schema says of it."""

    key: str
    thing: str  # 'organisation' or 'person'
    attribute: str  # of the model; '' for what becomes something else
    title: str | Promise
    called: tuple[str, ...]
    says: str
    example: str
    most: int = 200
    pattern: str = ""


def _field(
    key: str,
    thing: str,
    attribute: str,
    title: str | Promise,
    called: str,
    says: str,
    example: str,
    most: int = 200,
    pattern: str = "",
) -> Field:
    return Field(
        key, thing, attribute, title, tuple(one.strip() for one in called.split("|")), says, example, most, pattern
    )


FIELDS: tuple[Field, ...] = (
    _field(
        "company",
        "organisation",
        "name",
        _("Company"),
        (
            "company|company name|business|business name|organization|organization name|"
            "organisation|employer|employer name|firm|account|account name|legal name|"
            "trade name|empresa|nombre de la empresa|compania|organizacion|negocio|"
            "razon social|name of company|establishment"
        ),
        "Name of the company or organization",
        "Example Plastics LLC",
    ),
    _field(
        "website",
        "organisation",
        "website",
        _("Website"),
        "website|web site|web|url|homepage|web page|company website|sitio web|pagina web",
        "Web address of the company",
        "example.com",
    ),
    _field(
        "company_phone",
        "organisation",
        "phone",
        _("Company phone"),
        ("company phone|business phone|main phone|office phone|hq phone|telefono de la empresa|telefono principal"),
        "Main phone number of the company, US",
        "(614) 555-0142",
        40,
    ),
    _field(
        "street",
        "organisation",
        "street",
        _("Street"),
        (
            "street|address|street address|address 1|address line 1|addr|mailing "
            "address|physical address|direccion|calle|domicilio"
        ),
        "Street and number",
        "100 Main St",
    ),
    _field(
        "city",
        "organisation",
        "city",
        _("City"),
        "city|town|municipality|ciudad|localidad|municipio",
        "City",
        "Columbus",
        100,
    ),
    _field(
        "state_code",
        "organisation",
        "state_code",
        _("State"),
        "state|st|state code|province|estado",
        "Two letters of the state",
        "OH",
        2,
        "^[A-Z]{2}$",
    ),
    _field(
        "zip_code",
        "organisation",
        "zip_code",
        _("ZIP code"),
        "zip|zip code|zipcode|postal code|postcode|codigo postal|cp",
        "ZIP code as text, with its zeros",
        "43215",
        10,
        "^[0-9]{5}(-[0-9]{4})?$",
    ),
    _field(
        "naics_code",
        "organisation",
        "naics_code",
        _("Industry code (NAICS)"),
        "naics|naics code|primary naics|naics6|naics 2022|industry code|codigo naics",
        "Industry code (NAICS), two to six digits, as text",
        "326199",
        6,
        "^[0-9]{2,6}$",
    ),
    _field(
        "employees",
        "organisation",
        "employees",
        _("Employees"),
        (
            "employees|number of employees|employee count|headcount|emp|size|fte|"
            "empleados|numero de empleados|trabajadores"
        ),
        "Number of employees, a whole number",
        "140",
        9,
        "^[0-9]+$",
    ),
    _field(
        "registry_number",
        "organisation",
        "registry_number",
        _("Register number"),
        ("registry number|register number|state id|uei|duns|entity number|charter number|numero de registro"),
        "A number in a public register, as text",
        "",
        40,
    ),
    _field(
        "name",
        "person",
        "name",
        _("Full name"),
        (
            "name|full name|contact|contact name|contact person|primary contact|person|"
            "nombre completo|nombre y apellido|contacto"
        ),
        "Full name of the person, if it is not in two columns",
        "",
        160,
    ),
    _field(
        "given_name",
        "person",
        "given_name",
        _("First name"),
        ("first name|firstname|given name|first|fname|contact first name|nombre|primer nombre|nombres"),
        "First name",
        "Ann",
        80,
    ),
    _field(
        "family_name",
        "person",
        "family_name",
        _("Last name"),
        ("last name|lastname|family name|surname|last|lname|contact last name|apellido|apellidos"),
        "Last name",
        "Example",
        80,
    ),
    _field(
        "title",
        "person",
        "",
        _("Job title"),
        "title|job title|position|role|contact title|cargo|puesto|titulo",
        "Job title",
        "Plant manager",
        160,
    ),
    _field(
        "email",
        "person",
        "email",
        _("Mail address"),
        ("email|e mail|email address|e mail address|mail|contact email|correo|correo electronico"),
        "Mail address of the person",
        "ann@example.com",
        254,
    ),
    _field(
        "phone",
        "person",
        "phone",
        _("Phone"),
        ("phone|phone number|telephone|tel|work phone|direct phone|contact phone|telefono|telefono de trabajo"),
        "Phone number, US",
        "(614) 555-0143",
        40,
    ),
    _field(
        "mobile",
        "person",
        "mobile",
        _("Mobile"),
        "mobile|cell|cell phone|mobile phone|celular|movil",
        "Mobile phone number, US",
        "",
        40,
    ),
    _field(
        "language",
        "person",
        "language",
        _("Language"),
        "language|preferred language|language of mail|idioma|idioma preferido|lengua",
        "Language of mail to the person: English, Spanish, or both",
        "",
        40,
    ),
    _field(
        "no_contact",
        "person",
        "",
        _("Do not contact"),
        "do not contact|do not email|do not mail|opt out|unsubscribed|no contactar|dnc",
        "yes, if the person does not want to be contacted",
        "",
        10,
    ),
)
BY_KEY = {field.key: field for field in FIELDS}
COMPANY_KEYS = tuple(field.key for field in FIELDS if field.thing == "organisation")
PEOPLE_TEMPLATE = ("given_name", "family_name", "title", "email", "phone", "mobile", *COMPANY_KEYS, "no_contact")

# Columns of confidential state records of single employers. A public EIN alone is none; beside wages it is.
_CONFIDENTIAL = re.compile(
    r"\b(ui|unemployment insurance|suta)\b.*\b(account|acct|number|no|num|wages?)\b|\bui ?acct|uiacct|\bseinum?\b|"
    r"employer account number|social security|\bssn\b|wage record"
)
_EIN = re.compile(r"\b(f?ein|federal (employer|tax) id\w*|tax id)\b")
_WAGES = re.compile(r"\b(wages?|payroll|total pay|taxable|salario)\b")


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields that a list of that kind can fill."""
    return FIELDS if kind == "people" else tuple(field for field in FIELDS if field.thing == "organisation")


def plain(header: str) -> str:
    """A header as it is compared: folded words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.sub(r"[^\w]+|_", " ", folded(parted)).split())


def confidential(header: Sequence[str]) -> str:
    """The column that shows that a list holds confidential records of employers; '' for none."""
    names = [plain(one) for one in header]
    for shown, name in zip(header, names, strict=True):
        if _CONFIDENTIAL.search(name):
            return shown
    wages = next((shown for shown, name in zip(header, names, strict=True) if _WAGES.search(name)), "")
    return wages if wages and any(_EIN.search(name) for name in names) else ""


def signature(header: Sequence[str]) -> str:
    """The same for lists with the same columns."""
    return hashlib.sha256("\0".join(plain(one) for one in header).encode()).hexdigest()


def guess_kind(columns: Sequence[str]) -> str:
    """Whether a list with these fields is one of people or of companies."""
    return "people" if {"family_name", "given_name", "name", "email"} & set(columns) else "companies"


def guess(header: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "people") -> list[str]:
    """For each column the key of the field that it most likely fills, or ''. Each field is filled once."""
    allowed = fields_of(kind)
    names = [plain(one) for one in header]
    found = [""] * len(header)
    taken: set[str] = set()

    def give(place: int, key: str) -> None:
        found[place] = key
        taken.add(key)

    # Beside companies alone, a phone is the company's.
    as_company = set(BY_KEY["phone"].called) if kind == "companies" else set()
    for exact in (True, False):
        for place, name in enumerate(names):
            if found[place] or not name:
                continue
            for field in allowed:
                called = {plain(one) for one in field.called} | {plain(field.key)}
                called |= as_company if field.key == "company_phone" else set()
                fits = name in called if exact else any(f" {one} " in f" {name} " for one in called if len(one) > 3)
                if fits and field.key not in taken:
                    give(place, field.key)
                    break
    for place in range(len(header)):
        if not found[place]:
            key = _by_values([row[place] for row in rows[:200] if place < len(row) and row[place]])
            if key and key not in taken and any(field.key == key for field in allowed):
                give(place, key)
    # A list with "Name" and no company column: of companies, when no person's column stands beside it.
    if "name" in found and "company" not in found and not {"email", "title", "given_name", "family_name"} & set(found):
        found[found.index("name")] = "company"
    if kind != "people" and "company" not in found:
        place = next((at for at, name in enumerate(names) if name in ("name", "nombre") and not found[at]), -1)
        if place >= 0:
            found[place] = "company"
    return found


def _by_values(values: Sequence[str]) -> str:
    """The field that most values of a column look like."""
    if len(values) < 2:
        return ""

    def most(test: Callable[[str], object]) -> bool:
        return sum(1 for value in values if test(value)) >= 0.8 * len(values)

    if most(mail_of):
        return "email"
    if most(lambda value: re.fullmatch(r"\d{5}-\d{4}", value)):
        return "zip_code"
    if most(lambda value: re.fullmatch(r"(https?://)?(www\.)?[\w-]+(\.[\w-]+)+/?\S*", value)):
        return "website"
    if most(lambda value: phone_of(value) and not value.isdigit()):
        return "phone"
    return ""
