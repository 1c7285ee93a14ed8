"""Lists made to do harm: each is refused in a sentence, or read as what it is, within limits and without a trick."""

from __future__ import annotations

import io
import time
import unicodedata
import zipfile

import pytest

from sharedtable.people.import_models import Import
from sharedtable.people.importing import actions, sentences, worker
from sharedtable.people.importing.limits import MOST_CELL, MOST_COLUMNS, MOST_ROWS
from sharedtable.people.models import Organisation, Person
from sharedtable.people.values import one_line
from tests.people.lists import bring, csv_bytes, xlsx_bytes
from tests.people.test_readers import CARD, zipped

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XXE = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><worksheet>&x;</worksheet>"


def book(rows: str = "", more: dict[str, bytes] | None = None, sheet: bytes = b"") -> bytes:
    """A workbook whose sheet is these rows, or these bytes, with more members."""
    made = sheet or f"<worksheet xmlns='{SPACE}'><sheetData>{rows}</sheetData></worksheet>".encode()
    good, out = zipfile.ZipFile(io.BytesIO(xlsx_bytes([["Company"], ["a"]]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name in good.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml" and (rows or sheet)
            box.writestr(name, made if is_sheet else good.read(name))
        for name, data in (more or {}).items():
            box.writestr(name, data)
    return out.getvalue()


def locked() -> bytes:
    """A workbook whose members say that they are locked."""
    data = bytearray(xlsx_bytes([["Company"], ["a"]]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


# What comes of it: a code of a refusal, or 'table'.
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a name of 10^5 letters": (csv_bytes([["Company"], ["A" * 100_000]]), "table"),
    "a quotation that never ends": (b'Company\r\n"' + b"A" * 1_500_000, "cell"),
    "10^6 columns": (",".join(["x"] * 1_000_000).encode(), "columns"),
    "10^6 empty columns": (b"Company" + b"," * 1_000_000 + b"\r\nAcme\r\n", "table"),
    "5 * 10^5 rows of commas": (b"Company\r\n" + b",,,,\r\n" * 500_000 + b"Acme\r\n", "table"),
    "quotation marks alone": (b"Company\r\n" + b'"' * 999_999, "table"),
    "text turned round": ("Company\r\nAcme \u202egnp.exe\u2066\r\n".encode(), "table"),
    "signs that nobody sees": ("Com\u200bpany\r\nA\u2060c\U000e0041me\r\n".encode(), "table"),
    "zeros": (b"Company\0,City\0\r\nA\0cme,L\0ima\r\n", "table"),
    "UTF-16 that is cut off": ("Company\r\nAcme\r\n".encode("utf-16")[:-1], "table"),
    "UTF-32": ("Company\r\nAcme\r\n".encode("utf-32"), "table"),
    "bytes of no encoding": (b"Company\r\n\xff\xfe\xfd\xfc\xc0\x80Acme\r\n", "table"),
    "a separator that is none": (b"sep=\x00\r\nCompany\r\nA\r\n", "table"),
    "formulas": (b"Company,City\r\n=cmd|' /C calc'!A0,@SUM(1)\r\n+1+1,-2\r\n", "table"),
    "3,000 accents on one letter": (("Company\r\nA" + "\u0301" * 3_000 + "\r\n").encode(), "table"),
    "16,384 columns of a workbook": (book("<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"), "columns"),
    "a cell that is no cell": (book("<row><c r='ZZZZZZZZ1'><v>1</v></c></row>"), "damaged"),
    "a text that is not there": (book("<row><c t='s'><v>99999999</v></c></row>"), "damaged"),
    "elements in elements": (book(sheet=b"<a>" * 50_000), "damaged"),
    "an entity from outside": (book(sheet=XXE.encode()), "doctype"),
    "an entity in UTF-16": (book(sheet=XXE.encode("utf-16")), "doctype"),
    "an entity in UTF-7": (book(sheet=b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE a+AD4-<a/>"), "damaged"),
    "members that lead out": (book(more={"../../../../tmp/evil": b"x", "/etc/evil": b"y"}), "table"),
    "macros": (book(more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99}), "table"),
    "a lock": (locked(), "locked"),
    "a packed file in a packed file": (zipped(**{"a.zip": zipped(b=b"x")}), "archive"),
    "a card with a name of 10^6 letters": (f"BEGIN:VCARD\r\nFN:{'A' * 10**6}\r\nEND:VCARD".encode(), "table"),
    "cards in cards": (b"BEGIN:VCARD\r\n" * 5_000, "no_cards"),
    "a card of 10^5 folded lines": (("BEGIN:VCARD\r\nFN:A" + "\r\n B" * 100_000 + "\r\nEND:VCARD").encode(), "table"),
    "a card with a picture of 4 MB": (CARD.replace("END:", "PHOTO:" + "A" * 4_000_000 + "\r\nEND:").encode(), "table"),
    "a card in an encoding that is none": (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=evil-8:=FF;x\r\nEND:VCARD", "no_cards",
    ),
}  # fmt: skip


def _signs(text: str) -> set[str]:
    """What in a text is no letter to be seen: control signs, surrogates, turns of direction, invisible ones."""
    turns = set("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    return {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs") or sign in turns or sign > "\U000e0000"}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_list_is_refused_in_a_sentence_or_read_within_limits(what):
    data, outcome = HOSTILE[what]
    began = time.process_time()
    found = worker.answer(data, "x.vcf" if data.startswith(b"BEGIN") else "x")
    assert time.process_time() - began < 9, "the worker would be ended"
    assert ("table" if "table" in found else found["refused"]) == outcome
    if outcome != "table":
        assert "%(" not in sentences.sentence(sentences.REFUSALS, outcome, found["details"])
        return
    header, rows = found["table"]["header"], found["table"]["rows"]
    assert len(header) <= MOST_COLUMNS and len(rows) <= MOST_ROWS
    cells = [cell for row in (header, *rows) for cell in row]
    assert max(map(len, cells)) <= MOST_CELL
    assert not set().union(*map(_signs, cells))


@pytest.mark.django_db
def test_what_was_read_of_hostile_lists_is_kept_without_a_trick_and_can_be_taken_back(cast):
    convener = cast.ohio.actor("convener")
    before = Organisation.objects.count(), Person.objects.count()
    rows = [
        ["Company", "Web site", "Phone number", "Employees"],
        ["Zeta\u202e gnp.exe", "javascript:alert(1)", "=1+1", "10" * 400],
        ["=cmd|' /C calc'!A0", "", "", ""],
        ["<script>alert(1)</script> Works", "data:text/html,x", "", "-5"],
        ["B" * 100_000, "http://[::1", "+1" * 5_000, "1e9"],
    ]
    batch = bring(convener, csv_bytes(rows))
    assert batch.rows.get(number=3).outcome == "refused"
    actions.write(by=convener, batch=batch)
    made = Organisation.objects.filter(source="Chamber list").order_by("pk")
    assert [one.name[:30] for one in made] == ["Zeta gnp.exe", "<script>alert(1)</script> Work", "B" * 30]
    assert {(one.website, one.phone, one.employees) for one in made} == {("", "", None)}
    assert max(len(one.name) for one in made) <= Organisation._meta.get_field("name").max_length
    actions.undo(by=convener, batch=Import.objects.get(pk=batch.pk))
    assert (Organisation.objects.count(), Person.objects.count()) == before


def test_a_name_typed_into_a_form_shows_as_it_is_written():
    assert one_line("Ann\u202e gpj.exe \u2066\u200bB\ufeff") == "Ann gpj.exe B"
    assert one_line("محمد الأمين") == "محمد الأمين"
