"""People as vCards (RFC 2426 and RFC 6350) that a phone or a mail program takes in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import vobject

from sharedtable.errors import Refused
from sharedtable.exports.format import clean_text

Version = Literal["3.0", "4.0"]
_TEXTS = (
    "name", "given_name", "family_name", "organisation", "title", "email", "phone", "mobile",
    "street", "city", "state_code", "zip_code", "website",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One person as they stand in somebody's contacts. `uid` stays the same, so that a second file updates the first.

    Give only what the reader of the file may see.
    """

    uid: str
    name: str
    given_name: str = ""
    family_name: str = ""
    organisation: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    street: str = ""
    city: str = ""
    state_code: str = ""
    zip_code: str = ""
    website: str = ""
    note: str = ""
    changed_at: datetime | None = None

    def __post_init__(self) -> None:
        for key in _TEXTS:
            object.__setattr__(self, key, " ".join(clean_text(getattr(self, key)).split()))
        object.__setattr__(self, "note", clean_text(self.note).strip())
        if not self.name:
            raise Refused("A card needs the name of the person.")
        if not self.uid or not self.uid.isascii() or any(sign.isspace() for sign in self.uid):
            raise Refused(f"The card of {self.name} needs a uid of plain signs that stays the same for good.")


def to_vcard(cards: Iterable[Card], version: Version = "3.0") -> bytes:
    """The cards one after the other, as UTF-8 with CRLF. Version 3.0 is what Outlook and phones read; 4.0 is newer."""
    return "".join(_card(card, version) for card in cards).encode("utf-8")


def _card(card: Card, version: Version) -> str:
    made = vobject.vCard()
    is_new = version == "4.0"
    made.add("version").value = version
    made.add("uid").value = card.uid
    made.add("fn").value = card.name
    given = card.given_name or ("" if card.family_name else card.name)
    made.add("n").value = vobject.vcard.Name(family=card.family_name, given=given)
    if card.organisation:
        made.add("org").value = [card.organisation]
    for key, value in (("title", card.title), ("url", card.website), ("note", card.note)):
        if value:
            made.add(key).value = value
    if card.email:
        _typed(made.add("email"), card.email, ["work"] if is_new else ["INTERNET", "WORK"])
    if card.phone:
        _typed(made.add("tel"), card.phone, ["work", "voice"] if is_new else ["WORK", "VOICE"])
    if card.mobile:
        _typed(made.add("tel"), card.mobile, ["cell"] if is_new else ["CELL"])
    if card.street or card.city or card.zip_code:
        place = vobject.vcard.Address(
            street=card.street, city=card.city, region=card.state_code, code=card.zip_code, country="USA"
        )
        _typed(made.add("adr"), place, ["work"] if is_new else ["WORK"])
    if card.changed_at is not None:
        made.add("rev").value = card.changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return str(made.serialize())


def _typed(line: vobject.base.ContentLine, value: object, kinds: list[str]) -> None:
    line.value = value
    line.params["TYPE"] = kinds
