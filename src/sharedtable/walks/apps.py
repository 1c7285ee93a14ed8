"""The Django app of walks."""

from __future__ import annotations

from django.apps import AppConfig


class WalksConfig(AppConfig):
    name = "sharedtable.walks"
    label = "walks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what goes when a person is erased."""
        from sharedtable.people.actions import erasing
        from sharedtable.walks.erasing import erase

        if erase not in erasing.TOO:
            erasing.TOO.append(erase)
