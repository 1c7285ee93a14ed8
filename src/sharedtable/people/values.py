"""Values as they come in, made into the one form that is kept; what is wrong is told in a sentence at its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from sharedtable.errors import Refused
from sharedtable.ledger.bilingual import CHOICES
from sharedtable.method.partner_types import partner_types
from sharedtable.people.models import Organisation, Person
from sharedtable.studies import codes

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
# Signs that show a text otherwise than it is written: turned round, or not at all.
_HIDDEN = re.compile(r"[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
_SPACES = re.compile(r"[^\S\n]+")
_LANGUAGE_WORDS = {
    "english": "en", "inglés": "en", "ingles": "en", "spanish": "es", "español": "es", "espanol": "es",
    "english and spanish": "both", "inglés y español": "both", "ingles y espanol": "both", "bilingual": "both",
    "ambos": "both", "en/es": "both", "en, es": "both", "en+es": "both",
}  # fmt: skip


class WrongValues(Refused):
    """Some fields hold what cannot be kept. `fields`: name of a field → the sentence that stands beside it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()))


def one_line(value: Any) -> str:
    """A text without line breaks, double spaces and signs that cannot be shown."""
    return _SPACES.sub(" ", _CONTROL.sub(" ", _HIDDEN.sub("", str(value or ""))).replace("\n", " ")).strip()


def many_lines(value: Any) -> str:
    """A longer text, with its line breaks."""
    return _SPACES.sub(" ", _CONTROL.sub(" ", _HIDDEN.sub("", str(value or "")).replace("\r\n", "\n"))).strip()


def person_name(text: str) -> tuple[str, str, str]:
    """Given name, family name and the name as it is shown, of a name in one field.

    >>> person_name("Dr. SMITH, Ann B.")
    ('Ann B.', 'Smith', 'Ann B. Smith')
    """
    from nameparser import HumanName

    parsed = HumanName(one_line(text))
    letters = [part for part in (parsed.first, parsed.middle, parsed.last) if part]
    if letters and any(part.isupper() and len(part) > 3 or part.islower() for part in letters):
        parsed.capitalize(force=True)
    given = " ".join(part for part in (parsed.first, parsed.middle) if part)
    family = " ".join(part for part in (parsed.last, parsed.suffix) if part)
    if not given and not family and any(sign.isalpha() for sign in text):
        given = one_line(text)  # a name that reads like a title, such as Prince
    if not given and not family:
        raise Refused(_("Give a name: at least a first or a last name."))
    return given, family, " ".join(part for part in (given, family) if part)


