"""The example team: made through the actions, shown on every page, and only for the person at this machine."""

from __future__ import annotations

import re
import tomllib

import pytest

from sharedtable.accounts.actors import VISITOR, Actor, actor_of_user
from sharedtable.accounts.models import Space
from sharedtable.errors import Missing
from sharedtable.example.install import FOLDER, SLUG, example_user, install_example
from sharedtable.ledger.models import Entry
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Organisation, Person

HERE = Actor("operator", is_operator=True)


@pytest.mark.django_db
def test_the_example_is_whole_and_comes_through_the_actions() -> None:
    user = install_example(by=HERE)
    space = Space.objects.get(slug=SLUG)
    data = tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))
    assert Organisation.objects.filter(space=space).count() == len(data["company"]) + len(data["partner"])
    assert Person.objects.filter(space=space).count() > 50
    assert {seat.table for seat in Seat.objects.filter(space=space)} == {"inner", "outer", "network"}
    made = Partnership.objects.get(space=space)
    assert [scope.version for scope in made.scopes.all()] == [2, 1]
    assert made.deadlines.exists() and made.decisions.exists()
    assert Entry.objects.filter(space_id=space.pk, by=f"user:{user.pk}").count() > 100
    assert actor_of_user(user, SLUG).may_everywhere("people.change")


@pytest.mark.django_db
def test_a_second_press_finds_the_first_and_nobody_else_may_press() -> None:
    assert install_example(by=HERE).pk == install_example(by=HERE).pk
    assert Space.objects.count() == 1
    with pytest.raises(Missing):
        install_example(by=VISITOR)


@pytest.mark.django_db
def test_a_break_at_the_end_leaves_nothing(monkeypatch) -> None:
    monkeypatch.setattr("sharedtable.partnerships.clocking.set_meeting", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        install_example(by=HERE)
    assert not Space.objects.exists() and not Person.objects.exists() and example_user() is None


def test_everybody_in_the_example_is_made_up() -> None:
    text = (FOLDER / "people.toml").read_text(encoding="utf-8")
    assert set(re.findall(r'email = "[^"]+?([^.".]+)"', text)) == {"example"}
    assert set(re.findall(r'website = "[^"]+?([^.".]+)"', text)) == {"example"}
    assert all(re.fullmatch(r"614-555-01\d\d", phone) for phone in re.findall(r'phone = "([^"]+)"', text))
