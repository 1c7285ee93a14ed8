"""What a team adds to the shipped texts: its own answers to questions, and which texts its people have read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sharedtable.accounts.models import Space
from sharedtable.privacy import Privacy

SYSTEM, TEAM, CONVENERS = Privacy.SYSTEM, Privacy.TEAM, Privacy.CONVENERS


class OwnAnswer(models.Model):
    """A question that a team answers in its own words: in place of a shipped one (`entry` is its id), or a new one.

    A change is a new row; the one before gets `retired_at`. One language is enough; readers of the other see that one.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="own_answers")
    entry = models.CharField(max_length=40)
    en_question = models.CharField(max_length=200, blank=True)
    en_answer = models.TextField(blank=True)
    es_question = models.CharField(max_length=200, blank=True)
    es_answer = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    retired_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "entry": TEAM, "en_question": TEAM, "en_answer": TEAM, "es_question": TEAM,
        "es_answer": TEAM, "made_at": TEAM, "made_by": CONVENERS, "retired_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "own answers"
        constraints = (
            models.UniqueConstraint(
                fields=("space", "entry"), condition=models.Q(retired_at=None), name="one_live_answer_an_entry"
            ),
        )

    def __str__(self) -> str:
        return self.en_question or self.es_question

    def words(self, language: str) -> tuple[str, str]:
        """Question and answer, in that language if they are there, else in the other."""
        first, second = (self.en_question, self.en_answer), (self.es_question, self.es_answer)
        wanted, other = (second, first) if language == "es" else (first, second)
        return wanted if wanted[1] else other

    def is_in(self, language: str) -> bool:
        """Whether it was written in that language."""
        return bool(self.es_answer if language == "es" else self.en_answer)


class ReadMark(models.Model):
    """Somebody ticked a text of the reading list as read. Nothing waits for it."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="read_marks")
    entry = models.CharField(max_length=40)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "entry": TEAM, "by": TEAM, "at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "read marks"
        constraints = (models.UniqueConstraint(fields=("space", "entry", "by"), name="one_mark_a_reader"),)

    def __str__(self) -> str:
        return f"{self.entry}: {self.by}"
