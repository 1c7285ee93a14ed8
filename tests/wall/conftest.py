"""Rooms for the tests of the wall."""

from __future__ import annotations

import pytest

from tests.wall.rooms import Room, make_room


@pytest.fixture
def room(cast) -> Room:
    """A launch meeting of the Ohio team, nothing begun yet."""
    return make_room(cast.ohio)
