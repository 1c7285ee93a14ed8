"""The Django app of people: the record of people and organisations."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sharedtable.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
