"""Tasks of the small kind: what, who, by when. Action teams and their commitments build on priorities, not on these."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import doors
from sharedtable.partnerships.models import Partnership
from sharedtable.plans.inviting import open_task, save_task
from sharedtable.plans.models import Task


def add_task(*, by: Actor, partnership: Partnership, what: str, who: str, due_on: date | None) -> Task:
    """Something that somebody promised to do."""
    said = " ".join(what.split())[:300]
    if not said:
        raise Refused(_("Say what is to be done."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        made = Task(
            space_id=by.space_id,
            partnership=kept,
            kind=Task.Kind.OTHER,
            what=said,
            who=" ".join(who.split())[:160],
            due_on=due_on,
            made_at=timezone.now(),
            made_by=by.ref,
        )
        made.save(force_insert=True)
        save_task(by, made, "task.begin")
    return made


def end(*, by: Actor, task: Task, state: str) -> Task:
    """A task is done, or will not be done now."""
    if state not in (Task.State.DONE, Task.State.DROPPED):
        raise Missing(_("There is no such choice."))
    with transaction.atomic():
        kept = open_task(by, task)
        kept.state, kept.ended_at = state, timezone.now()
        save_task(by, kept, f"task.{state}", "state", "ended_at")
    return kept
