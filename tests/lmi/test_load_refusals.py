"""What is wrong with a file is said in a sentence that names the file and the line, and nothing changes."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sharedtable.errors import Refused
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.store import Store
from tests.lmi.files import refusal, write


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data", create=True)


@pytest.fixture(scope="session")
def slice_text(shared: Path) -> str:
    """The real slice of Delaware County, 2020, as text."""
    path = shared / "data/qcew/area_api_ohio/morpc-qcew-2020-a-39041.csv.gz"
    return gzip.decompress(path.read_bytes()).decode()


FAULTS = {
    "letters in jobs": (",5891,84743,", ",5891,many,", "line 2: 'many' in annual_avg_emplvl is not a whole number"),
    "a decimal point for thousands": (",5891,84743,", ",5891,84.743,", "line 2: '84.743' in annual_avg_emplvl"),
    "negative jobs": (",5891,84743,", ",5891,-84743,", "line 2: '-84743' in annual_avg_emplvl"),
    "empty jobs": (",5891,84743,", ",5891,,", "line 2: '' in annual_avg_emplvl"),
    "not a number": (",5891,84743,", ",5891,nan,", "line 2: 'nan' in annual_avg_emplvl"),
    "jobs beyond all people": (",5891,84743,", ",5891,99999999999,", "line 2: '99999999999'"),
    "a lost zero": ("39041,0,10,70", "9041,0,10,70", "dropped its leading zero"),
    "an unknown ownership": ("39041,0,10,70", "39041,X,10,70", "'X' is not an ownership code"),
    "a word for an industry": ("39041,0,10,70", "39041,0,Total,70", "'Total' is not an industry code"),
    "another year": (",70,0,2020,A", ",70,0,1066,A", "'1066' is not a year"),
    "a quarter in an annual file": ("71,0,2020,A", "71,0,2020,2", "'2' is not a quarter"),
    "a new disclosure code": ("0,2020,A,,5891", "0,2020,A,Q,5891", "'Q' in disclosure_code"),
    "a missing value": (",5891,84743,", ",5891,", "there are 37 values where the header names 38 columns"),
    "one value too many": (",5891,84743,", ",5891,84743,1,", "there are 39 values"),
    "two years": ("39041,1,10,71,0,2020", "39041,1,10,71,0,2021", "the year is 2021 in a file that begins with 2020"),
}


@pytest.mark.parametrize("fault", FAULTS, ids=list(FAULTS))
def test_a_bad_row_is_refused_with_its_file_and_line(slice_text: str, store: Store, tmp_path: Path, fault: str) -> None:
    before, after, words = FAULTS[fault]
    assert before in slice_text
    sentence = refusal(write(tmp_path / "delaware.csv", slice_text.replace(before, after, 1)), store)
    assert sentence.startswith("delaware.csv, line ")
    assert words in sentence
    assert "Nothing was loaded" in sentence


def bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as stream:
        for _ in range(80):
            stream.write(b"0" * (1 << 20))
    return packed.getvalue()


def zip_of(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return packed.getvalue()


HOSTILE: dict[str, tuple[Callable[[str], bytes], str]] = {
    "empty": (lambda text: b"", "the file is empty"),
    "only blanks": (lambda text: b" \n\n ", "the file is empty"),
    "a web page": (lambda text: b"<!DOCTYPE html><html>Access denied</html>", "this is a web page"),
    "a picture": (lambda text: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, "not a text file"),
    "an old workbook": (lambda text: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "not a text file"),
    "a header alone": (lambda text: text.splitlines()[0].encode(), "no figures"),
    "semicolons": (lambda text: text.replace(",", ";").encode(), "separated by semicolons"),
    "another table": (lambda text: b"name,address\nA,B\n", "not a file that Shared Table knows"),
    "a cut gzip": (lambda text: gzip.compress(text.encode())[:-900], "broken or was cut short"),
    "a harmed gzip": (lambda text: gzip.compress(text.encode())[:2000] + b"\x00" * 3000, "broken or was cut short"),
    "a gzip bomb": (lambda text: bomb(), "unpacks to more than"),
    "a zip without figures": (lambda text: zip_of(readme=b"hello"), "no CSV file in the archive"),
    "a zip bomb": (lambda text: zip_of(a_csv=b"0" * (80 << 20)), "unpacks to more than"),
    "a cut zip": (lambda text: zip_of(a_csv=text.encode())[:-200], "broken or was cut short"),
    "a bad member": (lambda text: zip_of(a_csv=text.encode(), b_csv=b"x,y\n1,2\n"), "› b.csv: this is not a file"),
    "one industry only": (
        lambda text: "\n".join([text.splitlines()[0], *[r for r in text.splitlines() if ",3261,76," in r]]).encode(),
        "only some industries of area 39041",
    ),
    "sizes only": (lambda text: text.replace(",0,2020,A", ",3,2020,A").encode(), "no figures"),
    "a row twice": (lambda text: (text + text.splitlines()[5] + "\n").encode(), "is there twice"),
    "a column twice": (lambda text: text.replace("own_code", "area_fips", 1).encode(), "there twice"),
    "an open quote": (lambda text: text.replace("39041,1,10", '"39041,1,10', 1).encode(), "line "),
    "a null byte": (lambda text: text.replace("39041,2,10", "39\x00041,2,10", 1).encode(), ""),
}


@pytest.mark.parametrize("case", HOSTILE, ids=list(HOSTILE))
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(
    slice_text: str, store: Store, tmp_path: Path, case: str
) -> None:
    make, words = HOSTILE[case]
    sentence = refusal(write(tmp_path / "odd.csv", make(slice_text)), store)
    assert sentence.startswith("odd.csv")
    assert words in sentence
    assert sentence.endswith(".")
    assert "Traceback" not in sentence


@pytest.mark.parametrize("case", ["a web page", "a cut gzip", "a zip bomb", "an open quote", "a picture"])
def test_the_worker_refuses_with_the_same_sentence(slice_text: str, store: Store, tmp_path: Path, case: str) -> None:
    path = write(tmp_path / "odd.csv", HOSTILE[case][0](slice_text))
    inside = refusal(path, store)
    with pytest.raises(Refused) as caught:
        load(path, store)
    assert str(caught.value) == inside
