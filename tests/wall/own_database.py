"""A database for a server of its own, beside that of the tests: they change under each other's feet otherwise."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def own_database() -> Iterator[str]:
    """The address of a fresh database on the PostgreSQL of this run; nothing for SQLite, which lies in the folder."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"wall_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(address, autocommit=True) as line:
            line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
