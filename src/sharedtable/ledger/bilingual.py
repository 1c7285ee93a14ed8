"""The languages of a reader: one, or English and Spanish both, in one mail, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from sharedtable.ledger.actions import Draft

BOTH = "both"
CHOICES = [*settings.LANGUAGES, (BOTH, gettext_lazy("English and Spanish"))]
_BETWEEN = "\n\n* * *\n\n"


def languages(choice: str) -> tuple[str, ...]:
    """The languages to write in, first things first. Where only one can be used, that is the first.

    >>> languages("es")
    ('es',)
    """
    return tuple(code for code, _name in settings.LANGUAGES) if choice == BOTH else (choice,)


def in_each(choice: str, write: Callable[[], str]) -> list[str]:
    """What `write` gives in each language of the reader."""
    found = []
    for language in languages(choice):
        with override(language):
            found.append(write())
    return found


def written(choice: str, write: Callable[[], Draft]) -> Draft:
    """A letter to a reader: `write` writes it in the language that is active, and is asked once for each of theirs.

    It must make nothing, neither a link nor a row: both halves carry the same link. The other half is announced at
    the top, in its own words, so that nobody who reads only that one stops at the first line.
    """
    drafts: list[Draft] = []
    announced = ""
    for language in languages(choice):
        with override(language):
            drafts.append(write())
            announced = _("English first, then Spanish.")
    first = replace(drafts[0], language=choice)
    if len(drafts) == 1:
        return first
    subjects = dict.fromkeys(one.subject for one in drafts)
    body = _BETWEEN.join(one.body.strip() for one in drafts)
    return replace(first, subject=" / ".join(subjects), body=f"{announced}\n\n{body}\n")
