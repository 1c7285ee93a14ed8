"""Files as they come: many shapes are read, everything hostile is refused in a sentence by a process with limits."""

from __future__ import annotations

import csv
import io
import random
import zipfile

import pytest

from sharedtable.errors import Refused
from sharedtable.people.importing import columns, planning, values, worker
from sharedtable.people.importing.readers import Broken, read
from tests.people.lists import COMPANIES, csv_bytes, xlsx_bytes

CARD = "\r\n".join(
    (
        "BEGIN:VCARD", "VERSION:3.0", "N:Example;Ann;;;", "FN:Ann Example", "ORG:Lakeside Plastics", "TITLE:President",
        "EMAIL:ann@lakeside.example", "TEL;TYPE=CELL:614-555-0101", "END:VCARD", "",
    )
)  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_any_delimiter_and_encoding_gives_the_same_rows(delimiter, encoding):
    rows = [["Empresa", "Ciudad", "Teléfono"], ["Panadería Ñandú", "Bogotá", "614 555 0101"]] + [
        [f"Compañía número {n}", "Peñasco", "614 555 0102"] for n in range(20)
    ]
    table = read(csv_bytes(rows, delimiter, encoding), "x.csv")
    assert [table.header, *table.rows] == rows
    assert columns.guess(table.header, table.rows) == ["company", "city", "phone"]


def test_habits_of_excel_are_understood():
    data = b'sep=;\r\nCompany;ZIP;NAICS\r\nA B;="04101";\'0234\r\n;;\r\n"C\r\nD";43215;326199\r\n'
    table = read(data, "x.csv")
    assert table.rows == [["A B", "04101", "0234"], ["C D", "43215", "326199"]]
    assert table.numbers == [3, 6]


def test_a_workbook_keeps_codes_as_text_and_row_numbers():
    table = read(xlsx_bytes([["A list"], [], ["Company", "ZIP"], ["A", "04101"], ["B", 43215.0]]), "x.xlsx")
    assert (table.header, table.rows, table.numbers) == (["Company", "ZIP"], [["A", "04101"], ["B", "43215"]], [4, 5])


def test_contact_cards_are_read():
    table = read((CARD + "BEGIN:VCARD\r\nnonsense\r\n" + CARD).encode(), "x.vcf")
    assert table.rows[0][:4] == ["Ann", "Example", "Lakeside Plastics", "President"]
    assert table.rows[0][4:7] == ["ann@lakeside.example", "", "614-555-0101"]


def test_zeros_in_a_text_are_left_out():
    assert read(b"Company,City\r\nA\0B,Newark\r\n", "x.csv").rows == [["AB", "Newark"]]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            box.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


