"""Who asks for a change. There are no accounts yet: the person at this machine may, everybody else may not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sharedtable.errors import Refused


@dataclass(frozen=True)
class Actor:
    """A person who acts: a name for the record, and whether they may change what is kept here."""

    name: str
    may_change: bool

    def must_be_allowed(self) -> None:
        """Fails with Refused for a person who may only read."""
        if not self.may_change:
            raise Refused(_("Only the person at the machine on which this runs can change that. Nothing was changed."))
