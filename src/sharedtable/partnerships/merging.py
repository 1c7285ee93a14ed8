"""How rows of this room move when two entries of the record are joined."""

from __future__ import annotations

from sharedtable.people.merging import register


def register_all() -> None:
    """Called once, when the program starts."""
    for label in (
        "partnerships.Seat.person", "partnerships.Seat.organisation", "partnerships.Program.organisation",
        "partnerships.Program.outreach_owner", "partnerships.PointOfContact.organisation",
        "partnerships.PointOfContact.lead", "partnerships.PointOfContact.cover",
    ):  # fmt: skip
        register(label)
    # One mark a company and partnership: the loser's stays with the loser when both have one.
    register("partnerships.CompanyMark.organisation", alone=("partnership_id",))
