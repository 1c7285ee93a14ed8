"""Hundreds of damaged copies of a real file: each is loaded rightly or refused with a sentence, never half."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sharedtable.errors import Refused
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.store import Store


def _flip(data: bytearray, dice: random.Random) -> bytes:
    for _ in range(dice.choice((1, 1, 3, 20))):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


def _cut(data: bytearray, dice: random.Random) -> bytes:
    return bytes(data[: dice.randrange(len(data))])


def _repeat(data: bytearray, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    return bytes(data[:start] + data[start : start + 500] * 3 + data[start:])


def _drop(data: bytearray, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    return bytes(data[:start] + data[start + dice.randrange(1, 300) :])


def _insert(data: bytearray, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    return (
        bytes(data[:start])
        + dice.choice((b'"', b"\x00", b"\r", b",,,", b"\xff\xfe", b"'; DROP", b"\n\n"))
        + data[start:]
    )


def _swap_lines(data: bytearray, dice: random.Random) -> bytes:
    lines = bytes(data).split(b"\n")
    first, second = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


MUTATIONS: tuple[Callable[[bytearray, random.Random], bytes], ...] = (_flip, _cut, _repeat, _drop, _insert, _swap_lines)


@pytest.fixture(scope="module")
def original(shared: Path) -> bytes:
    """A short real slice: the first 200 rows of Fayette County, 2020."""
    data = gzip.decompress((shared / "data/qcew/area_api_ohio/morpc-qcew-2020-a-39047.csv.gz").read_bytes())
    return b"".join(data.splitlines(keepends=True)[:200])


def _try(path: Path, store: Store, *, isolated: bool = False) -> str:
    """Load a damaged file. Gives the refusal, or '' when it was loaded; what is loaded must be whole and typed."""
    before = store.revision
    try:
        report = load(path, store, isolated=isolated)
    except Refused as refused:
        sentence = str(refused)
        assert sentence.endswith(".")
        assert sentence.strip()
        assert "Traceback" not in sentence
        assert store.revision == before
        return sentence
    assert report.files[0].rows > 0
    for year in report.files[0].years:
        rows = store.query(
            f"SELECT count(*) FROM qcew WHERE year = {year} AND is_withheld AND employment_jobs IS NOT NULL"
        )
        assert rows[1] == [(0,)]
    return ""


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__.strip("_"))
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_damaged_file_is_loaded_whole_or_refused_with_a_sentence(
    original: bytes, tmp_path: Path, mutation: Callable[[bytearray, random.Random], bytes], packed: bool
) -> None:
    store = Store(tmp_path / "data", create=True)
    source = gzip.compress(original, mtime=0) if packed else original
    outcomes = []
    for seed in range(30):
        dice = random.Random(f"{mutation.__name__}-{packed}-{seed}")
        path = tmp_path / "damaged.csv"
        path.write_bytes(mutation(bytearray(source), dice))
        outcomes.append(_try(path, store))
    assert any(outcomes), "no damage was ever noticed"
    assert not [stray.name for stray in store.facts.iterdir() if stray.name.startswith(".work")]


def test_damaged_files_cannot_harm_the_caller_of_the_worker(original: bytes, tmp_path: Path) -> None:
    store = Store(tmp_path / "data", create=True)
    for seed, mutation in enumerate(MUTATIONS):
        path = tmp_path / f"damaged{seed}.csv.gz"
        path.write_bytes(mutation(bytearray(gzip.compress(original, mtime=0)), random.Random(seed)))
        _try(path, store, isolated=True)
    (tmp_path / "whole.csv").write_bytes(original)
    assert load(tmp_path / "whole.csv", store).files[0].rows == 199
