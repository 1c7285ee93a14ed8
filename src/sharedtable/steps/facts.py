"""What the record says of one partnership, read once and only as far as a page asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from django.db.models import Count, Min, Q
from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import User
from sharedtable.ledger.models import Letter
from sharedtable.meetings.models import Meeting
from sharedtable.partnerships import seat_queries, team_queries
from sharedtable.partnerships.models import (
    Deadline,
    Decision,
    MapEntry,
    Partnership,
    Pledge,
    Program,
    Scope,
    ScopeWorkshop,
    Seat,
    Step,
    TurningPoint,
)
from sharedtable.people.models import Tie
from sharedtable.people.tie_reach import visible
from sharedtable.plans.models import Priority
from sharedtable.walks.models import Walk
from sharedtable.worksheets import talking
from sharedtable.worksheets.models import Promise, Round
from sharedtable.worksheets.text_models import Talk

DIGEST = "digest"
MOST_TIES = 2_000
SESSION, LAUNCH = "support-team", "launch"


class Facts:
    """One partnership, as the named queries of a step look at it. Each part is read when it is first asked for."""

    def __init__(self, actor: Actor, partnership: Partnership, today: date | None = None) -> None:
        actor.must("partnerships.see", partnership)
        self.actor, self.partnership = actor, partnership
        self.today = today or timezone.localdate()

    @cached_property
    def steps(self) -> Sequence[Step]:
        """Every change of a step, oldest first."""
        return list(self.partnership.steps.order_by("at", "id"))

    @cached_property
    def tables(self) -> seat_queries.Tables:
        """Who sits where now."""
        return seat_queries.tables(self.partnership)

    @cached_property
    def seats(self) -> Sequence[Seat]:
        """Every seat that there ever was, oldest first."""
        found = Seat.objects.filter(partnership=self.partnership).select_related("person", "organisation")
        return list(found.order_by("started_on", "id"))

    @cached_property
    def scopes(self) -> Sequence[Scope]:
        """The versions of the scope, newest first."""
        return list(self.partnership.scopes.order_by("-version"))

    @property
    def scope(self) -> Scope | None:
        """The newest scope."""
        return self.scopes[0] if self.scopes else None

    @cached_property
    def decisions(self) -> Sequence[Decision]:
        """Decisions that this actor may see, newest first."""
        found = self.partnership.decisions.all()
        if not self.actor.may("partnerships.inner", self.partnership):
            found = found.exclude(level="inner")
        return list(found)

    @cached_property
    def rounds(self) -> Mapping[str, Round]:
        """The newest round of each worksheet, with how many are asked and how many handed in."""
        if not self.actor.may("worksheets.see", self.partnership):
            return {}
        found = Round.objects.filter(partnership=self.partnership, dropped_at=None).annotate(
            people=Count("asked", distinct=True),
            handed_in=Count("sheets", filter=Q(sheets__is_handed_in=True), distinct=True),
        )
        newest: dict[str, Round] = {}
        for one in found.order_by("made_at", "id"):
            newest[one.tool_id] = one
        return newest

    @cached_property
    def meetings(self) -> Sequence[Meeting]:
        """Meetings that are no practice, oldest first, with how many came; none for who may see no meetings."""
        if not self.actor.may("meetings.see", self.partnership):
            return []
        # The screen of the room, the scribe and whoever runs the meeting have a place too; they are not those who came.
        there = Q(participants__admitted_at__isnull=False, participants__removed_at=None)
        came = Count("participants", filter=there & Q(participants__role__in=("participant", "partner")))
        found = Meeting.objects.filter(partnership=self.partnership, is_practice=False).annotate(came=came)
        return list(found.order_by("starts_at", "id"))

    @cached_property
    def deadlines(self) -> Sequence[Deadline]:
        """Every date of the clock."""
        return list(self.partnership.deadlines.order_by("due_on", "id"))

    @cached_property
    def agreed(self) -> team_queries.Agreed:
        """The agreement in force."""
        return team_queries.agreement(self.actor, self.partnership)

    @cached_property
    def pledged(self) -> Sequence[Pledge]:
        """Hours that hold now."""
        found = self.partnership.pledges.filter(ended_on=None, hours_a_week__isnull=False)
        return list(found.select_related("organisation"))

    @cached_property
    def map_entries(self) -> Sequence[MapEntry]:
        """Names on the map."""
        return list(self.partnership.map_entries.filter(ended_at=None))

    @cached_property
    def programs(self) -> Sequence[Program]:
        """The register of programs of the team."""
        return list(Program.objects.filter(space_id=self.partnership.space_id, ended_on=None))

    @cached_property
    def talks(self) -> Sequence[Talk]:
        """Talks that this actor may read, newest first; none for who may not read them."""
        return list(talking.visible(self.actor)) if self.actor.may("worksheets.see") else []

    @cached_property
    def ties(self) -> Sequence[Tie]:
        """Connections that this actor may see, newest first."""
        found = Tie.objects.filter(visible(self.actor), space_id=self.partnership.space_id, ended_at=None)
        return list(found.only("made_at", "made_by").order_by("-made_at", "-id")[:MOST_TIES])

    @cached_property
    def workshops(self) -> Sequence[ScopeWorkshop]:
        """Sessions on the scope, newest first."""
        return list(self.partnership.scope_workshops.order_by("-began_at", "-id"))

    @cached_property
    def walks(self) -> Sequence[Walk]:
        """Walks through the figures, newest first; none for who may see no meetings."""
        numbers = [one.pk for one in self.meetings]
        found = Walk.objects.filter(meeting__in=numbers).select_related("meeting") if numbers else Walk.objects.none()
        return list(found.order_by("-made_at", "-id"))

    @cached_property
    def priorities(self) -> Sequence[Priority]:
        """Priorities that last, newest first."""
        found = Priority.objects.filter(partnership=self.partnership, ended_at=None, closing__withdrawn_at=None)
        return list(found.order_by("-made_at", "-id"))

    @cached_property
    def marks(self) -> Sequence[TurningPoint]:
        """Turning points that the team marked itself, oldest first."""
        return list(self.partnership.turning_points.filter(ended_at=None))

    @cached_property
    def digest_on(self) -> date | None:
        """When the last digest was written."""
        found = Letter.objects.filter(
            space_id=self.partnership.space_id, kind=DIGEST, partnership_id=self.partnership.pk
        ).exclude(state=Letter.State.CANCELLED)
        newest = found.order_by("-made_at").values_list("made_at", flat=True).first()
        return timezone.localdate(newest) if newest else None

    @cached_property
    def promises(self) -> Sequence[Promise]:
        """What people said they would do when they looked at a result."""
        return list(Promise.objects.filter(round__partnership=self.partnership).order_by("made_at", "id"))

    @cached_property
    def first_confirmed_on(self) -> date | None:
        """When the newest agreement was confirmed by the first organisation."""
        if self.agreed.agreement is None:
            return None
        first = self.agreed.agreement.confirmations.filter(withdrawn_at=None).aggregate(day=Min("at"))["day"]
        return timezone.localdate(first) if first else None

    def launch(self) -> Meeting | None:
        """The launch: the last one that is planned or was held."""
        found = [one for one in self.meetings if one.run == LAUNCH]
        return found[-1] if found else None


def names_of(refs: set[str]) -> Mapping[str, str]:
    """Names of users by the way in which rows say who did something ('user:3')."""
    numbers = {int(ref[5:]) for ref in refs if ref.startswith("user:") and ref[5:].isdigit()}
    return {f"user:{user.pk}": str(user.name or user.email) for user in User.objects.filter(pk__in=numbers)}
