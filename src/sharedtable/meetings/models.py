"""A meeting of a partnership, and everybody who sits in it: with a phone, at the projector, or written down by hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.method.runs import run
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Person
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS


class Meeting(models.Model):
    """One meeting: which run of the method it follows, when, where, and how people get in.

    `minutes`: what the team changed in the run of show ({segment: minutes}). `order`: the segments that it holds, in
    their order; empty: those of the run. `ready`: the things of the materials list that are there. `facilitator` (a
    person of the record, or only a name) runs the room and writes no card of their own. `code` opens the lobby from
    `opens_at` to `closes_at`; `has_lobby`: somebody lets people in. `seats`: the most that may be in at once.
    `follows`: the meeting that this one came out of, such as the launch before the partners' debrief. `uid`: what names
    it in calendars that had its date before it was planned; empty: its number.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="meetings")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="meetings")
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    run = models.CharField(max_length=20, default="launch")
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.JSONField(default=dict, blank=True)
    order = models.JSONField(default=list, blank=True)
    ready = models.JSONField(default=list, blank=True)
    facilitator = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="facilitates")
    facilitator_name = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=7, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    has_lobby = models.BooleanField(default=True)
    shows_list = models.BooleanField(default=True)
    seats = models.PositiveIntegerField(default=500)
    is_practice = models.BooleanField(default=False)
    uid = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    frozen_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "partnership": SYSTEM, "follows": SYSTEM, "run": TEAM, "title": TEAM,
        "place": TEAM, "starts_at": TEAM, "minutes": TEAM, "order": TEAM, "ready": TEAM, "facilitator": TEAM,
        "facilitator_name": TEAM, "code": CONVENERS, "opens_at": CONVENERS, "closes_at": CONVENERS,
        "has_lobby": CONVENERS, "shows_list": CONVENERS, "seats": CONVENERS, "is_practice": TEAM, "uid": SYSTEM,
        "version": SYSTEM, "made_at": TEAM, "made_by": CONVENERS, "frozen_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("-starts_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("code",), condition=~models.Q(code=""), name="one_meeting_a_code"),
        )

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """One place in a meeting. Only the SHA-256 of the token in the cookie is kept; who was written down has none.

    `title`: what they do there, as the record or they themselves say it. `is_listed`: they agreed that their name
    stands on the list of attendance that others get; nobody is on it without being asked.
    `table` decides what the place may do: the inner table speaks, the outer one listens. `user_id`: the account of
    whoever runs the meeting, so that a revoked right ends here too. `came_from`: the place in the meeting before.
    """

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("Takes part")
        PARTNER = "partner", _("Listens")
        FACILITATOR = "facilitator", _("Runs the meeting")
        SCRIBE = "scribe", _("Writes for others")
        PROJECTOR = "projector", _("Screen for the room")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="participants")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="participants")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="participants")
    came_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="went_on_as")
    user_id = models.BigIntegerField(default=0)
    role = models.CharField(max_length=12, choices=Role.choices)
    table = models.CharField(max_length=8, choices=Seat.Table.choices)
    name = models.CharField(max_length=80)
    company = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    is_listed = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, and many have none
    is_walk_in = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "meeting": SYSTEM, "person": TEAM, "seat": SYSTEM, "came_from": SYSTEM,
        "user_id": SYSTEM, "role": TEAM, "table": TEAM, "name": TEAM, "company": TEAM, "title": TEAM,
        "is_listed": TEAM, "token_hash": SYSTEM, "is_walk_in": CONVENERS, "asked_at": CONVENERS, "admitted_at": TEAM,
        "removed_at": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=("meeting", "removed_at"), name="participants_of_a_meeting"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.company})" if self.company else self.name

    # For the archive of a team: which table a bare number names.
    refers: ClassVar[dict[str, str]] = {"user_id": "accounts.User"}

    @property
    def speaks(self) -> bool:
        """Whether this place may put anything on the wall: at a launch, a business member at the inner table."""
        return self.role in (self.Role.PARTICIPANT, self.Role.PARTNER) and self.table in run(self.meeting.run).speaks

    @property
    def is_admitted(self) -> bool:
        """Whether the meeting lets this table in at all; whoever runs it is always let in."""
        is_guest = self.role in (self.Role.PARTICIPANT, self.Role.PARTNER)
        return not is_guest or self.table in run(self.meeting.run).admits


class Photo(models.Model):
    """A photo of the paper wall, drawn anew from what was sent: a JPEG without place and device."""

    # The file itself is no column of an archive: it travels as a file beside the tables.
    archive_file: ClassVar[tuple[str, str]] = ("content", "jpg")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="photos")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="photos")
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    shows = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "meeting": SYSTEM, "content": TEAM, "width": SYSTEM, "height": SYSTEM,
        "shows": TEAM, "made_at": TEAM, "made_by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"photo {self.pk}"
