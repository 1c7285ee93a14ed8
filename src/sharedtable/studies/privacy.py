"""How sensitive a field is. Every field of every model says so, and a test refuses one that does not.

A level says who may ever see a value, whatever page or export asks for it.
"""

from __future__ import annotations

from enum import StrEnum


class Privacy(StrEnum):
    """Who may see a field."""

    PUBLIC = "public"  # anybody: public figures, definitions made of public codes
    TEAM = "team"  # everybody in the partnership
    CONVENERS = "conveners"  # those who run it
    NAMED = "named"  # tells who said or did something: never leaves without that person's word
    SYSTEM = "system"  # keys and counters that say nothing by themselves
