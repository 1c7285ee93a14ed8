"""Ties that were told in words: to a company or a person that is not in the record yet. A convener settles them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sharedtable.accounts.models import Space
from sharedtable.people.models import Organisation, Person, ShownTo, Tie
from sharedtable.privacy import Privacy

SYSTEM, CONVENERS, NAMED = Privacy.SYSTEM, Privacy.CONVENERS, Privacy.NAMED


class ToldTie(models.Model):
    """A partner said by link: I know this company, perhaps this person there.

    `organisation`: the company, once it is known which one of the record is meant; else `company_name` as typed.
    `tie`: what became of it when somebody said which person it is, so that nobody types it again.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="told_ties")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="told_ties")
    known_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="told_ties")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="told_of"
    )
    company_name = models.CharField(max_length=200)
    person_name = models.CharField(max_length=160, blank=True)
    strength_rating = models.PositiveSmallIntegerField(default=1)
    shown_to = models.CharField(max_length=10, choices=ShownTo.choices, default=ShownTo.CONVENERS)
    level = models.CharField(max_length=10, default=Privacy.CONVENERS)
    tie = models.ForeignKey(Tie, null=True, blank=True, on_delete=models.SET_NULL, related_name="told_as")
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "agency": CONVENERS, "known_by": CONVENERS, "organisation": CONVENERS,
        "company_name": CONVENERS, "person_name": CONVENERS, "strength_rating": CONVENERS, "shown_to": CONVENERS,
        "level": SYSTEM, "tie": SYSTEM, "made_by": NAMED, "made_at": CONVENERS, "ended_at": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-strength_rating", "id")

    def __str__(self) -> str:
        return f"{self.agency} knows {self.person_name or self.company_name}"
