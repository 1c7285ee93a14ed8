"""Shared Table: software for industry-led sector partnerships."""

__version__ = "0.1.0"
