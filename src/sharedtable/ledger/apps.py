"""The Django app of ledger: what happened, and what must still be sent."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "sharedtable.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
