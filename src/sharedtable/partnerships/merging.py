"""How rows of this room move when two entries of the record are joined."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from sharedtable.people.moving import Alone, register, register_inside

LIVE = Q(ended_on=None)
# What leads to a seat leads to the one that is kept when two become one.
HEIRS = ("partnerships.Deadline.seat", "partnerships.Seat.acts_for", "partnerships.Pledge.seat")


def register_all() -> None:
    """Called once, when the program starts."""
    for label in (
        "partnerships.Program.outreach_owner", "partnerships.PointOfContact.lead", "partnerships.PointOfContact.cover",
        "partnerships.MapEntry.organisation", "partnerships.Confirmation.person",
    ):  # fmt: skip
        register(label)
    # Of two live ones that say the same, the loser's ends on this day, and stays as history.
    register(
        "partnerships.Seat.person",
        Alone(("partnership_id", "role", "area"), LIVE & Q(acts_for=None), "ended_on", HEIRS),
        Alone(("acts_for_id",), LIVE & Q(acts_for__isnull=False), "ended_on"),
    )
    register(
        "partnerships.Seat.organisation",
        Alone(("partnership_id", "role", "area", "acts_for_id"), LIVE & Q(person=None), "ended_on", HEIRS),
    )
    register("partnerships.Pledge.organisation", Alone(("partnership_id", "seat_id"), LIVE, "ended_on"))
    register("partnerships.PointOfContact.organisation", Alone(("topic",), LIVE, "ended_on"))
    register("partnerships.Program.organisation", Alone(("name",), LIVE, "ended_on"))
    # One mark a company and partnership, one word an organisation: the loser's stays with the loser when both have one.
    register("partnerships.CompanyMark.organisation", Alone(("partnership_id",)))
    register("partnerships.Confirmation.organisation", Alone(("agreement_id",), Q(withdrawn_at=None)))
    register_inside("partnerships.Agreement.lines", "organisation", _lines)


def _lines(lines: list[dict[str, Any]], old: int, new: int) -> list[dict[str, Any]]:
    return [{**line, "organisation": new} if line["organisation"] == old else line for line in lines]
