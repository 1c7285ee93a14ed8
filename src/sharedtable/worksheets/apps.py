"""The Django app of worksheets."""

from __future__ import annotations

from django.apps import AppConfig


class WorksheetsConfig(AppConfig):
    name = "sharedtable.worksheets"
    label = "worksheets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how this room's rows move when two are joined, what goes with a person, and who answers on a scope."""
        from sharedtable.people.actions import erasing
        from sharedtable.worksheets import scope_evidence  # noqa: F401 - it registers its keys
        from sharedtable.worksheets.erasing import erase
        from sharedtable.worksheets.merging import register_all

        register_all()
        if erase not in erasing.TOO:
            erasing.TOO.append(erase)
