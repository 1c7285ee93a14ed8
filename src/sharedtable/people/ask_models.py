"""What people ask about their own data, and what stood there before they changed it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.people.models import Person
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS, NAMED = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS, Privacy.NAMED


class Ask(models.Model):
    """What a person asked about their own data: correct a field, or erase everything. A convener answers it."""

    class Kind(models.TextChoices):
        CORRECT = "correct", _("Correct")
        ERASE = "erase", _("Erase")

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ACCEPTED = "accepted", _("Done")
        REFUSED = "refused", _("Not done")
        WITHDRAWN = "withdrawn", _("Taken back")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="asks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    field = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=40, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "person": CONVENERS, "kind": CONVENERS, "field": CONVENERS, "value": CONVENERS,
        "state": CONVENERS, "answer": CONVENERS, "made_at": CONVENERS, "answered_at": CONVENERS,
        "answered_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.field}".strip()


class Before(models.Model):
    """What stood there before an act through a personal link, so that the person can undo it; gone after ten days."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="befores")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="befores")
    values = models.JSONField(default=dict)
    at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "person": SYSTEM, "values": NAMED, "at": SYSTEM,
    }  # fmt: skip

    def __str__(self) -> str:
        return f"before the act of {self.at:%Y-%m-%d}"
