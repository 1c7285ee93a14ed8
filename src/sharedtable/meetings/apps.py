"""The Django app of meetings."""

from __future__ import annotations

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "sharedtable.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
