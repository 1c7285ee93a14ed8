"""What a meeting left behind: its closing, priorities with champions, the shelf, the cards they trace to, tasks.

Rows that one closing wrote carry it (`closing`). A closing that was taken back keeps its rows, out of sight.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Organisation, Person
from sharedtable.privacy import Privacy
from sharedtable.wall.dating import moment_of

SYSTEM, TEAM, INNER, CONVENERS = Privacy.SYSTEM, Privacy.TEAM, Privacy.INNER, Privacy.CONVENERS


class Closing(models.Model):
    """A meeting was closed: when and by whom, the next date that the room chose, how many were there.

    `next_local` is what the clock in the room will show, `next_zone` the name of its zone. `sequence` counts changes of
    the date, for calendars. `companies`: the names of those whose people sat at the inner table. `clock`: what it
    changed among the dates of the partnership, to take it back. `next_meeting`: the one planned for the next date.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="closings")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="closings")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="closings")
    next_local = models.CharField(max_length=16, blank=True)
    next_zone = models.CharField(max_length=60, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    companies = models.JSONField(default=list)
    inner_count = models.PositiveIntegerField(default=0)
    outer_count = models.PositiveIntegerField(default=0)
    clock = models.JSONField(default=dict, blank=True)
    next_meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="planned_after"
    )
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "meeting": SYSTEM, "next_local": TEAM, "next_zone": TEAM,
        "sequence": SYSTEM, "companies": TEAM, "inner_count": TEAM, "outer_count": TEAM, "clock": SYSTEM,
        "next_meeting": SYSTEM, "made_at": TEAM, "made_by": CONVENERS, "withdrawn_at": TEAM, "withdrawn_by": CONVENERS,
        "reason": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting",), condition=models.Q(withdrawn_at=None), name="one_closing_a_meeting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting}, closed"

    @property
    def planned(self) -> Meeting | None:
        """The meeting planned for the next date; not one from an earlier closing, for which the room chose another."""
        at = self.next_meeting
        if at is None or at.made_at > self.made_at:
            return at
        return at if at.starts_at == moment_of(self.next_local, self.next_zone) else None


class Priority(models.Model):
    """An area that business leaders put their names to. `champions_count` is at least one while it lasts: no champion,
    no priority. It ends (`ended_at`) when its last champion steps back, and goes to the shelf.

    `area_number`: the area on the wall of the meeting. `said`: what the room said about it.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="priorities")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="priorities")
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="priorities")
    area_number = models.PositiveBigIntegerField()
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    said = models.TextField(blank=True)
    champions_count = models.PositiveIntegerField()
    business_cards_count = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "closing": SYSTEM, "area_number": SYSTEM,
        "position": TEAM, "title": TEAM, "said": TEAM, "champions_count": TEAM, "business_cards_count": TEAM,
        "version": SYSTEM, "made_at": TEAM, "made_by": CONVENERS, "ended_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("closing", "position", "id")
        verbose_name_plural = "priorities"
        constraints = (
            models.UniqueConstraint(fields=("closing", "area_number"), name="one_priority_an_area"),
            models.CheckConstraint(
                condition=models.Q(champions_count__gte=1) | models.Q(ended_at__isnull=False),
                name="no_priority_without_a_champion",
            ),
            models.CheckConstraint(
                condition=models.Q(business_cards_count__gte=1), name="no_priority_without_words_of_a_business"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Champion(models.Model):
    """A business leader's name on a priority: of the record, or a walk-in by name and company.

    `signed_at`: when they put it there. `participant`: their place in the meeting; none when added afterwards.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="champions")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="champions")
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.PROTECT, related_name="championed"
    )
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="championed")
    seat = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="championed")
    name = models.CharField(max_length=160)
    company = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "priority": SYSTEM, "participant": SYSTEM, "person": TEAM, "seat": SYSTEM,
        "name": TEAM, "company": TEAM, "signed_at": TEAM, "ended_at": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("priority", "signed_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("priority", "participant"),
                condition=models.Q(ended_at=None, participant__isnull=False),
                name="one_name_a_place_on_a_priority",
            ),
            models.UniqueConstraint(
                fields=("priority", "person"),
                condition=models.Q(ended_at=None, person__isnull=False),
                name="one_name_a_person_on_a_priority",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.company})" if self.company else self.name


