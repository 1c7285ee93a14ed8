"""The Django app of partnerships: partnerships, their seats, scope and decisions."""

from __future__ import annotations

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "sharedtable.partnerships"
    label = "partnerships"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how this room's rows move when two entries are joined, and what goes when a person is erased."""
        from sharedtable.partnerships.erasing import erase
        from sharedtable.partnerships.merging import register_all
        from sharedtable.people.actions import erasing

        register_all()
        if erase not in erasing.TOO:
            erasing.TOO.append(erase)
