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
