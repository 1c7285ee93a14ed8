"""How rows of this room move when two entries of the record are joined."""

from __future__ import annotations

from sharedtable.people.moving import Alone, register


def register_all() -> None:
    """Called once, when the program starts."""
    # Asked once a round: when both were, the loser's sheet stays under the name under which it was asked for.
    register("worksheets.Asked.person", Alone(("round_id",)))
    register("worksheets.Asked.organisation")
    register("worksheets.Talk.organisation")
    register("worksheets.Talk.agency")
