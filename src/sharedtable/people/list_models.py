"""Lists under a name: kept filters, and entries picked by hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.people.models import Organisation, Person
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS, NAMED = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS, Privacy.NAMED


class Segment(models.Model):
    """A list under a name: a kept filter (`query`), or entries picked by hand (`SegmentEntry`), or both at once.

    `owner`: who alone sees it ('user:3'); empty: the whole team.
    """

    class Thing(models.TextChoices):
        PEOPLE = "people", _("People")
        ORGANISATIONS = "organisations", _("Organizations")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="segments")
    thing = models.CharField(max_length=14, choices=Thing.choices)
    name = models.CharField(max_length=80)
    query = models.JSONField(default=dict, blank=True)
    owner = models.CharField(max_length=40, blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "thing": TEAM, "name": TEAM, "query": TEAM, "owner": TEAM, "made_by": CONVENERS,
        "made_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("space", "thing", "owner", "name"), name="one_segment_a_name"),)

    def __str__(self) -> str:
        return self.name


class SegmentEntry(models.Model):
    """One person or organisation that was put into a segment by hand."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="segment_entries")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="entries")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="segments")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="segments")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "segment": TEAM, "person": TEAM, "organisation": TEAM,
    }  # fmt: skip

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("segment", "person"), name="one_person_once_a_segment"),
            models.UniqueConstraint(fields=("segment", "organisation"), name="one_organisation_once_a_segment"),
        )

    def __str__(self) -> str:
        return f"{self.person or self.organisation} in {self.segment}"
