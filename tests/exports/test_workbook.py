"""Workbooks: what Excel and LibreOffice see in them, and what comes back."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharedtable.errors import Refused
from sharedtable.exports import Absent, Column, Sheet, Workbook, read_layout, to_xlsx
from sharedtable.exports import xlsx_reader as reader
from sharedtable.exports.format import clean_text
from tests.exports.samples import INDUSTRY_ROWS, OCCUPATION_ROWS

NAME = "sharedtable.profile"


def as_rows(rows: tuple[dict[str, object], ...]) -> list[dict[str, object]]:
    return [dict(row) for row in rows]


def small(columns: tuple[Column, ...], rows: tuple[dict[str, object], ...], **more: object) -> Workbook:
    return Workbook(NAME, 1, "T", date(2026, 11, 22), {}, (Sheet("Data", columns, rows, **more),))


def changed(data: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook after somebody changed it in a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def test_what_was_exported_comes_back(workbook: Workbook) -> None:
    layout = read_layout(to_xlsx(workbook), NAME)
    assert layout.about == dict(workbook.about)
    assert layout.sources == workbook.sources
    assert (layout.title, layout.layout_version) == (workbook.title, 1)
    assert layout.sheets == {"Industries": as_rows(INDUSTRY_ROWS), "Occupations": as_rows(OCCUPATION_ROWS)}


def test_it_comes_back_after_libreoffice_saved_it(workbook: Workbook, convert: Callable[..., bytes]) -> None:
    saved = convert(to_xlsx(workbook), "xlsx", "xlsx", "Calc MS Excel 2007 XML")
    assert read_layout(saved, NAME) == read_layout(to_xlsx(workbook), NAME)


def test_libreoffice_shows_the_figures_as_formatted(workbook: Workbook, convert: Callable[..., bytes]) -> None:
    # Filter options: comma, quotes, UTF-8, from line 1, cells as shown, second sheet.
    options = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,2"
    shown = convert(to_xlsx(workbook), "xlsx", "csv", options).decode()
    assert '3327,Machine shops and turned products,"2,950",0.0%,+9.1%,1.07,"$63,480",187,partly_withheld' in shown
    assert "3335,Metalworking machinery manufacturing,,,,,,33,withheld" in shown


def test_codes_are_text_cells_and_nothing_is_a_formula_or_a_link(workbook: Workbook) -> None:
    payloads = ("=1+1", "+1", "-1", "@A1", "\t=1", "http://example.org", "internal:Sheet1!A1", "{=1}")
    rows = tuple({"code": "06037", "name": text} for text in payloads)
    data = to_xlsx(small((Column("code", "Code", "code"), Column("name", "=Name")), rows))
    page = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    cells = [cell for line in page.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert page["A3"].value == "06037"
    assert page["A3"].number_format == "@"
    assert page["B3"].quotePrefix
    assert not page["B8"].quotePrefix
    assert [row["name"] for row in read_layout(data, NAME).sheets["Data"]] == [clean_text(text) for text in payloads]


def test_header_rows_stay_in_view_and_values_have_names(workbook: Workbook) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(workbook)))
    assert book.sheetnames == ["About", "Industries", "Occupations", "Columns"]
    page = book["Industries"]
    assert page.freeze_panes == "C3"
    assert [cell.value for cell in page[1]][:3] == ["industry_code", "industry_title", "employment_jobs"]
    assert [cell.value for cell in page[2]][:3] == ["NAICS", "Industry", "Jobs"]
    assert page["G3"].number_format == "$#,##0"
    target = book.defined_names["about_region"].attr_text
    assert book["About"][target.split("!")[1].replace("$", "")].value == "areas = 39041,39045,06037"
    assert book.properties.title == workbook.title


def test_a_missing_value_is_an_empty_cell_with_its_reason_in_the_status_column() -> None:
    columns = (Column("code", "Code", "code"), Column("pay_usd", "Pay", "usd"))
    rows = ({"code": "1", "pay_usd": None, "status": "withheld"}, {"code": "2", "pay_usd": Absent("top_coded")})
    back = read_layout(to_xlsx(small(columns, rows, mark_key="status")), NAME).sheets["Data"]
    assert back[0] == {"code": "1", "pay_usd": None, "status": "withheld"}
    assert back[1] == {"code": "2", "pay_usd": None, "status": "pay_usd: top_coded"}


def test_the_same_workbook_gives_the_same_bytes(workbook: Workbook) -> None:
    assert to_xlsx(workbook) == to_xlsx(workbook)


def test_a_spanish_workbook_has_spanish_headers_and_the_same_keys(workbook: Workbook) -> None:
    spanish = to_xlsx(replace(workbook, language="es"))
    assert openpyxl.load_workbook(io.BytesIO(spanish))["About"]["B1"].value == "Qué es"
    assert read_layout(spanish, NAME) == read_layout(to_xlsx(workbook), NAME)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40), st.one_of(st.none(), st.floats(allow_nan=True), st.integers(-(2**52), 2**52)))
def test_any_text_and_number_comes_back(text: str, number: float | int | None) -> None:
    columns = (Column("key", "Key", "code"), Column("name", "Name"), Column("value", "Value", "decimal"))
    back = read_layout(to_xlsx(small(columns, ({"key": "x", "name": text, "value": number},))), NAME).sheets["Data"][0]
    assert back["name"] == (clean_text(text) or None)
    if number is None or number != number or number in (float("inf"), float("-inf")):
        assert back["value"] is None
    else:
        assert back["value"] == pytest.approx(number, rel=1e-14)


def test_a_row_that_a_person_added_is_read(workbook: Workbook) -> None:
    def add(book: openpyxl.Workbook) -> None:
        book["Industries"].append(["3339", "Other machinery", 12])

    rows = read_layout(changed(to_xlsx(workbook), add), NAME).sheets["Industries"]
    assert rows[-1]["industry_code"] == "3339"
    assert (rows[-1]["employment_jobs"], rows[-1]["status"]) == (12, None)


def test_a_word_where_a_number_belongs_is_refused_by_its_cell(workbook: Workbook) -> None:
    data = changed(to_xlsx(workbook), lambda book: book["Industries"].__setitem__("C4", "about 5000"))
    with pytest.raises(Refused, match="Cell C4 of the sheet Industries holds 'about 5000' where a number belongs"):
        read_layout(data, NAME)


def test_a_code_that_a_spreadsheet_made_a_number_is_text_again(workbook: Workbook) -> None:
    data = changed(to_xlsx(workbook), lambda book: book["Industries"].__setitem__("A3", 3261))
    assert read_layout(data, NAME).sheets["Industries"][0]["industry_code"] == "3261"


def test_a_lost_column_a_lost_sheet_and_a_newer_layout_are_refused_in_words(workbook: Workbook) -> None:
    data = to_xlsx(workbook)
    with pytest.raises(Refused, match="no column employment_jobs"):
        read_layout(changed(data, lambda book: book["Industries"].delete_cols(3)), NAME)
    with pytest.raises(Refused, match="sheet Occupations is missing"):
        read_layout(changed(data, lambda book: book.remove(book["Occupations"])), NAME)
    with pytest.raises(Refused, match="version 2"):
        read_layout(to_xlsx(replace(workbook, layout_version=2)), NAME)
    with pytest.raises(Refused, match="not sharedtable.metrics"):
        read_layout(data, "sharedtable.metrics")


def test_a_foreign_workbook_is_refused_in_words() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with pytest.raises(Refused, match="was not exported here"):
        read_layout(out.getvalue(), NAME)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" + bytes(600), zipped(a=b"<a/>")]
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused, match="not an Excel workbook"):
        read_layout(data, NAME)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_refused_or_read_but_never_breaks(data: st.DataObject) -> None:
    good = DAMAGED_FROM
    start = data.draw(st.integers(0, len(good) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=30))
    cut = data.draw(st.booleans())
    bad = good[:start] if cut else good[:start] + junk + good[start + len(junk) :]
    try:
        read_layout(bad, NAME)
    except Refused as refusal:
        assert str(refusal).endswith(".")


DAMAGED_FROM = to_xlsx(small((Column("a", "A"), Column("b", "B", "integer")), ({"a": "x", "b": 1},)))


def test_a_workbook_that_swells_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(Refused, match="grows far too large"):
        read_layout(zipped(xl__workbook=b"<a/>", xl__bomb=b" " * 60_000_000), NAME)


def test_a_document_type_declaration_is_refused() -> None:
    with pytest.raises(Refused, match="document type declaration"):
        read_layout(zipped(xl__workbook=b"<a/>", xl__x=b" " * 65_530 + b"<!DOCTYPE lolz [<!ENTITY a 'b'>]>"), NAME)


def test_too_many_rows_or_bytes_are_refused(workbook: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    data = to_xlsx(workbook)
    tall = changed(data, lambda book: book["Industries"].cell(1_000_000, 1, "far down"))
    with pytest.raises(Refused, match="20,000 rows"):
        read_layout(tall, NAME)
    monkeypatch.setattr(reader, "MAX_BYTES", 100)
    with pytest.raises(Refused, match="a workbook may have"):
        read_layout(data, NAME)


def test_sheet_names_that_break_the_layout_are_refused() -> None:
    for name in ("", "About", "a" * 32, "a/b", "x'y"):
        with pytest.raises(Refused, match="sheet name"):
            Sheet(name, (Column("a", "A"),), ())
    with pytest.raises(Refused, match="writes by itself"):
        Workbook(NAME, 1, "T", date(2026, 1, 1), {"layout": "x"}, ())