def email(text: str) -> str:
    """A mail address in the form that is kept. Nothing is looked up on the network."""
    found = one_line(text).removeprefix("mailto:").strip("<> ")
    if not found:
        return ""
    try:
        return validate_email(found, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise Refused(
            _("“%(value)s” is not a mail address. It looks like name@example.org.") % {"value": found}
        ) from None


def phone(text: str) -> str:
    """A phone number as +16145550123, with “;ext=” when there is an extension. US numbers need no country code."""
    import phonenumbers

    found = one_line(text)
    if not found:
        return ""
    try:
        number = phonenumbers.parse(found, "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refused(_("“%(value)s” is not a phone number. Give the area code too: 614 555 0123.") % {"value": found})
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{kept};ext={number.extension}" if number.extension else kept


def phone_shown(kept: str) -> str:
    """A kept number as people here write it.

    >>> phone_shown("+16145550123"), phone_shown("+442079460000")
    ('(614) 555-0123', '+44 20 7946 0000')
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(kept, "US")
    except phonenumbers.NumberParseException:
        return kept
    is_here = number.country_code == 1
    form = phonenumbers.PhoneNumberFormat.NATIONAL if is_here else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def website(text: str) -> str:
    """A web address with its scheme, without what follows a visitor around.

    >>> website("WWW.Example.org/about?utm_source=x#top")
    'https://www.example.org/about'
    """
    found = one_line(text)
    if not found:
        return ""
    try:
        parts = urlsplit(found if "://" in found else f"https://{found}")
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or " " in found or "@" in parts.netloc:
        raise Refused(_("“%(value)s” is not a web address. It looks like www.example.org.") % {"value": found})
    return f"{parts.scheme}://{host}{parts.path.rstrip('/')}"


def zip_code(text: str) -> str:
    """Five digits, or nine with a hyphen; leading zeros that a spreadsheet dropped come back."""
    found = one_line(text).replace(" ", "")
    if not found:
        return ""
    digits = found.replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9 or len(digits) in (1, 2):
        raise Refused(_("“%(value)s” is not a ZIP code. It has five digits.") % {"value": found})
    if len(digits) <= 5:
        return digits.zfill(5)
    return f"{digits.zfill(9)[:5]}-{digits.zfill(9)[5:]}"


def state_code(text: str) -> str:
    """The two letters of a state, from letters or its name."""
    found = one_line(text)
    if not found:
        return ""
    if kept := codes.states().get(found.casefold()):
        return kept
    raise Refused(_("“%(value)s” is not a state. Give its two letters, such as OH.") % {"value": found})


def county_code(text: str) -> str:
    """The five digits of a county."""
    found = one_line(text)
    if not found:
        return ""
    if kept := codes.county_of(found):
        return kept
    raise Refused(_("“%(value)s” is not a county. Give its five digits, such as 39049.") % {"value": found})


def naics_code(text: str) -> str:
    """An industry code of two to six digits that exists."""
    found = one_line(text).replace(".", "").replace(" ", "")
    if not found:
        return ""
    if not codes.is_industry(found):
        raise Refused(
            _("“%(value)s” is not an industry code. Give two to six digits, such as 3261 for plastics.")
            % {"value": found}
        )
    return found


def naics_title(code: str) -> str:
    """What an industry code means, or the code itself when it is not known."""
    return codes.industry_title(code) if code else ""


def county_title(code: str) -> str:
    """A county's name with its state, or the code itself."""
    return codes.area_title(code) if code else ""


def language(text: str) -> str:
    """The language of somebody's letters: one that this site speaks, or both; as a code or in words."""
    found = one_line(text).lower() or "en"
    found = _LANGUAGE_WORDS.get(found, found)
    if found not in dict(CHOICES):
        raise Refused(_("“%(value)s” is not a language of this site.") % {"value": found})
    return found


def count(text: Any) -> int | None:
    """A whole number of people, or None."""
    found = one_line(text).replace(",", "")
    if not found:
        return None
    if not found.isascii() or not found.isdigit() or int(found) > 5_000_000:
        raise Refused(_("“%(value)s” is not a number of people.") % {"value": found[:20]})
    return int(found)


def rating(text: Any) -> int | None:
    """A judgement of one to five, or None."""
    found = one_line(text)
    if not found:
        return None
    if found not in set("12345"):
        raise Refused(_("Choose a number from 1 to 5."))
    return int(found)


def truth(text: Any) -> bool | None:
    """Yes, no, or not known."""
    if isinstance(text, bool) or text is None:
        return text
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(one_line(text).lower())


def day(value: Any) -> date | None:
    """A day, or None."""
    if isinstance(value, date) or not value:
        return value or None
    try:
        return date.fromisoformat(one_line(value))
    except ValueError:
        raise Refused(_("“%(value)s” is not a day. Write it as 2026-03-31.") % {"value": one_line(value)}) from None


def number(text: Any) -> int:
    """The number of a thing as an address or a form carries it; 0 for anything else."""
    found = str(text or "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 18 else 0


def today() -> date:
    """The day that it is."""
    return timezone.localdate()


def _choice(choices: Any) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        found = one_line(value)
        if found and found not in choices:
            raise Refused(_("Choose one of the list."))
        return found

    return clean


PERSON: dict[str, Callable[[Any], Any]] = {
    "email": email, "phone": phone, "mobile": phone, "assistant": one_line, "language": language, "notes": many_lines,
}  # fmt: skip
ORGANISATION: dict[str, Callable[[Any], Any]] = {
    "name": one_line, "kind": _choice(Organisation.Kind.values), "system": _choice(Organisation.System.values),
    "partner_type": lambda value: _choice(partner_types())(value), "website": website, "phone": phone,
    "street": one_line, "city": one_line, "state_code": state_code, "zip_code": zip_code, "county_code": county_code,
    "naics_code": naics_code, "employees": count, "registry_number": one_line, "convenes": many_lines,
    "understands_model": truth, "is_committed": truth, "credibility_rating": rating, "buy_in_rating": rating,
    "notes": many_lines,
}  # fmt: skip


def clean_person(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields of a person in the form that is kept; `name` gives the three fields of names.

    Fails with WrongValues, which holds a sentence for each field that is wrong.
    """
    made, wrong = _clean(given, PERSON, Person)
    if "name" in given:
        try:
            made["given_name"], made["family_name"], made["name"] = person_name(given["name"])
            for field in ("given_name", "family_name", "name"):
                _fits(Person, field, made[field])
        except Refused as refusal:
            wrong["name"] = str(refusal)
    if wrong:
        raise WrongValues(wrong)
    return made


def clean_organisation(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields of an organisation in the form that is kept. Fails with WrongValues."""
    made, wrong = _clean(given, ORGANISATION, Organisation)
    if "name" in made and not made["name"]:
        wrong["name"] = _("Give the name of the organization.")
    if made.get("kind") == "" and "kind" in made:
        wrong["kind"] = _("Choose what it is.")
    chosen = partner_types().get(made.get("partner_type") or "")
    if chosen is not None and not made.get("system"):
        made["system"] = chosen.system
    elif chosen is not None and made["system"] != chosen.system:
        wrong["partner_type"] = _("That type belongs to another system. Choose both so that they fit.")
    if wrong:
        raise WrongValues(wrong)
    return made


def _clean(
    given: Mapping[str, Any], cleaners: Mapping[str, Callable[[Any], Any]], model: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    made: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field, clean in cleaners.items():
        if field not in given:
            continue
        try:
            made[field] = clean(given[field])
            _fits(model, field, made[field])
        except Refused as refusal:
            wrong[field] = str(refusal)
    return made, wrong


def _fits(model: Any, field: str, value: Any) -> None:
    most = getattr(model._meta.get_field(field), "max_length", None) or 20_000
    if isinstance(value, str) and len(value) > most:
        raise Refused(_("This is too long: %(most)s signs are the limit.") % {"most": most})
