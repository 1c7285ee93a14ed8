"""Rounds of worksheets, who is asked, what they answered, and what a group took from it.

**Anonymous rounds.** A sheet of one has no person and no time, and its number is drawn by lot. Who has begun stands in
one list on the round, sorted, so that neither times nor an order can be laid beside the sheets. Nothing of it goes into
the record of what happened, and no mail confirms it. When the result is shown, the sheets are written anew in a drawn
order and the keys of the devices are thrown away. What remains to be guessed stands in docs/worksheets.md.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.method.questions import Worksheet
from sharedtable.method.tools import thaw
from sharedtable.partnerships.models import Decision, Partnership
from sharedtable.people.models import Organisation, Person
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS, NAMED = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS, Privacy.NAMED


def drawn() -> int:
    """A number by lot: rows that carry it stand in no order."""
    return secrets.randbits(62) + 1


class SpaceTool(models.Model):
    """A worksheet that a team brought, or its own edition of a shipped one, as the two TOML texts."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="tools")
    tool_id = models.CharField(max_length=40)
    en_text = models.TextField()
    es_text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    retired_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "tool_id": TEAM, "en_text": TEAM, "es_text": TEAM, "made_at": TEAM,
        "made_by": CONVENERS, "retired_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("tool_id", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("space", "tool_id"), condition=models.Q(retired_at=None), name="one_live_tool_an_id"
            ),
        )

    def __str__(self) -> str:
        return self.tool_id


class SpacePreset(models.Model):
    """A number of the method that a team changed, and why. The newest row of a key counts; none: as shipped."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="presets")
    key = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=9, decimal_places=2, null=True)  # None: back to the shipped one
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "key": TEAM, "value": TEAM, "reason": TEAM, "made_at": TEAM,
        "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("key", "-id")

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class Round(models.Model):
    """A worksheet put to the people of a partnership, or of a team (`partnership` None), once.

    `definition` is the worksheet as it was when the round began, in both languages, with the team's numbers in it.
    `begun_by`: who has begun, in an anonymous round, as sorted numbers of `Asked`. `splits`: by what an anonymous
    result may be split. `evidence`: what the record said when the result was shown. `follows`: the round before.
    """

    class Way(models.TextChoices):
        PRIVATE = "private", _("Each person alone")
        GROUP = "group", _("Together on one screen")
        ORGANISATION = "organisation", _("One person for each organization")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="rounds")
    partnership = models.ForeignKey(Partnership, null=True, on_delete=models.PROTECT, related_name="rounds")
    tool_id = models.CharField(max_length=40)
    tool_version = models.PositiveSmallIntegerField()
    method_version = models.CharField(max_length=20)
    definition = models.TextField()
    way = models.CharField(max_length=12, choices=Way.choices)
    is_anonymous = models.BooleanField(default=False)
    note = models.CharField(max_length=600, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    begun_by = models.JSONField(default=list, blank=True)
    splits = models.JSONField(default=list, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    opened_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "tool_id": TEAM, "tool_version": TEAM,
        "method_version": TEAM, "definition": TEAM, "way": TEAM, "is_anonymous": TEAM, "note": TEAM, "closes_on": TEAM,
        "follows": SYSTEM, "begun_by": NAMED, "splits": SYSTEM, "evidence": TEAM, "made_at": TEAM,
        "made_by": CONVENERS, "opened_at": TEAM, "revealed_at": TEAM, "dropped_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=("space", "tool_id"), name="rounds_of_a_tool"),)

    def __str__(self) -> str:
        return f"{self.tool_id} {self.pk}"

    def worksheet(self, language: str) -> Worksheet:
        """The questions, in that language."""
        return thaw(self.definition).sheet(language)

    @property
    def state(self) -> str:
        """draft, open, revealed or dropped."""
        if self.dropped_at:
            return "dropped"
        return "revealed" if self.revealed_at else "open" if self.opened_at else "draft"


class Asked(models.Model):
    """Somebody who is asked in a round: a person, perhaps for an organisation. Table and system as on that day."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="asked")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="asked")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="asked")
    table = models.CharField(max_length=8, blank=True)
    system = models.CharField(max_length=24, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "round": SYSTEM, "person": TEAM, "organisation": TEAM, "table": TEAM,
        "system": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("round", "person"), name="asked_once_a_round"),)

    def __str__(self) -> str:
        return f"{self.person} in round {self.round_id}"


class Sheet(models.Model):
    """One filled-in worksheet: of a person or for an organisation (`asked`), of a group (`name`), or of nobody known.

    `key_hash`: of the key that only the device holds, in an anonymous round until its result is shown.
    """

    id = models.BigIntegerField(primary_key=True, default=drawn, editable=False)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="sheets")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sheets")
    asked = models.ForeignKey(Asked, null=True, on_delete=models.PROTECT, related_name="sheets")
    name = models.CharField(max_length=80, blank=True)
    key_hash = models.CharField(max_length=64, blank=True)
    table = models.CharField(max_length=8, blank=True)
    system = models.CharField(max_length=24, blank=True)
    is_handed_in = models.BooleanField(default=False)
    is_from_paper = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "round": SYSTEM, "asked": CONVENERS, "name": TEAM, "key_hash": SYSTEM,
        "table": TEAM, "system": TEAM, "is_handed_in": CONVENERS, "is_from_paper": CONVENERS, "begun_at": CONVENERS,
    }  # fmt: skip

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("round", "asked"), condition=models.Q(asked__isnull=False), name="one_sheet_a_person"
            ),
            models.UniqueConstraint(
                fields=("round", "key_hash"), condition=~models.Q(key_hash=""), name="one_sheet_a_device"
            ),
            models.UniqueConstraint(fields=("round", "name"), condition=~models.Q(name=""), name="one_sheet_a_group"),
        )

    def __str__(self) -> str:
        return f"sheet of round {self.round_id}"


class Answer(models.Model):
    """One answer to one question. `value` as its kind wants it, None when it was taken back.

    `counter` counts the edits of a sheet, over all devices: the higher one counts; `device` breaks a tie.
    """

    id = models.BigIntegerField(primary_key=True, default=drawn, editable=False)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="answers")
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    counter = models.PositiveBigIntegerField()
    device = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "sheet": SYSTEM, "question": SYSTEM, "value": NAMED, "counter": SYSTEM,
        "device": SYSTEM,
    }  # fmt: skip

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sheet", "question"), name="one_answer_a_question"),)

    def __str__(self) -> str:
        return f"{self.question} on sheet {self.sheet_id}"


class Promise(models.Model):
    """What somebody said they would do when the group looked at the result: one person, one thing, perhaps a date."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="promises")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="promises")
    who = models.CharField(max_length=160)
    what = models.CharField(max_length=400)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "round": SYSTEM, "who": TEAM, "what": TEAM, "due_on": TEAM, "done_on": TEAM,
        "made_at": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return f"{self.who}: {self.what}"


class RoundDecision(models.Model):
    """Which decision of the partnership came out of which round."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="round_decisions")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="rounds")

    privacy: ClassVar[dict[str, Privacy]] = {"id": SYSTEM, "space": SYSTEM, "round": SYSTEM, "decision": SYSTEM}

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"decision {self.decision_id} of round {self.round_id}"


from sharedtable.worksheets import text_models as text_models  # noqa: E402 - so that Django finds them
