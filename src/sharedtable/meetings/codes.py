"""Join codes: short enough to type, too many to guess, good for one meeting while its doors are open."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 and O, no 1, I and L
LENGTH = 7


def new_code() -> str:
    """Seven letters by chance: one of 31^7, 27 thousand million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as it was typed, in its one form; empty when it cannot be one.

    >>> read_code(" k7m-2pq x ")
    'K7M2PQX'
    >>> read_code("hello")
    ''
    """
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""


def spaced(code: str) -> str:
    """The code as it stands on a screen.

    >>> spaced("K7M2PQX")
    'K7M 2PQX'
    """
    return f"{code[:3]} {code[3:]}"
