"""The Django app of worksheets."""

from __future__ import annotations

from django.apps import AppConfig


class WorksheetsConfig(AppConfig):
    name = "sharedtable.worksheets"
    label = "worksheets"
    default_auto_field = "django.db.models.BigAutoField"
