"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule

RULES: dict[str, Rule] = {}
