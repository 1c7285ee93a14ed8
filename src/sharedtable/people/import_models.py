"""Lists that were brought in, what each row became, what was changed, and entries that were joined or kept apart."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.people.models import Organisation
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS


class Kind(models.TextChoices):
    """What the rows of a list are."""

    COMPANIES = "companies", _("Companies and organizations")
    PEOPLE = "people", _("People")


class Import(models.Model):
    """One list on its way into the record. `columns`: for each column of the file the field it fills, or ''.

    `content` is the upload itself; it and the rows are gone after seven days, the counts stay. `basis`: why the team
    may use this list, in the words of who brought it.
    """

    class State(models.TextChoices):
        COLUMNS = "columns", _("Waits for a look at the columns")
        CHECKING = "checking", _("Is being compared")
        REVIEW = "review", _("Waits for your decision")
        DONE = "done", _("Brought in")
        UNDONE = "undone", _("Taken back")
        DISCARDED = "discarded", _("Thrown away")
        BROKEN = "broken", _("Was interrupted")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="imports")
    agency = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="imports_brought"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COLUMNS)
    file_name = models.CharField(max_length=120)
    source = models.CharField(max_length=120)
    basis = models.CharField(max_length=300)
    content = models.BinaryField(null=True)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "agency": TEAM, "kind": TEAM, "state": TEAM, "file_name": CONVENERS,
        "source": CONVENERS, "basis": CONVENERS, "content": CONVENERS, "header": CONVENERS, "columns": CONVENERS,
        "sample": CONVENERS, "notes": CONVENERS, "counts": CONVENERS, "row_count": CONVENERS, "done_count": SYSTEM,
        "total_count": SYSTEM, "version": SYSTEM, "made_by": CONVENERS, "made_at": CONVENERS, "touched_at": SYSTEM,
        "done_at": CONVENERS, "undone_at": CONVENERS, "cleared_at": SYSTEM,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{self.source}, {self.made_at:%Y-%m-%d}"


class ImportRow(models.Model):
    """One row of a list: what it says, what would become of it, as the comparison or a person says.

    `number` is the row in the file. `values` are the cells after checking, by field. `organisation_id` and `person_id`
    are the entries that it is, or may be; `organisation_twin` and `person_twin` number an earlier row of the same list
    that is, or may be, about the same. The answers are 'same', 'perhaps', 'different', 'later' or '' (nothing like
    it is there). Plain numbers, because a suggestion is no relation: it may be merged meanwhile.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        UPDATE = "update", _("Update")
        KNOWN = "known", _("Nothing new")
        PERHAPS = "perhaps", _("Possible match")
        REFUSED = "refused", _("Refused")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="import_rows")
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    values = models.JSONField(default=dict)
    # [{"code": …, "field": …, "value": …}]: why it is refused, and which cells were left out.
    problems = models.JSONField(default=list)
    organisation_ref = models.BigIntegerField(default=0)
    organisation_answer = models.CharField(max_length=10, blank=True)
    organisation_reasons = models.JSONField(default=list)
    person_ref = models.BigIntegerField(default=0)
    person_answer = models.CharField(max_length=10, blank=True)
    person_reasons = models.JSONField(default=list)
    organisation_twin = models.PositiveIntegerField(default=0)
    organisation_twin_answer = models.CharField(max_length=10, blank=True)
    organisation_twin_reasons = models.JSONField(default=list)
    person_twin = models.PositiveIntegerField(default=0)
    person_twin_answer = models.CharField(max_length=10, blank=True)
    person_twin_reasons = models.JSONField(default=list)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "batch": SYSTEM, "number": CONVENERS, "outcome": CONVENERS, "values": CONVENERS,
        "problems": CONVENERS, "organisation_ref": SYSTEM, "organisation_answer": CONVENERS,
        "organisation_reasons": CONVENERS, "person_ref": SYSTEM, "person_answer": CONVENERS,
        "person_reasons": CONVENERS, "organisation_twin": SYSTEM, "organisation_twin_answer": CONVENERS,
        "organisation_twin_reasons": CONVENERS, "person_twin": SYSTEM, "person_twin_answer": CONVENERS,
        "person_twin_reasons": CONVENERS,
    }  # fmt: skip

    refers: ClassVar[dict[str, str]] = {
        "organisation_ref": "people.Organisation", "person_ref": "people.Person",
    }  # fmt: skip

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("batch", "number"), name="one_row_a_number"),)
        indexes = (models.Index(fields=("batch", "outcome", "number"), name="rows_by_outcome"),)

    def __str__(self) -> str:
        return f"row {self.number}: {self.outcome}"


