"""What a data walk goes through: industries of a region and their figures, as they were when it was set up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sharedtable.accounts.models import Space
from sharedtable.meetings.models import Meeting
from sharedtable.partnerships.models import Decision
from sharedtable.privacy import Privacy

SYSTEM, PUBLIC, TEAM, CONVENERS = Privacy.SYSTEM, Privacy.PUBLIC, Privacy.TEAM, Privacy.CONVENERS


class Walk(models.Model):
    """The way of one meeting through the figures. They are kept here, so that everybody looks at the same ones.

    `industries`: one entry each, with its definition, years, sources, gaps and history; `stops`: the figures in their
    order, in both languages (see `figures.py`). `version` counts what was set up anew. `decision`: what came of it.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="walks")
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="walk")
    region_text = models.TextField()
    industries = models.JSONField(default=list)
    stops = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="walks")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "meeting": SYSTEM, "region_text": PUBLIC, "industries": PUBLIC, "stops": PUBLIC,
        "version": SYSTEM, "decision": SYSTEM, "made_at": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{len(self.stops)} figures of {len(self.industries)} industries"
