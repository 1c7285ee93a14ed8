"""The scope workshop: an hour of the team, what was tried in it, and the version that was good enough."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sharedtable.accounts.models import Space
from sharedtable.partnerships.models.record import Deadline, Partnership, Scope
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS


class ScopeWorkshop(models.Model):
    """One session on the scope. Under way while `ended_at` is empty; each that ended stays as history.

    `scope`: the version that was called good enough, None when the session ended without. `tests`: what was tested
    and what came out, as it was said then: [{"key", "question", "verdict", "says", "why": [text]}]. `who`: who tested,
    in words. `review`: the date on the clock when to look again.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="scope_workshops")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="scope_workshops")
    minutes = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)
    scope = models.ForeignKey(Scope, null=True, blank=True, on_delete=models.PROTECT, related_name="workshops")
    tests = models.JSONField(default=list, blank=True)
    launch_planned = models.PositiveIntegerField(null=True, blank=True)
    members_planned = models.PositiveIntegerField(null=True, blank=True)
    who = models.TextField(blank=True)
    note = models.TextField(blank=True)
    review = models.ForeignKey(Deadline, null=True, blank=True, on_delete=models.PROTECT, related_name="workshops")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "minutes": TEAM, "began_at": TEAM, "began_by": CONVENERS,
        "ended_at": TEAM, "ended_by": CONVENERS, "scope": SYSTEM, "tests": TEAM, "launch_planned": TEAM,
        "members_planned": TEAM, "who": TEAM, "note": TEAM, "review": SYSTEM,
    }  # fmt: skip

    class Meta:
        ordering = ("-began_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("partnership",), condition=models.Q(ended_at=None), name="one_scope_workshop_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"scope workshop of {self.partnership}"
