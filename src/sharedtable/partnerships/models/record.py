"""Partnerships: steps, scope, seats, hours, decisions, dates. Rows with dates are ended, not deleted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.people.models import Organisation, Person
from sharedtable.privacy import Privacy

SYSTEM, PUBLIC, TEAM, INNER, CONVENERS = (
    Privacy.SYSTEM, Privacy.PUBLIC, Privacy.TEAM, Privacy.INNER, Privacy.CONVENERS,
)  # fmt: skip


class Partnership(models.Model):
    """One industry in one labour-market region, and its people. What it is about stands in its `Scope` versions.

    `shares`: what it chose to show the state (keys such as 'stage', 'priorities'); empty shares nothing.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="partnerships")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    method_version = models.CharField(max_length=20, blank=True)
    shares = models.JSONField(default=list, blank=True)
    # Which points of the steps' checklists are ticked: {key: day}.
    checks = models.JSONField(default=dict, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    launch_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    archived_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "slug": PUBLIC, "name": PUBLIC, "summary": PUBLIC, "method_version": TEAM,
        "shares": CONVENERS, "checks": TEAM, "founded_on": PUBLIC, "launch_on": TEAM, "version": SYSTEM,
        "made_at": TEAM, "made_by": CONVENERS, "archived_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("space", "slug"), name="one_partnership_a_slug"),)

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """Where a partnership stands in one of the six steps. Steps overlap and go back; each change is a row."""

    class State(models.TextChoices):
        AHEAD = "ahead", _("Ahead")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done for now")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="steps")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "number": TEAM, "state": TEAM, "note": TEAM, "at": TEAM,
        "by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"step {self.number}: {self.state}"


class Scope(models.Model):
    """A dated version of the working definition: which counties, which industries, which companies.

    `region_text` and `sector_text` are definitions in the plain text that the facts read; `company_rules` says which
    companies of the record count, as rules with reasons (C26). `is_good_enough`: the team works with this one (C24).
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="scopes")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="scopes")
    version = models.PositiveIntegerField()
    region_text = models.TextField()
    region_name = models.CharField(max_length=120)
    sector_text = models.TextField()
    sector_name = models.CharField(max_length=120)
    company_rules = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    is_good_enough = models.BooleanField(default=False)
    study_id = models.BigIntegerField(default=0)
    # Declared ready to invite from: when, with how many companies, and why although there are too few (C27).
    ready_at = models.DateTimeField(null=True, blank=True)
    ready_companies = models.PositiveIntegerField(default=0)
    ready_reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "version": PUBLIC, "region_text": PUBLIC,
        "region_name": PUBLIC, "sector_text": PUBLIC, "sector_name": PUBLIC, "company_rules": TEAM, "note": TEAM,
        "is_good_enough": TEAM, "study_id": SYSTEM, "ready_at": TEAM, "ready_companies": TEAM, "ready_reason": TEAM,
        "made_at": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("partnership", "version"), name="one_scope_a_version"),)

    def __str__(self) -> str:
        return f"{self.sector_name} in {self.region_name}, version {self.version}"


class Seat(models.Model):
    """One person (or an organisation without a named person yet) at one table of a partnership, in one role.

    The inner table speaks, decides and champions; the outer table listens and answers; the network is kept in the
    loop. `role` is a key of the method's roles ('chair', 'champion', 'convener', 'core_partner' …). `acts_for`: this
    seat is a delegate of that one: it inherits tasks, not the vote (A27).
    """

    class Table(models.TextChoices):
        INNER = "inner", _("Inner table")
        OUTER = "outer", _("Outer table")
        NETWORK = "network", _("Network of supporters")

    class Notice(models.TextChoices):
        ACTIVE = "active", _("Takes part")
        INFORMED = "informed", _("Kept informed")
        LEFT = "left", _("Left")

    class Standing(models.TextChoices):
        ESTABLISHED = "established", _("Established leader")
        EMERGING = "emerging", _("Emerging leader")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="seats")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="seats")
    table = models.CharField(max_length=8, choices=Table.choices)
    role = models.CharField(max_length=30)
    duties = models.JSONField(default=list, blank=True)
    acts_for = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="delegates")
    # What the seat is about: the action area of a lead champion (A11). What its holder brings in (A18).
    area = models.CharField(max_length=120, blank=True)
    contribution = models.CharField(max_length=300, blank=True)
    standing = models.CharField(max_length=12, choices=Standing.choices, blank=True)
    notice = models.CharField(max_length=8, choices=Notice.choices, default=Notice.ACTIVE)
    is_on_point = models.BooleanField(default=False)
    is_accepted = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # How a field was before its holder changed it by link, so that the change can be undone: {act: {field: value}}.
    before = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    started_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "person": TEAM, "organisation": TEAM, "table": TEAM,
        "role": TEAM, "duties": TEAM, "acts_for": TEAM, "area": TEAM, "contribution": TEAM, "standing": CONVENERS,
        "answered_at": CONVENERS, "before": SYSTEM, "version": SYSTEM, "notice": CONVENERS,
        "is_on_point": TEAM,
        "is_accepted": CONVENERS, "started_on": TEAM, "ends_on": TEAM, "ended_on": TEAM, "note": CONVENERS,
        "made_at": SYSTEM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("table", "role", "started_on", "id")
        indexes = (models.Index(fields=("partnership", "ended_on"), name="seats_of_partnership"),)
        constraints = (
            models.UniqueConstraint(
                fields=("partnership", "person", "role", "area"),
                condition=models.Q(ended_on=None, acts_for=None),
                name="one_live_seat_a_role",
            ),
            models.UniqueConstraint(
                fields=("acts_for", "person"), condition=models.Q(ended_on=None), name="one_live_delegate_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(organisation__isnull=False),
                name="somebody_sits_there",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person or self.organisation}: {self.role}"


class Decision(models.Model):
    """What was decided, from which options, why, by whom, who disagreed, what comes next, and when to look again."""

    class Kind(models.TextChoices):
        SECTOR = "sector", _("Which industry first")
        CONVENER = "convener", _("Who convenes")
        OBSTACLE = "obstacle", _("How to get around an obstacle")
        OUTREACH = "outreach", _("Which contacts with companies go through the partnership")
        EXECUTIVE = "executive", _("A decision of the executive committee")
        OTHER = "other", _("Something else")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="decisions")
    partnership = models.ForeignKey(Partnership, null=True, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    # For an obstacle: which of the method's (C25).
    topic = models.CharField(max_length=30, blank=True)
    question = models.CharField(max_length=300)
    # [{"option": text, "reasons": text, "ratings": {question: 1–5}, "leaves_behind": text}], in the order given
    options = models.JSONField(default=list, blank=True)
    chosen = models.CharField(max_length=200, blank=True)
    next_choice = models.CharField(max_length=200, blank=True)
    reasons = models.TextField(blank=True)
    dissent = models.TextField(blank=True)
    decided_by = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    level = models.CharField(max_length=10, default=Privacy.TEAM)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "kind": TEAM, "topic": TEAM, "question": TEAM,
        "options": TEAM, "chosen": TEAM, "next_choice": TEAM, "reasons": TEAM, "dissent": TEAM, "decided_by": TEAM,
        "decided_on": TEAM, "review_on": TEAM, "replaces": SYSTEM, "level": SYSTEM, "made_at": TEAM,
        "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-decided_on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("replaces",), condition=models.Q(replaces__isnull=False), name="one_decision_replaces_another"
            ),
        )

    def __str__(self) -> str:
        return self.question


class Deadline(models.Model):
    """A date that the method or the team set: what is due, by whom, done or not. The clock of a partnership.

    `key`: a row of the method's clock; empty: the team's own. `meeting_on`: the meeting that started it; `planned_on`:
    the day on which the team means to do it, which may be later than due.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="deadlines")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="deadlines")
    key = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    meeting_on = models.DateField(null=True, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    seat = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="deadlines")
    done_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "key": SYSTEM, "title": TEAM, "due_on": TEAM,
        "meeting_on": TEAM, "planned_on": TEAM, "seat": TEAM, "done_on": TEAM, "note": TEAM,
        "made_at": SYSTEM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("partnership", "meeting_on", "key"),
                condition=~models.Q(key=""),
                name="one_deadline_a_meeting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title or self.key}, due {self.due_on}"
