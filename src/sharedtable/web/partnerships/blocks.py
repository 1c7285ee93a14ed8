"""What partnerships put onto the page of an organisation."""

from __future__ import annotations

from typing import Any

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import team_queries
from sharedtable.people.models import Organisation


def contacts(by: Actor, organisation: Organisation) -> tuple[str, Any] | None:
    """Whom to ask about this company; nothing where nobody is named."""
    found = team_queries.contacts(by, organisation.pk)
    return ("partnerships/contacts_of.html", found) if found else None
