"""The Django app of plans."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "sharedtable.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how this room's rows move when two entries are joined, and what goes when a person is erased."""
        from sharedtable.people.actions import erasing
        from sharedtable.people.moving import Alone, register
        from sharedtable.plans.erasing import LIVE, erase

        register("plans.Champion.person", Alone(("priority_id",), LIVE, "ended_at"))
        register("plans.Task.person")
        register("plans.Task.organisation")
        if erase not in erasing.TOO:
            erasing.TOO.append(erase)
