"""What a team says in its own words in place of the method's, and the talks in which it used its talking points."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.people.models import Organisation
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS


class SpaceText(models.Model):
    """An entry of a list of the method in a team's own words, in one language; or an entry that the team added.

    The newest row of an entry and language counts; one without a text: as shipped, or for an own one gone.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="own_texts")
    list_name = models.CharField(max_length=40)
    item_id = models.CharField(max_length=50)
    group = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5)
    title = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=600, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "list_name": SYSTEM, "item_id": SYSTEM, "group": SYSTEM, "language": SYSTEM,
        "title": TEAM, "text": TEAM, "made_at": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("list_name", "item_id", "-id")
        indexes = (models.Index(fields=("space", "list_name"), name="own_texts_of_a_list"),)

    def __str__(self) -> str:
        return f"{self.list_name}: {self.item_id}"


class Talk(models.Model):
    """Somebody used talking points with a partner: which, when, how, and what came back (B05)."""

    class Way(models.TextChoices):
        PHONE = "phone", _("By phone")
        PERSON = "person", _("In person")
        MAIL = "mail", _("By mail")
        MEETING = "meeting", _("At a meeting")

    class Outcome(models.TextChoices):
        YES = "yes", _("They join in")
        LOOK = "look", _("They want to see it first")
        LATER = "later", _("Not now")
        NO = "no", _("No")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="talks")
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="talks_kept")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="talks")
    with_name = models.CharField(max_length=160, blank=True)
    audience = models.CharField(max_length=40)
    points = models.JSONField(default=list)
    used_by = models.CharField(max_length=120)
    way = models.CharField(max_length=8, choices=Way.choices)
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    said = models.TextField(blank=True)
    on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "agency": CONVENERS, "organisation": CONVENERS, "with_name": CONVENERS,
        "audience": CONVENERS, "points": SYSTEM, "used_by": CONVENERS, "way": CONVENERS, "outcome": CONVENERS,
        "said": CONVENERS, "on": CONVENERS, "made_at": CONVENERS, "made_by": CONVENERS, "ended_at": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-on", "-id")

    def __str__(self) -> str:
        return f"{self.used_by} and {self.with_name or self.organisation}, {self.on}"
