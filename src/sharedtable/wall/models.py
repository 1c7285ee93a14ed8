"""A board, its append-only log (`Event`), and the tables that follow from the log and can be made anew from it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sharedtable.accounts.models import Space
from sharedtable.meetings.models import Meeting
from sharedtable.privacy import Privacy

SYSTEM, TEAM, INNER, CONVENERS, NAMED = (
    Privacy.SYSTEM, Privacy.TEAM, Privacy.INNER, Privacy.CONVENERS, Privacy.NAMED,
)  # fmt: skip


class Board(models.Model):
    """One wall of a meeting. `last_number` is what writers lock: it gives each event its number, without gaps."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="boards")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="boards")
    kind = models.CharField(max_length=20, default="main")
    last_number = models.PositiveBigIntegerField(default=0)
    stage = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "meeting": SYSTEM, "kind": SYSTEM, "last_number": SYSTEM, "stage": TEAM,
        "made_at": SYSTEM,
    }  # fmt: skip

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "kind"), name="one_board_a_kind"),)

    def __str__(self) -> str:
        return f"{self.meeting}: {self.kind}"


class Event(models.Model):
    """One thing that happened on a board. Never changed, never taken away: an undo is an event too (`undoes`).

    `key` comes from the device, once a press: the same key again is the same event. `by_id` is a participant.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="events")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveBigIntegerField()
    key = models.CharField(max_length=40)
    by_id = models.BigIntegerField()
    kind = models.CharField(max_length=24)
    scope = models.CharField(max_length=12)
    payload = models.JSONField(default=dict)
    undoes = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "board": SYSTEM, "number": SYSTEM, "key": SYSTEM, "by_id": INNER, "kind": TEAM,
        "scope": SYSTEM, "payload": NAMED, "undoes": SYSTEM, "at": TEAM,
    }  # fmt: skip

    refers: ClassVar[dict[str, str]] = {"by_id": "meetings.Participant"}

    class Meta:
        ordering = ("board", "number")
        constraints = (
            models.UniqueConstraint(fields=("board", "number"), name="one_event_a_number"),
            models.UniqueConstraint(fields=("board", "key"), name="one_event_a_key"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Note(models.Model):
    """A card. Its `number` is that of the event that brought it. `version` is that of the last event that changed it.

    `is_private`: for its author alone. `about`: the area of an earlier round that it answers. `parked`: 'ours' or
    'someone_else' (E14). `typed_for`: whose words these are, when somebody else wrote them down.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="notes")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveBigIntegerField()
    version = models.PositiveBigIntegerField()
    round = models.CharField(max_length=20)
    text = models.TextField()
    author = models.BigIntegerField()
    typed_for = models.CharField(max_length=160, blank=True)
    cluster = models.PositiveBigIntegerField(default=0)
    about = models.PositiveBigIntegerField(default=0)
    tags = models.JSONField(default=list)
    parked = models.CharField(max_length=12, blank=True)
    is_private = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "board": SYSTEM, "number": SYSTEM, "version": SYSTEM, "round": TEAM,
        "text": NAMED, "author": INNER, "typed_for": INNER, "cluster": TEAM, "about": TEAM, "tags": TEAM,
        "parked": TEAM, "is_private": SYSTEM, "is_hidden": SYSTEM, "is_withdrawn": SYSTEM, "is_late": TEAM,
    }  # fmt: skip

    refers: ClassVar[dict[str, str]] = {"author": "meetings.Participant"}

    class Meta:
        ordering = ("board", "number")
        constraints = (models.UniqueConstraint(fields=("board", "number"), name="one_note_a_number"),)

    def __str__(self) -> str:
        return f"card {self.number}"


class Cluster(models.Model):
    """An area: cards that belong together, with a name. `into`: the area that it was joined to. `notes`: what was said
    about it in the discussion (E15). `is_shelved`: nobody put their name to it (E18)."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="clusters")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="clusters")
    number = models.PositiveBigIntegerField()
    version = models.PositiveBigIntegerField()
    round = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    notes = models.TextField(blank=True)
    into = models.PositiveBigIntegerField(default=0)
    is_removed = models.BooleanField(default=False)
    is_shelved = models.BooleanField(default=False)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "board": SYSTEM, "number": SYSTEM, "version": SYSTEM, "round": TEAM,
        "title": TEAM, "notes": TEAM, "into": SYSTEM, "is_removed": SYSTEM, "is_shelved": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("board", "number")
        constraints = (models.UniqueConstraint(fields=("board", "number"), name="one_area_a_number"),)

    def __str__(self) -> str:
        return self.title


class SignUp(models.Model):
    """A business leader's name on an area: from here on a champion."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="sign_ups")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="sign_ups")
    cluster = models.PositiveBigIntegerField()
    participant = models.BigIntegerField()
    number = models.PositiveBigIntegerField()
    name = models.CharField(max_length=80)
    company = models.CharField(max_length=120, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "board": SYSTEM, "cluster": TEAM, "participant": SYSTEM, "number": SYSTEM,
        "name": TEAM, "company": TEAM,
    }  # fmt: skip

    refers: ClassVar[dict[str, str]] = {"participant": "meetings.Participant"}

    class Meta:
        ordering = ("board", "number")
        constraints = (
            models.UniqueConstraint(fields=("board", "cluster", "participant"), name="one_name_an_area_a_person"),
        )

    def __str__(self) -> str:
        return self.name


class Peer(models.Model):
    """Somebody who should be at the table and is not: an invitation to send, with who suggested it (E17)."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="peers")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="peers")
    number = models.PositiveBigIntegerField()
    name = models.CharField(max_length=80)
    company = models.CharField(max_length=120, blank=True)
    cluster = models.PositiveBigIntegerField(default=0)
    suggested_by = models.BigIntegerField()
    is_withdrawn = models.BooleanField(default=False)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "board": SYSTEM, "number": SYSTEM, "name": CONVENERS, "company": CONVENERS,
        "cluster": TEAM, "suggested_by": CONVENERS, "is_withdrawn": SYSTEM,
    }  # fmt: skip

    refers: ClassVar[dict[str, str]] = {"suggested_by": "meetings.Participant"}

    class Meta:
        ordering = ("board", "number")
        constraints = (models.UniqueConstraint(fields=("board", "number"), name="one_peer_a_number"),)

    def __str__(self) -> str:
        return self.name


class Dismissal(models.Model):
    """A suggestion that somebody waved away: this card does not belong to that area. It never comes back."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="dismissals")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="dismissals")
    note = models.PositiveBigIntegerField()
    cluster = models.PositiveBigIntegerField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "board": SYSTEM, "note": SYSTEM, "cluster": SYSTEM,
    }  # fmt: skip

    class Meta:
        constraints = (models.UniqueConstraint(fields=("board", "note", "cluster"), name="one_dismissal_a_pair"),)

    def __str__(self) -> str:
        return f"card {self.note} is not for area {self.cluster}"
