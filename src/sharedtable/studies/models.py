"""What a team keeps beside the facts: definitions, frozen answers, and what people on the ground know.

Rows are only ever added (`actions.py`): a definition gets a next version, a study stays as it was brought, a note that
no longer holds is marked as withdrawn. Nothing is edited, so nobody has to ask what a page showed last month.

`space` says whose it is; without one it is the installation's own, kept by the operator, and everybody sees it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sharedtable.accounts.models import Space
from sharedtable.privacy import Privacy


class Definition(models.Model):
    """One version of a region or a sector, in the plain text that `lmi` reads and writes."""

    class Kind(models.TextChoices):
        REGION = "region"
        SECTOR = "sector"

    space = models.ForeignKey(Space, null=True, on_delete=models.PROTECT, related_name="definitions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    slug = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    text = models.TextField()
    note = models.TextField(blank=True)
    created_on = models.DateField()
    created_by = models.CharField(max_length=80)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "kind": Privacy.PUBLIC,
        "slug": Privacy.PUBLIC,
        "version": Privacy.PUBLIC,
        "name": Privacy.PUBLIC,
        "text": Privacy.PUBLIC,
        "note": Privacy.TEAM,
        "created_on": Privacy.PUBLIC,
        "created_by": Privacy.NAMED,
    }

    class Meta:
        ordering = ("kind", "slug", "-version")
        constraints = (
            models.UniqueConstraint(fields=("space", "kind", "slug", "version"), name="one_definition_a_version"),
            # SQLite holds two empty spaces for different.
            models.UniqueConstraint(
                fields=("kind", "slug", "version"),
                condition=models.Q(space=None),
                name="one_common_definition_a_version",
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="definitions_count_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class Study(models.Model):
    """A question and its answer as they were on a day, with the sources named then."""

    space = models.ForeignKey(Space, null=True, on_delete=models.PROTECT, related_name="studies")
    title = models.CharField(max_length=300)
    question = models.JSONField()
    answer = models.JSONField()
    sources = models.JSONField(default=list)
    made_on = models.DateField(null=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "title": Privacy.TEAM,
        "question": Privacy.TEAM,
        "answer": Privacy.TEAM,
        "sources": Privacy.TEAM,
        "made_on": Privacy.TEAM,
        "file_name": Privacy.CONVENERS,
        "sha256": Privacy.SYSTEM,
        "created_at": Privacy.TEAM,
        "created_by": Privacy.NAMED,
    }

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("space", "sha256"), name="one_study_a_file"),
            models.UniqueConstraint(fields=("sha256",), condition=models.Q(space=None), name="one_common_study_a_file"),
        )
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return self.title


class LocalNote(models.Model):
    """What people know about a figure that the figure does not say.

    `areas`: area codes with commas, sorted. `sector`: the codes of the sector, sorted, exclusions with a minus.
    `measure`: the data point that it is about, empty for the whole profile.
    """

    class Kind(models.TextChoices):
        KNOWLEDGE = "knowledge"
        CAVEAT = "caveat"
        CORRECTION = "correction"

    space = models.ForeignKey(Space, null=True, on_delete=models.PROTECT, related_name="local_notes")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.KNOWLEDGE)
    areas = models.TextField()
    region_name = models.CharField(max_length=120)
    sector = models.TextField()
    sector_name = models.CharField(max_length=120)
    measure = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    said_by = models.CharField(max_length=120, blank=True)
    study = models.ForeignKey(Study, null=True, on_delete=models.PROTECT, related_name="notes")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "kind": Privacy.TEAM,
        "areas": Privacy.PUBLIC,
        "region_name": Privacy.PUBLIC,
        "sector": Privacy.PUBLIC,
        "sector_name": Privacy.PUBLIC,
        "measure": Privacy.PUBLIC,
        "text": Privacy.TEAM,
        "said_by": Privacy.NAMED,
        "study": Privacy.SYSTEM,
        "created_at": Privacy.TEAM,
        "created_by": Privacy.NAMED,
        "withdrawn_at": Privacy.TEAM,
    }

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.text[:80]


class Reading(models.Model):
    """One figure as one room marked it on one day. Never changed, never taken away: it stays beside the figure.

    `shown`: the figure in words as the room saw it, by language: {"en": {"title": …, "value": …, "note": …}}. `counts`:
    who marked it how, {"all": {"real": 7, …}, "tables": {"inner": {…}, …}}; the tables only where neither is smaller
    than five (X16). `measure`: the data point; 'choice' (without a sector): in which order the room put the industries.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="readings")
    meeting_id = models.BigIntegerField()
    meeting_title = models.CharField(max_length=120)
    stop = models.CharField(max_length=40)
    areas = models.TextField()
    region_name = models.CharField(max_length=120)
    sector = models.TextField(blank=True)
    sector_name = models.CharField(max_length=120, blank=True)
    measure = models.CharField(max_length=60)
    year = models.PositiveIntegerField(null=True)
    shown = models.JSONField()
    counts = models.JSONField()
    revealed_at = models.DateTimeField()
    revealed_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "meeting_id": Privacy.SYSTEM,
        "meeting_title": Privacy.TEAM,
        "stop": Privacy.SYSTEM,
        "areas": Privacy.PUBLIC,
        "region_name": Privacy.PUBLIC,
        "sector": Privacy.PUBLIC,
        "sector_name": Privacy.PUBLIC,
        "measure": Privacy.PUBLIC,
        "year": Privacy.PUBLIC,
        "shown": Privacy.TEAM,
        "counts": Privacy.TEAM,
        "revealed_at": Privacy.TEAM,
        "revealed_by": Privacy.CONVENERS,
    }

    refers: ClassVar[dict[str, str]] = {"meeting_id": "meetings.Meeting"}

    class Meta:
        ordering = ("revealed_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("space", "meeting_id", "stop"), name="one_reading_a_figure_a_meeting"),
        )

    def __str__(self) -> str:
        return f"{self.measure} of {self.sector_name}"


class Voice(models.Model):
    """What one person in the room made of a figure: their mark, and what they know in their own words.

    `mark`: 'real', 'doubtful', 'missing' (the figure misses something); '' for words of the talk after it; for a
    choice the numbers of the industries in that person's order ('2,0,1'). People know that those who run the meeting
    see who said it, and that nobody else does. `withdrawn_at`: the words were struck out; the mark still counts.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="voices")
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="voices")
    participant_id = models.BigIntegerField()
    said_by = models.CharField(max_length=160, blank=True)
    table = models.CharField(max_length=8, blank=True)
    mark = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "reading": Privacy.SYSTEM,
        "participant_id": Privacy.CONVENERS,
        "said_by": Privacy.CONVENERS,
        "table": Privacy.CONVENERS,
        "mark": Privacy.TEAM,
        "text": Privacy.TEAM,
        "withdrawn_at": Privacy.TEAM,
    }

    refers: ClassVar[dict[str, str]] = {"participant_id": "meetings.Participant"}

    class Meta:
        ordering = ("reading", "id")

    def __str__(self) -> str:
        return self.text[:80] or self.mark
