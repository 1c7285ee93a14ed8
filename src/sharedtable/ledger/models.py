"""The record of every write (`Entry`, chained by hashes), and the outbox (`Letter`).

No foreign keys: the ledger stands below every other room and outlives what it speaks of. It says *that* something
happened to a thing, never what was written in it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sharedtable.privacy import Privacy

INSTALLATION = 0  # the `space_id` of what belongs to no space: set-up, facts, the operator's doings


class Chain(models.Model):
    """The end of one space's chain: the row that writers lock, so that numbers have no gaps."""

    space_id = models.BigIntegerField(unique=True)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space_id": Privacy.SYSTEM,
        "number": Privacy.SYSTEM,
        "hash": Privacy.SYSTEM,
    }

    def __str__(self) -> str:
        return f"space {self.space_id}, {self.number} entries"


class Entry(models.Model):
    """One write: who (`by`: 'user:3', 'link:9', 'operator', 'worker'), which verb, to which thing, when.

    `details` holds keys, codes, counts and names of fields, never texts that people wrote. `hash` covers the entry and
    the hash before it, so that a changed or missing entry shows.
    """

    space_id = models.BigIntegerField()
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space_id": Privacy.SYSTEM,
        "number": Privacy.SYSTEM,
        "at": Privacy.CONVENERS,
        "by": Privacy.CONVENERS,
        "verb": Privacy.CONVENERS,
        "kind": Privacy.CONVENERS,
        "object_id": Privacy.SYSTEM,
        "details": Privacy.CONVENERS,
        "previous": Privacy.SYSTEM,
        "hash": Privacy.SYSTEM,
    }

    class Meta:
        ordering = ("space_id", "number")
        constraints = (models.UniqueConstraint(fields=("space_id", "number"), name="one_entry_a_number"),)
        indexes = (
            models.Index(fields=("space_id", "kind", "object_id"), name="entry_of_a_thing"),
            models.Index(fields=("space_id", "by", "number"), name="entries_of_a_person"),
            models.Index(fields=("space_id", "verb", "number"), name="entries_of_a_verb"),
        )
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.space_id}/{self.number} {self.verb}"


class Letter(models.Model):
    """One mail to one person: held (so that it can be cancelled), then sent once, or failed and listed.

    `key` makes queueing the same letter twice harmless. `body` is the whole letter as plain text; after it left, the
    personal links in it are struck out, and the whole of it when it `is_secret` (a sign-in code). `verb` is the right
    under which it was made: the worker asks again before it sends. `unclear`: the worker stopped between handing the
    letter over and writing that down; a person decides. `stopped`: its maker may no longer send.
    """

    class State(models.TextChoices):
        HELD = "held"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        CANCELLED = "cancelled"
        SUPPRESSED = "suppressed"
        DRAFTED = "drafted"
        UNCLEAR = "unclear"
        STOPPED = "stopped"

    class Way(models.TextChoices):
        SMTP = "smtp"
        FOLDER = "folder"

    space_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    batch = models.CharField(max_length=40, blank=True)
    to_address = models.CharField(max_length=254)
    to_name = models.CharField(max_length=160, blank=True)
    from_name = models.CharField(max_length=160, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=5, default="en")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    is_transactional = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    verb = models.CharField(max_length=40, blank=True)
    partnership_id = models.BigIntegerField(default=0)
    stop_address = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.HELD)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    hold_until = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    person_id = models.BigIntegerField(null=True)
    released_by = models.CharField(max_length=40, blank=True)
    claim = models.CharField(max_length=40, blank=True)
    claimed_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120, blank=True, db_index=True)
    way = models.CharField(max_length=8, choices=Way.choices, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space_id": Privacy.SYSTEM,
        "kind": Privacy.CONVENERS,
        "key": Privacy.SYSTEM,
        "batch": Privacy.SYSTEM,
        "to_address": Privacy.CONVENERS,
        "to_name": Privacy.CONVENERS,
        "from_name": Privacy.CONVENERS,
        "reply_to": Privacy.CONVENERS,
        "language": Privacy.CONVENERS,
        "subject": Privacy.CONVENERS,
        "body": Privacy.NAMED,
        "is_transactional": Privacy.SYSTEM,
        "is_secret": Privacy.SYSTEM,
        "verb": Privacy.SYSTEM,
        "partnership_id": Privacy.SYSTEM,
        "stop_address": Privacy.NAMED,
        "state": Privacy.CONVENERS,
        "made_at": Privacy.CONVENERS,
        "made_by": Privacy.CONVENERS,
        "hold_until": Privacy.CONVENERS,
        "attempts": Privacy.SYSTEM,
        "next_try_at": Privacy.SYSTEM,
        "sent_at": Privacy.CONVENERS,
        "failure": Privacy.CONVENERS,
        "person_id": Privacy.SYSTEM,
        "released_by": Privacy.CONVENERS,
        "claim": Privacy.SYSTEM,
        "claimed_at": Privacy.SYSTEM,
        "message_id": Privacy.SYSTEM,
        "way": Privacy.CONVENERS,
    }

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (models.UniqueConstraint(fields=("space_id", "key"), name="one_letter_a_key"),)
        indexes = (
            models.Index(fields=("state", "hold_until"), name="letters_that_are_due"),
            models.Index(fields=("state", "sent_at"), name="letters_that_left"),
            models.Index(fields=("space_id", "state", "made_at"), name="letters_of_a_space"),
            models.Index(fields=("space_id", "batch"), name="letters_of_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class Suppression(models.Model):
    """An address to which nothing is sent, as a keyed hash, so that an erased person stays left alone.

    `level`: the whole installation, one space, or one partnership (`scope_id`); `cause`: the person said so, their
    mail bounced, or a convener said so.
    """

    class Level(models.TextChoices):
        INSTALLATION = "installation"
        SPACE = "space"
        PARTNERSHIP = "partnership"

    class Cause(models.TextChoices):
        ASKED = "asked"
        BOUNCED = "bounced"
        CONVENER = "convener"

    level = models.CharField(max_length=12, choices=Level.choices)
    space_id = models.BigIntegerField(default=INSTALLATION)
    scope_id = models.BigIntegerField(default=0)
    address_hash = models.CharField(max_length=64, db_index=True)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=40, blank=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "level": Privacy.CONVENERS,
        "space_id": Privacy.SYSTEM,
        "scope_id": Privacy.SYSTEM,
        "address_hash": Privacy.SYSTEM,
        "cause": Privacy.CONVENERS,
        "reason": Privacy.CONVENERS,
        "at": Privacy.CONVENERS,
        "by": Privacy.CONVENERS,
        "lifted_at": Privacy.CONVENERS,
        "lifted_by": Privacy.CONVENERS,
        "lifted_reason": Privacy.CONVENERS,
    }

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.level}: {self.cause}"


class Lease(models.Model):
    """Who works on something that only one process may work on, until when. `beat_at`: when they last said so."""

    name = models.CharField(max_length=20, unique=True)
    holder = models.CharField(max_length=60, blank=True)
    until = models.DateTimeField()
    beat_at = models.DateTimeField()
    day = models.DateField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "name": Privacy.SYSTEM,
        "holder": Privacy.SYSTEM,
        "until": Privacy.SYSTEM,
        "beat_at": Privacy.SYSTEM,
        "day": Privacy.SYSTEM,
    }

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
