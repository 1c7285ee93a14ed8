"""The Django app of wall."""

from __future__ import annotations

from django.apps import AppConfig


class WallConfig(AppConfig):
    name = "sharedtable.wall"
    label = "wall"
    default_auto_field = "django.db.models.BigAutoField"
