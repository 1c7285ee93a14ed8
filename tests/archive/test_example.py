"""The example team leaves and comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Space
from sharedtable.archive.actions import bring_in, take_for_operator
from sharedtable.example.install import SLUG, install_example
from tests.archive.full import portrait

pytestmark = pytest.mark.django_db
OPERATOR = Actor("operator", is_operator=True)


def test_the_example_team_comes_back_row_for_row(tmp_path: Path) -> None:
    install_example(by=OPERATOR)
    space = Space.objects.get(slug=SLUG)
    before = portrait(space, confidences=True)
    assert sum(map(len, before.values())) > 200
    with take_for_operator(by=OPERATOR, slug=SLUG, with_confidences=True).file as file:
        (tmp_path / "a.zip").write_bytes(file.read())
    brought = bring_in(tmp_path / "a.zip", by=OPERATOR, slug="example-2")
    after = portrait(brought.space, confidences=True)
    assert {label: lines for label, lines in after.items() if lines != before[label]} == {}
