"""How large a list may be, and what reading it may use (security.md, T14)."""

from __future__ import annotations

from datetime import timedelta

MOST_BYTES = 10_000_000
MOST_MEMBERS = 200
MOST_INFLATED = 50_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELL = 4_000
MEMORY_BYTES = 512 << 20
CPU_SECONDS = 10
WALL_SECONDS = 30
KEPT_FOR = timedelta(days=7)  # the upload and the rows; the report stays
