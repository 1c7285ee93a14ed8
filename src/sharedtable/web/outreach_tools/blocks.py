"""What these tools put onto the page of an organisation."""

from __future__ import annotations

from typing import Any

from sharedtable.accounts.actors import Actor
from sharedtable.people.models import Organisation
from sharedtable.web.outreach_tools.frame import tongue
from sharedtable.worksheets import handoffs


def hand_offs(by: Actor, organisation: Organisation) -> tuple[str, Any] | None:
    """For whoever teaches or trains: closed, or open and connected, and with whom people are handed on."""
    if not handoffs.is_provider(organisation) or not by.may("worksheets.see"):
        return None
    found = handoffs.hand_offs(by, organisation, tongue())
    return "outreach_tools/hand_offs.html", {"found": found, "space": by.space, "tool": handoffs.TOOL}


# Which page belongs beside which worksheet.
BESIDE = {
    "partner-points": "talking-points", "short-pitch": "talking-points", "champion-role": "roles-matrix",
    "convener-role": "roles-matrix", "pathway-words": "pathway-definitions", "pathway-toolkit": "pathway-definitions",
    "open-or-closed": "pathway-definitions", "many-knocks": "program-rings",
}  # fmt: skip
