"""Bringing lists in, matching and merging."""
