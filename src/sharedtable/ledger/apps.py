"""The Django app of ledger: what happened, and what must still be sent."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "sharedtable.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sharedtable.ledger.guard import after_migration

        # Only Django knows when the tables are as they should be (see also accounts).
        post_migrate.connect(after_migration, sender=self, dispatch_uid="append only")
