"""How often something may be tried: buckets that fill up again with time, right in every process and on both databases.

One statement takes a token, or finds that there is none; two that come at once cannot both take the last. Guesses use
this and nothing that only reads does. Keys are hashes with the day in them, so that no address is kept.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils.crypto import salted_hmac

from sharedtable.accounts.models import Bucket

DAY = 24 * 3600


@dataclass(frozen=True)
class Limit:
    """At most `most` at once, and that many again in `seconds`."""

    name: str
    most: int
    seconds: int
    is_daily: bool = True


WRONG_CODE_OF_ADDRESS = Limit("wrong code, address", 60, 15 * 60)  # a whole office may sit behind one address
WRONG_CODE_OF_ACCOUNT = Limit("wrong code, account", 10, 60 * 60)
CODES_FOR_ACCOUNT = Limit("codes, account", 5, 30 * 60)
CODES_FOR_ADDRESS = Limit("codes, address", 60, 60 * 60)
WRONG_SECOND_FACTOR = Limit("wrong second factor, account", 5, 15 * 60)
WRONG_SETUP = Limit("wrong set-up code", 20, 15 * 60)
WRONG_LINK = Limit("wrong one-time link, address", 60, 15 * 60)

_TAKE = """
INSERT INTO accounts_bucket (key, tokens, updated) VALUES (%(key)s, %(first)s, %(now)s)
ON CONFLICT (key) DO UPDATE SET tokens = {refilled} - 1, updated = %(now)s WHERE {refilled} >= 1
RETURNING tokens
"""
_GROWN = "accounts_bucket.tokens + (%(now)s - accounts_bucket.updated) * %(rate)s"
_REFILLED = (
    f"(CASE WHEN %(now)s <= accounts_bucket.updated THEN accounts_bucket.tokens "
    f"WHEN {_GROWN} > %(most)s THEN %(most)s ELSE {_GROWN} END)"
)


def take(limit: Limit, subject: object) -> bool:
    """Take one token of a subject; False when there was none left. Not to be called in a transaction that may fail."""
    now = time.time()
    given: dict[str, str | float] = {
        "key": _key(limit, subject),
        "first": float(limit.most - 1),
        "most": float(limit.most),
        "rate": limit.most / limit.seconds,
        "now": now,
    }
    if secrets.randbelow(200) == 0:
        Bucket.objects.filter(updated__lt=now - DAY).delete()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(refilled=_REFILLED), given)
        return cursor.fetchone() is not None


def give_back(limit: Limit, subject: object) -> None:
    """Return the token that a right try took."""
    Bucket.objects.filter(key=_key(limit, subject)).update(tokens=Least(F("tokens") + 1, Value(float(limit.most))))


def is_empty(limit: Limit, subject: object) -> bool:
    """Whether the next `take` would find nothing. Takes nothing."""
    bucket = Bucket.objects.filter(key=_key(limit, subject)).first()
    if bucket is None:
        return False
    return bucket.tokens + max(0.0, time.time() - bucket.updated) * limit.most / limit.seconds < 1


def once(name: str, subject: object, seconds: int) -> bool:
    """True the first time within so many seconds, for a code that may be used once."""
    return take(Limit(name, 1, seconds, is_daily=False), subject)


def _key(limit: Limit, subject: object) -> str:
    """A hash that nobody can turn back, with a salt of the day."""
    salt = f"limit {limit.name} {int(time.time() // DAY) if limit.is_daily else 'once'}"
    return salted_hmac(salt, str(subject), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
