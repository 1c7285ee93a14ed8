"""The Django app of people: the record of people and organisations."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sharedtable.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the plain numbers of lower rooms that mean an entry move when entries are joined."""
        from sharedtable.people.moving import register_number

        register_number("accounts.PersonalLink.person_id", "person")
        register_number("accounts.Grant.agency_id", "organisation")
        register_number("ledger.Letter.person_id", "person")
