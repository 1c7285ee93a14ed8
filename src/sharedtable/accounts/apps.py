"""The Django app of accounts."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "sharedtable.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sharedtable.accounts.tenancy import after_migration

        # The one signal in use: only Django knows when the tables are as they should be.
        post_migrate.connect(after_migration, dispatch_uid="tenancy")
