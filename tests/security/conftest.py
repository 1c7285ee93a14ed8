"""The world of the security tests, made once for each of them, with the shipped example as its facts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from sharedtable.lmi import example
from sharedtable.lmi.store import Store
from sharedtable.web.accounts import signing_in
from tests.security.actors import Visitor, everybody
from tests.security.cases import cases, routes
from tests.security.world import World, kept_links, make_world, mark_world


@pytest.fixture(scope="session")
def example_facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped example, to read."""
    folder = tmp_path_factory.mktemp("facts")
    example.install(Store(folder, create=True))
    return folder


@pytest.fixture(scope="module")
def shared_world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """Both teams with all their things, made once a file in a transaction that is taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world()
        for route in routes():
            for slug in ("ohio", "maine"):
                for name, _ in route.converters:
                    made.value(route.name, name, slug)
        made.visitors = everybody(made)
        mark_world(made)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world: World, db: None, settings, monkeypatch, example_facts: Path) -> Iterator[World]:
    """Both teams, with a mark in each text, on a site that others reach (the operator's cases switch that). What a test
    changes is taken back.
    """
    settings.DATA = example_facts
    settings.LOCAL = False
    monkeypatch.setattr(signing_in, "FLOOR_SECONDS", 0)
    with kept_links():
        yield shared_world


@pytest.fixture
def visitors(world: World) -> list[Visitor]:
    """Everybody who comes to the door."""
    return list(world.visitors)


@pytest.fixture
def every_case(world: World, visitors: list[Visitor]) -> list[object]:
    """The whole matrix."""
    return list(cases(world, visitors))


@pytest.fixture
def tell() -> Iterator[Callable[[str, int], None]]:
    """A function that keeps a count for the table of `./go bench security`."""
    counts: dict[str, int] = {}
    yield lambda name, number: counts.__setitem__(name, number)
    if path := os.environ.get("SHAREDTABLE_SECURITY_COUNTS"):
        known = json.loads(Path(path).read_text()) if Path(path).exists() else {}
        Path(path).write_text(json.dumps({**known, **counts}))
