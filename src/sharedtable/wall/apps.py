"""The Django app of wall."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WallConfig(AppConfig):
    name = "sharedtable.wall"
    label = "wall"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sharedtable.people.actions import erasing
        from sharedtable.wall.append_only import after_migration
        from sharedtable.wall.erasing import erase

        if erase not in erasing.TOO:
            erasing.TOO.append(erase)

        # As in accounts: only Django knows when the tables are as they should be.
        post_migrate.connect(after_migration, dispatch_uid="append only")