class Shelved(models.Model):
    """An area that is not a priority now. It rests and is shown again at the end of the yearly refresh.

    `ended_at`: it was taken up, put on the shelf anew, or let go (`ended_as`); `corrections` say why it was let go.
    """

    class Reason(models.TextChoices):
        NO_NAME = "no_name", _("Nobody put their name to it yet")
        NO_WORDS = "no_words", _("No card of a business member stands under it yet")
        STEPPED_BACK = "stepped_back", _("Its last champion stepped back")

    class End(models.TextChoices):
        TAKEN_UP = "taken_up", _("Became a priority")
        AGAIN = "again", _("Rests anew after a later meeting")
        LET_GO = "let_go", _("Let go")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="shelved")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="shelved")
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="shelved")
    area_number = models.PositiveBigIntegerField()
    title = models.CharField(max_length=80)
    said = models.TextField(blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    rests_until = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=8, choices=End.choices, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "closing": SYSTEM, "area_number": SYSTEM, "title": TEAM,
        "said": TEAM, "reason": TEAM, "rests_until": TEAM, "made_at": TEAM, "made_by": CONVENERS, "ended_at": TEAM,
        "ended_as": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "area_number", "id")
        verbose_name_plural = "shelved areas"

    def __str__(self) -> str:
        return self.title


class Card(models.Model):
    """A public card of the meeting, in its author's words, as it stood when the meeting was closed.

    `area`: the title of the area in which it lay; `answers`: the opportunity that it builds on. `table`: at which table
    its author sat; 'unknown' when somebody wrote it down for a name that is not on the list. `is_parked`: for somebody
    else than this group (E14).
    """

    class Table(models.TextChoices):
        INNER = "inner", _("Inner table")
        OUTER = "outer", _("Outer table")
        UNKNOWN = "unknown", _("Not on the list")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="cards")
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="cards")
    priority = models.ForeignKey(Priority, null=True, blank=True, on_delete=models.PROTECT, related_name="cards")
    shelved = models.ForeignKey(Shelved, null=True, blank=True, on_delete=models.PROTECT, related_name="cards")
    number = models.PositiveBigIntegerField()
    round = models.CharField(max_length=20)
    text = models.TextField()
    area = models.CharField(max_length=80, blank=True)
    answers = models.CharField(max_length=80, blank=True)
    is_parked = models.BooleanField(default=False)
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.PROTECT, related_name="frozen_cards"
    )
    table = models.CharField(max_length=8, choices=Table.choices)
    said_by = models.CharField(max_length=160, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "closing": SYSTEM, "priority": SYSTEM, "shelved": SYSTEM, "number": TEAM,
        "round": TEAM, "text": TEAM, "area": TEAM, "answers": TEAM, "is_parked": TEAM, "participant": INNER,
        "table": TEAM, "said_by": INNER,
    }  # fmt: skip

    class Meta:
        ordering = ("closing", "number")
        constraints = (models.UniqueConstraint(fields=("closing", "number"), name="one_frozen_card_a_number"),)

    def __str__(self) -> str:
        return f"card {self.number}"


class Task(models.Model):
    """Something to do after a meeting: what, who, by when. `invitation`: somebody was named who is missing (E17).

    For an invitation `name` and `company` are as they were named; `person` is the entry of the record once found.
    `letter_id`: the letter that went out for it.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invite somebody who is missing")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Not now")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="tasks")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="tasks")
    closing = models.ForeignKey(Closing, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=300, blank=True)
    who = models.CharField(max_length=160, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    name = models.CharField(max_length=160, blank=True)
    company = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=80, blank=True)
    suggested_by = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.PROTECT, related_name="suggestions"
    )
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    has_letter = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "closing": SYSTEM, "kind": TEAM, "what": CONVENERS,
        "who": CONVENERS, "due_on": TEAM, "state": TEAM, "name": CONVENERS, "company": CONVENERS, "area": TEAM,
        "suggested_by": CONVENERS, "person": CONVENERS, "organisation": CONVENERS, "has_letter": CONVENERS,
        "version": SYSTEM, "made_at": TEAM, "made_by": CONVENERS, "ended_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.name or self.what


class Correction(models.Model):
    """A priority, or an area on the shelf, was changed afterwards: what, from what to what, when, by whom and why."""

    class What(models.TextChoices):
        TITLE = "title", _("Name")
        SAID = "said", _("What was said")
        CHAMPION_ADDED = "champion_on", _("Champion added")
        CHAMPION_GONE = "champion_off", _("Champion stepped back")
        LET_GO = "let_go", _("Let go")
        PUT_BACK = "put_back", _("Back on the shelf")
        TAKEN_UP = "taken_up", _("Taken up from the shelf")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="corrections")
    priority = models.ForeignKey(Priority, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    shelved = models.ForeignKey(Shelved, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    what = models.CharField(max_length=12, choices=What.choices)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "priority": SYSTEM, "shelved": SYSTEM, "what": TEAM, "before": TEAM,
        "after": TEAM, "reason": TEAM, "made_at": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(priority__isnull=False) | models.Q(shelved__isnull=False),
                name="a_correction_is_of_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.priority or self.shelved}: {self.what}"
