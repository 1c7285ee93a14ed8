"""To whom a provider hands people on, from the newest shown round of the worksheet that asks for it (K13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharedtable.accounts.actors import Actor
from sharedtable.people.models import Organisation
from sharedtable.worksheets.merged import Way, key_of
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.result_queries import result_page

TOOL = "open-or-closed"
# Who teaches and trains: for them the question is asked as soon as they are in the record.
PROVIDERS = frozenset({"training_provider", "adult_education", "apprenticeship"})


@dataclass(frozen=True)
class HandOffs:
    """What a round said of one provider. `round_id` 0: nobody asked yet."""

    round_id: int
    ways_in: Sequence[Way] = ()
    ways_out: Sequence[Way] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the round knows no way in or out."""
        return bool(self.round_id) and not self.ways_in and not self.ways_out


def is_provider(organisation: Organisation) -> bool:
    """Whether an organisation teaches or trains."""
    return organisation.system == Organisation.System.EDUCATION or organisation.partner_type in PROVIDERS


def hand_offs(by: Actor, organisation: Organisation, language: str) -> HandOffs:
    """The hand-offs of one provider, as far as the reader may see the round."""
    rounds = Round.objects.filter(
        space_id=by.space_id, tool_id=TOOL, revealed_at__isnull=False, dropped_at=None, is_anonymous=False
    )
    found = next((one for one in rounds.order_by("-revealed_at")[:20] if by.may("worksheets.see", one)), None)
    if found is None:
        return HandOffs(0)
    ways = [way for one in result_page(by, found.pk, language).merged for way in one.ways]
    key = key_of(organisation.name)
    return HandOffs(
        found.pk,
        [way for way in ways if key_of(way.end) == key],
        [way for way in ways if key_of(way.start) == key],
    )
