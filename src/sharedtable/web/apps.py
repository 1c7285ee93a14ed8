"""The Django app of the pages: templates, static files, policy."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sharedtable.web"
    label = "web"

    def ready(self) -> None:
        from sharedtable.web import checks  # noqa: F401 - importing it registers the start-up check of the policy
        from sharedtable.web.outreach_tools.blocks import hand_offs
        from sharedtable.web.partnerships.blocks import contacts
        from sharedtable.web.people.blocks import ORGANISATION

        for block in (contacts, hand_offs):
            if block not in ORGANISATION:
                ORGANISATION.append(block)
