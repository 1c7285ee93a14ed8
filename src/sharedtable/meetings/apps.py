"""The Django app of meetings."""

from __future__ import annotations

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "sharedtable.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how this room's rows move when two entries are joined, and what goes when a person is erased."""
        from sharedtable.meetings.erasing import erase
        from sharedtable.people.actions import erasing
        from sharedtable.people.moving import register

        register("meetings.Participant.person")
        register("meetings.Meeting.facilitator")
        if erase not in erasing.TOO:
            erasing.TOO.append(erase)
