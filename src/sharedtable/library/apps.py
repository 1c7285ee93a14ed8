"""The Django app of the library."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "sharedtable.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what of this room goes when a person is erased."""
        from sharedtable.library.erasing import erase
        from sharedtable.people.actions import erasing

        if erase not in erasing.TOO:
            erasing.TOO.append(erase)
