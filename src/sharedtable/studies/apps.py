"""The Django app of studies: questions put to the facts for a region, and their frozen answers."""

from __future__ import annotations

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    name = "sharedtable.studies"
    label = "studies"