HOSTILE = {
    "empty": b" \r\n",
    "old_excel": b"\xd0\xcf\x11\xe0" + b"x" * 600,
    "pdf": b"%PDF-1.7 ...",
    "web_page": b"<!DOCTYPE html><table>",
    "archive": zipped(readme_xml=b"x"),
    "damaged": b"PK\x03\x04" + b"\0" * 500,
    "bomb": zipped(xl__workbook_xml=b"<a/>", xl__big_xml=b"0" * 60_000_000),
    "doctype": zipped(xl__workbook_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16-le")),
    "members": zipped(xl__workbook_xml=b"<a/>", **{f"m{n}": b"" for n in range(201)}),
    "columns": (",".join(["x"] * 1_000_000)).encode(),
    "rows": b"Company\r\n" + b"a b\r\n" * 20_100,
    "too_large": b"a,b\r\n" * 2_100_000,
    "no_rows": b"Company,City\r\n",
    "no_cards": b"BEGIN:VCARD\r\nrubbish",
}


@pytest.mark.parametrize("code", HOSTILE)
def test_what_is_hostile_or_useless_is_refused_in_a_sentence(code):
    with pytest.raises(Broken) as problem:
        read(HOSTILE[code], "x.vcf" if code == "no_cards" else "x")
    assert problem.value.code == code
    with pytest.raises(Refused) as told:
        planning.read_table(HOSTILE[code], "x.vcf" if code == "no_cards" else "x", runner=worker.answer)
    assert len(str(told.value)) > 30 and "%(" not in str(told.value)


def test_the_worker_is_a_process_with_limits():
    assert worker.run(csv_bytes(COMPANIES), "x.csv")["table"]["header"] == COMPANIES[0]
    assert worker.run(HOSTILE["bomb"], "x.xlsx")["refused"] == "bomb"


def test_a_workbook_that_eats_memory_is_refused_and_the_parent_lives(monkeypatch):
    cell = b"<c t='inlineStr'><is><t>" + b"a" * 200 + b"</t></is></c>"
    rows = b"<row>" + cell * 90 + b"</row>"
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b"<worksheet xmlns='" + space + b"'><sheetData>" + rows * 2_300 + b"</sheetData></worksheet>"
    good = zipfile.ZipFile(io.BytesIO(xlsx_bytes([["a"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name in good.namelist():
            box.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else good.read(name))
    monkeypatch.setattr(worker, "WALL_SECONDS", 60)
    found = worker.run(out.getvalue(), "x.xlsx")
    assert "refused" in found or len(found["table"]["rows"]) > 2_000


def test_the_worker_cannot_reach_the_network_or_write():
    import subprocess
    import sys

    program = (
        "import sys; from sharedtable.people.importing import worker; worker.confine()\n"
        "import socket\n"
        "try: socket.socket(); print('open')\n"
        "except PermissionError: print('closed')\n"
        "import os\n"
        "try: os.write(os.open('/tmp/written-by-a-reader', os.O_CREAT | os.O_WRONLY), b'x'); print('wrote')\n"
        "except OSError: print('no file')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert "closed" in done.stdout and "open" not in done.stdout and "wrote" not in done.stdout


@pytest.mark.parametrize(
    "header",
    [
        ["UI Account Number", "Name"],
        ["EIN", "Total wages"],
        ["Employer", "SUTA acct"],
        ["UI acct no", "x"],
        ["SSN", "a"],
    ],
)
def test_confidential_records_of_employers_are_refused(header):
    with pytest.raises(Refused, match="confidential"):
        planning.read_table(csv_bytes([header, ["1", "2"]]), "x.csv", runner=worker.answer)


def test_an_ein_alone_is_no_confidential_record():
    assert columns.confidential(["Company", "EIN", "Phone"]) == ""


def test_cells_are_put_into_one_form_and_what_cannot_be_read_is_left_out_with_its_reason():
    cells = {
        "company": "A B", "zip_code": "4101", "state_code": "maine", "naics_code": "326199 - plastics",
        "employees": "1,200", "website": "https://www.A-B.com/", "company_phone": "(207) 555-0101 ext 4",
    }  # fmt: skip
    made, problems, is_usable = values.check(cells, "companies")
    assert made == {
        "company": "A B", "zip_code": "04101", "state_code": "ME", "naics_code": "326199", "employees": "1200",
        "website": "www.a-b.com", "company_phone": "+12075550101 x4",
    }  # fmt: skip
    assert is_usable and problems == []
    made, problems, _ = values.check(
        {"company": "A", "zip_code": "x", "naics_code": "888888", "city": "#N/A"}, "companies"
    )
    assert made == {"company": "A"}
    assert [one["code"] for one in problems] == ["zip_code", "naics_code"]


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"name": "Smith, Ann B."}, ("Ann", "Smith")),
        ({"given_name": "ROSA", "family_name": "DE LA CRUZ"}, ("Rosa", "De La Cruz")),
        ({"family_name": "McDonald"}, (None, "McDonald")),
    ],
)
def test_names_of_people_are_parted(cells, name):
    made, _problems, _usable = values.check(cells, "people")
    assert (made.get("given_name"), made.get("family_name")) == name


def test_damaged_files_never_raise_and_always_have_an_answer():
    chance = random.Random(5)
    seeds = [csv_bytes(COMPANIES), xlsx_bytes(COMPANIES), CARD.encode(), csv_bytes(COMPANIES, ";", "utf-16")]
    for _ in range(300):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        found = worker.answer(bytes(data[: chance.randrange(1, len(data) + 1)]), "x")
        assert "table" in found or found["refused"]


def test_reading_a_list_leaves_the_limits_of_the_process_as_they_were():
    before = csv.field_size_limit()
    read(b"Company,City\n" + b"x" * 200_000 + b",Reno\n", "list.csv")
    assert csv.field_size_limit() == before
