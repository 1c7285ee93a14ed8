"""Helpers of the loading tests: write a file, look at a store, catch a refusal that changed nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.errors import Refused
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.store import Store


def snapshot(store: Store) -> dict[str, bytes]:
    return {str(p.relative_to(store.root)): p.read_bytes() for p in store.facts.rglob("*") if p.is_file()}


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(path: Path, store: Store) -> str:
    before = snapshot(store)
    with pytest.raises(Refused) as caught:
        load(path, store, isolated=False)
    after = snapshot(store)
    after.pop("facts/.lock", None)
    before.pop("facts/.lock", None)
    assert after == before
    return str(caught.value)
