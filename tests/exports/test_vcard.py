"""Cards of people: both versions, read back by another reader than the one that wrote them."""

import re
from datetime import UTC, datetime

import pytest
import vobject
from hypothesis import given, settings

from sharedtable.errors import Refused
from sharedtable.exports import Card, to_vcard
from tests.exports.test_any_text import ANY

CARD = Card(
    uid="urn:sharedtable:person:7",
    name="José Ñandú, Jr.",
    given_name="José",
    family_name="Ñandú; Peña",
    organisation="Lakeside Plastics, Inc.",
    title="Plant manager",
    email="jose@plastics.example",
    phone="+1 614 555 0100",
    mobile="+1 614 555 0101",
    street="12 Main St, Suite 4",
    city="Columbus",
    state_code="OH",
    zip_code="04321",
    website="https://plastics.example",
    note="Says hello\nto everybody.",
    changed_at=datetime(2026, 11, 22, tzinfo=UTC),
)


def fields(data: bytes) -> list[dict[str, str]]:
    """The cards as name → value, by our own small reader of the format."""
    assert data.endswith(b"END:VCARD\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    made: list[dict[str, str]] = []
    for line in re.sub(r"\r\n[ \t]", "", data.decode("utf-8")).split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            made.append({})
        elif name != "END":
            made[-1][name] = value
    return made


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_card_holds_what_it_was_given(version: str) -> None:
    data = to_vcard([CARD], version)
    found = fields(data)[0]
    assert found["VERSION"] == version
    assert found["FN"] == "José Ñandú\\, Jr."
    assert found["N"] == "Ñandú\\; Peña;José;;;"
    assert found["ORG"] == "Lakeside Plastics\\, Inc."
    assert found["NOTE"] == "Says hello\\nto everybody."
    back = vobject.readOne(data.decode())
    assert back.fn.value == CARD.name
    assert back.email.value == CARD.email
    assert [tel.value for tel in back.contents["tel"]] == [CARD.phone, CARD.mobile]
    assert (back.adr.value.street, back.adr.value.code) == (CARD.street, "04321")
    assert back.rev.value == "20261122T000000Z"


def test_many_cards_make_one_file_and_empty_fields_make_no_lines() -> None:
    data = to_vcard([CARD, Card("urn:x:8", "Ann Lee")])
    assert [sorted(card) for card in fields(data)][1] == ["FN", "N", "UID", "VERSION"]


def has_note(card: Card) -> bool:
    return bool(card.note)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
def test_any_text_stays_within_its_field(text: str, other: str) -> None:
    card = Card("urn:x:1", f"x{text}", note=other, organisation=other, title=text)
    found = fields(to_vcard([card]))
    assert len(found) == 1
    assert set(found[0]) <= {"VERSION", "UID", "FN", "N", "ORG", "TITLE", "NOTE"}
    back = vobject.readOne(to_vcard([card]).decode())
    assert (back.note.value if has_note(card) else "") == card.note


def test_a_card_without_a_name_is_refused() -> None:
    for wrong in ({"name": " "}, {"uid": ""}, {"uid": "two words"}):
        with pytest.raises(Refused):
            Card(**{"uid": "u", "name": "n", **wrong})