class ImportChange(models.Model):
    """One thing that an import did, so that it can be taken back: an entry that it made, or a field that it changed.

    `field` '' with `kind` 'organisation', 'person' or 'membership' means: made. `version` is the entry's version after
    it. Plain numbers: the entry may be gone when this is read.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="import_changes")
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=40, blank=True)
    old = models.CharField(max_length=400, blank=True)
    new = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_undone = models.BooleanField(default=False)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "batch": SYSTEM, "row": CONVENERS, "kind": SYSTEM, "object_id": SYSTEM,
        "field": CONVENERS, "old": CONVENERS, "new": CONVENERS, "version": SYSTEM, "is_undone": SYSTEM,
    }  # fmt: skip

    refers_by: ClassVar[dict[str, str]] = {"object_id": "kind"}

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("space", "kind", "object_id"), name="changes_of_a_thing"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.field}"


class ColumnMemory(models.Model):
    """Which columns of a list filled which fields the last time, so that the same list need not be explained twice."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="column_memories")
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="column_memories")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    signature = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    source = models.CharField(max_length=120)
    basis = models.CharField(max_length=300)
    at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "agency": SYSTEM, "kind": SYSTEM, "signature": SYSTEM, "columns": CONVENERS,
        "source": CONVENERS, "basis": CONVENERS, "at": SYSTEM,
    }  # fmt: skip

    class Meta:
        indexes = (models.Index(fields=("space", "signature"), name="memories_of_a_header"),)
        verbose_name_plural = "column memories"

    def __str__(self) -> str:
        return self.source


class Twin(models.Model):
    """Two entries of the record that may be one, and what a person said about it.

    `first_id` is the lower number. 'apart' is remembered: the pair is never suggested again.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        APART = "apart", _("Not the same")
        JOINED = "joined", _("Joined")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="twins")
    kind = models.CharField(max_length=12)  # 'organisation' or 'person'
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    bits = models.FloatField(default=0)
    is_sure = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "kind": SYSTEM, "first_id": SYSTEM, "second_id": SYSTEM, "bits": CONVENERS,
        "is_sure": CONVENERS, "reasons": CONVENERS, "state": CONVENERS, "found_at": CONVENERS,
        "decided_by": CONVENERS, "decided_at": CONVENERS,
    }  # fmt: skip

    refers_by: ClassVar[dict[str, str]] = {"first_id": "kind", "second_id": "kind"}

    class Meta:
        ordering = ("-bits", "id")
        constraints = (
            models.UniqueConstraint(fields=("space", "kind", "first_id", "second_id"), name="one_row_a_pair"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id} and {self.second_id}"


class Merge(models.Model):
    """Two entries that were joined: what moved and what changed, exactly, so that it can be taken back.

    `moves`: {relation: [numbers of the rows that moved]}. `before` and `after`: the fields of both entries that the
    join changed, by 'winner' and 'loser'.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="merges")
    kind = models.CharField(max_length=12)
    winner_id = models.BigIntegerField()
    loser_id = models.BigIntegerField()
    moves = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    undone_by = models.CharField(max_length=40, blank=True)
    undone_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "kind": SYSTEM, "winner_id": SYSTEM, "loser_id": SYSTEM, "moves": SYSTEM,
        "before": CONVENERS, "after": CONVENERS, "made_by": CONVENERS, "made_at": CONVENERS, "undone_by": CONVENERS,
        "undone_at": CONVENERS,
    }  # fmt: skip

    refers_by: ClassVar[dict[str, str]] = {"winner_id": "kind", "loser_id": "kind"}

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=("space", "kind", "winner_id"), name="merges_of_a_thing"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.loser_id} into {self.winner_id}"
