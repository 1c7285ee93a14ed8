"""What the team of a partnership keeps beside its seats: companies, map, programs, hours, the agreement."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.partnerships.models.record import Partnership
from sharedtable.people.models import Organisation, Person
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS


class CompanyMark(models.Model):
    """What the team says about one company against the scope, over and above the rules: in or out, and why (C26)."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="company_marks")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="company_marks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="company_marks")
    is_in = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "organisation": TEAM, "is_in": TEAM,
        "reason": CONVENERS, "made_at": SYSTEM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        constraints = (models.UniqueConstraint(fields=("partnership", "organisation"), name="one_mark_a_company"),)

    def __str__(self) -> str:
        return f"{self.organisation}: {'in' if self.is_in else 'out'}"


class Program(models.Model):
    """A program that contacts companies (A15), in one of the seeds' three groups, with who answers for its outreach."""

    class Group(models.TextChoices):
        TEAM = "team", _("The support team of the partnership")
        PROGRAMS = "programs", _("Workforce programs")
        OTHERS = "others", _("Other organizations that call on companies")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="programs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programs")
    group = models.CharField(max_length=10, choices=Group.choices)
    name = models.CharField(max_length=200)
    offers = models.TextField(blank=True)
    outreach_owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="programs_owned"
    )
    courts_sector = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    ended_on = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "organisation": TEAM, "group": TEAM, "name": TEAM, "offers": TEAM,
        "outreach_owner": TEAM, "courts_sector": TEAM, "made_at": SYSTEM, "made_by": CONVENERS, "ended_on": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("group", "name", "id")

    def __str__(self) -> str:
        return self.name


class PointOfContact(models.Model):
    """Whom to ask about a company, for a topic, with a cover for when they are away (I05)."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="points_of_contact")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="points_of_contact")
    topic = models.CharField(max_length=80, blank=True)
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads_contact")
    cover = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="covers_contact")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "organisation": TEAM, "topic": TEAM, "lead": TEAM, "cover": TEAM,
        "started_on": TEAM, "ended_on": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("organisation", "topic", "id")
        verbose_name_plural = "points of contact"

    def __str__(self) -> str:
        return f"{self.lead} for {self.organisation}"


class MapEntry(models.Model):
    """One name on the sector–cluster map (C31): who or what, at which of the seven places around the industry."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="map_entries")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="map_entries")
    place = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="map_entries"
    )
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "place": TEAM, "name": TEAM, "organisation": TEAM,
        "note": TEAM, "made_at": SYSTEM, "made_by": CONVENERS, "ended_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("place", "name", "id")
        verbose_name_plural = "map entries"

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """What an organisation promised to bring: working time for convening (D03), or `what`, in the words of whoever
    holds a `seat` for it (B10)."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="pledges")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="pledges")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pledges")
    hours_a_week = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    what = models.CharField(max_length=300, blank=True)
    seat = models.ForeignKey("Seat", null=True, blank=True, on_delete=models.PROTECT, related_name="pledges")
    started_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "organisation": TEAM, "hours_a_week": TEAM,
        "what": TEAM, "seat": SYSTEM,
        "started_on": TEAM, "ends_on": TEAM, "ended_on": TEAM, "made_at": SYSTEM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-hours_a_week", "id")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.what or f'{self.hours_a_week} h a week'}"


class StepHours(models.Model):
    """Staff hours of one step: what was planned and what it took so far (B02)."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="step_hours")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="step_hours")
    number = models.PositiveSmallIntegerField()
    planned_hours = models.PositiveIntegerField(null=True, blank=True)
    actual_hours = models.PositiveIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "number": TEAM, "planned_hours": TEAM,
        "actual_hours": TEAM, "changed_at": SYSTEM, "changed_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("number",)
        verbose_name_plural = "step hours"
        constraints = (models.UniqueConstraint(fields=("partnership", "number"), name="one_row_of_hours_a_step"),)

    def __str__(self) -> str:
        return f"step {self.number}: {self.actual_hours} of {self.planned_hours} h"


class Agreement(models.Model):
    """Who does what, as it stood when it was written down: made from the seats, confirmed by each organisation (B13).

    `lines`: [{"organisation": id, "name": text, "people": [text], "roles": [key], "duties": [key]}].
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="agreements")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveIntegerField()
    lines = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "version": TEAM, "lines": TEAM, "made_at": TEAM,
        "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("partnership", "version"), name="one_agreement_a_version"),)

    def __str__(self) -> str:
        return f"agreement {self.version} of {self.partnership}"


class Confirmation(models.Model):
    """One organisation says yes to an agreement, through one of its people. Taken back: `withdrawn_at`."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="confirmations")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="confirmations")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "agreement": SYSTEM, "organisation": TEAM, "person": TEAM, "at": TEAM,
        "withdrawn_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "organisation"),
                condition=models.Q(withdrawn_at=None),
                name="one_confirmation_an_organisation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} confirms"


class TurningPoint(models.Model):
    """A day on which the group became more of a group, marked by somebody of the team (B03): when, what, and why.

    `key`: the turning point of the method that it is, which the record did not show by itself; empty: one of the team's
    own, called `title`. Taken back: `ended_at`.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="turning_points")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="turning_points")
    key = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=120, blank=True)
    happened_on = models.DateField()
    why = models.TextField()
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "key": TEAM, "title": TEAM, "happened_on": TEAM,
        "why": TEAM, "version": SYSTEM, "made_at": TEAM, "made_by": CONVENERS, "ended_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("happened_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("partnership", "key"),
                condition=models.Q(ended_at=None) & ~models.Q(key=""),
                name="one_mark_a_turning_point",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.key
