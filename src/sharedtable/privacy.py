"""How sensitive a field is. Every field of every model says so, and a test refuses one that does not.

A level says who may ever see a value, whatever page or export asks for it. The higher, the fewer.
"""

from __future__ import annotations

from enum import StrEnum


class Privacy(StrEnum):
    """Who may see a field."""

    PUBLIC = "public"  # anybody: public figures, definitions made of public codes
    TEAM = "team"  # everybody in the partnership, both tables
    INNER = "inner"  # the inner table and the conveners
    CONVENERS = "conveners"  # those who run it
    NAMED = "named"  # tells who said or did something in confidence: only the people named, never by roll-up or export
    SYSTEM = "system"  # keys and counters that say nothing by themselves
