"""One row's cells, checked and in one form. A cell that cannot be read is left out with a reason; codes stay text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email

from sharedtable.errors import Refused
from sharedtable.people.importing.columns import BY_KEY
from sharedtable.people.matching import names, places
from sharedtable.people.values import language
from sharedtable.studies import codes

_ERRORS = re.compile(r"#(?:N/?A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)|=.+", re.IGNORECASE)
_NOTHING = frozenset({"n/a", "na", "none", "null", "nan", "-", "--", "?", "unknown", "tbd", ".", "#n/a"})
_YES = frozenset({"yes", "y", "true", "1", "x", "si", "sí"})
_SITE = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,24})(?::\d+)?(/[^\s<>\"']*)?", re.IGNORECASE)
Problem = dict[str, Any]


def check(cells: Mapping[str, str], kind: str) -> tuple[dict[str, str], list[Problem], bool]:
    """The values by field, what was wrong, and whether the row can be used at all."""
    made: dict[str, str] = {}
    problems: list[Problem] = []
    for key, cell in cells.items():
        text = cell.strip()
        if not text or text.casefold() in _NOTHING:
            continue
        if _ERRORS.fullmatch(text):
            problems.append({"code": "formula", "field": key, "value": text[:40]})
            continue
        value = _read(key, text)
        if value is None:
            code = {"email": "mail", "mobile": "phone", "company_phone": "phone"}.get(key, key)
            problems.append({"code": code, "field": key, "value": text[:60]})
            continue
        if len(value) > BY_KEY[key].most:
            problems.append({"code": "too_long", "field": key, "count": len(value)})
            value = value[: BY_KEY[key].most].rstrip()
        if value:
            made[key] = value
    if kind == "people":
        _person_name(made)
        if made.pop("no_contact", ""):
            return made, [*problems, {"code": "asks_no_contact"}], False
        if not made.get("family_name"):
            return made, [*problems, {"code": "no_name"}], False
    elif not made.get("company"):
        return made, [*problems, {"code": "no_company_name"}], False
    if kind == "people" and not made.get("company"):
        for key in ("website", "company_phone", "street", "city", "state_code", "zip_code", "naics_code", "employees"):
            made.pop(key, None)  # a place of work without a name is nothing to keep
    if made.get("street"):
        made["street"] = made["street"][:200]
    return made, problems, True


def _read(key: str, text: str) -> str | None:
    """The value in its one form; None when it is none."""
    reader = _READERS.get(key)
    return " ".join(text.split()) if reader is None else reader(text)


def _person_name(made: dict[str, str]) -> None:
    given, family = made.get("given_name", ""), made.get("family_name", "")
    if not family and (whole := made.pop("name", "") or given):
        given, family = names.parts_of_person(whole) if " " in whole or "," in whole else ("", whole)
    made.pop("name", None)
    for key, value in (("given_name", given), ("family_name", family)):
        made.pop(key, None)
        if value:
            made[key] = _in_case(value)[:80]


def _in_case(name: str) -> str:
    """SMITH and smith are Smith; McDonald and de la Cruz stay as they were written."""
    return name.title() if len(name) > 2 and (name.isupper() or name.islower()) else name


@lru_cache(maxsize=16_384)
def _phone(text: str) -> str | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(text[:60], "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    made = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{made} x{parsed.extension}"[:40] if parsed.extension else str(made)


def _mail(text: str) -> str | None:
    plain = text.strip("<> ").removeprefix("mailto:")
    found = re.search(r"<([^<>]+)>", text)
    try:
        return str(
            validate_email(
                found.group(1) if found else plain, check_deliverability=False, test_environment=True
            ).normalized
        )
    except EmailNotValidError:
        return None


def _zip(text: str) -> str | None:
    digits = re.sub(r"[\s.]+", "", text)
    if re.fullmatch(r"\d{5}(-\d{4})?", digits):
        return digits
    if re.fullmatch(r"\d{9}", digits):
        return f"{digits[:5]}-{digits[5:]}"
    # Excel drops leading zeros: 4101 is 04101 in Maine
    return digits.zfill(5) if re.fullmatch(r"\d{3,4}", digits) else None


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    return {names.folded(name): letters for name, letters in codes.states().items()}


def _state(text: str) -> str | None:
    return _states().get(names.folded(text.replace(".", "")))


@lru_cache(maxsize=4096)
def _naics(text: str) -> str | None:
    code = (
        re.split(r"\s|[-–:]", text.strip())[0].rstrip(".0") if "." in text else re.split(r"\s|[-–:]", text.strip())[0]
    )
    if not re.fullmatch(r"\d{2,6}", code):
        return None
    return code if codes.was_industry(code) else None


def _employees(text: str) -> str | None:
    plain = text.replace(",", "").replace(" ", "")
    plain = plain[:-2] if plain.endswith(".0") else plain
    return str(int(plain)) if plain.isascii() and plain.isdigit() and int(plain) < 3_000_000 else None


def _website(text: str) -> str | None:
    found = _SITE.fullmatch(text.strip())
    return f"{found.group(1).lower()}{(found.group(2) or '').rstrip('/')}" if found else None


def _no_contact(text: str) -> str | None:
    return "yes" if text.casefold() in _YES else ""


def _language(text: str) -> str | None:
    try:
        return language(text)
    except Refused:
        return None


_READERS: dict[str, Callable[[str], str | None]] = {
    "email": _mail, "phone": _phone, "mobile": _phone, "company_phone": _phone, "zip_code": _zip, "state_code": _state,
    "naics_code": _naics, "employees": _employees, "website": _website, "no_contact": _no_contact,
    "language": _language,
}  # fmt: skip


def street(made: Mapping[str, str]) -> str:
    """The street line as the Postal Service writes it."""
    return places.written(
        made.get("street", ""), made.get("city", ""), made.get("state_code", ""), made.get("zip_code", "")
    )
