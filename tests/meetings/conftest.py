"""A launch of the Ohio team, planned by its convener."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sharedtable.meetings import actions
from sharedtable.meetings.models import Meeting


@pytest.fixture
def launch(cast) -> Meeting:
    """Planned for tomorrow, its doors still shut."""
    return actions.plan(
        by=cast.ohio.actor("convener"),
        partnership=cast.ohio.partnership,
        run="launch",
        title="Launch",
        place="Hall 2",
        starts_at=timezone.now() + timedelta(days=1),
    )
