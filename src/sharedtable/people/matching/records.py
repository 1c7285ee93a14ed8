"""The plain records that are compared, and what a comparison says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Firm:
    """A company or another organisation as some list has it. `web`: websites and mail addresses."""

    key: int
    name: str
    street: str = ""
    city: str = ""
    state_code: str = ""
    zip_code: str = ""
    phones: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    number: str = ""  # a number in some register


@dataclass(frozen=True, slots=True)
class Human:
    """A person as some list has them. `firm`: their employer's name; `born` and `number`: where a list has such."""

    key: int
    given: str = ""
    family: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    firm: str = ""
    street: str = ""
    city: str = ""
    state_code: str = ""
    zip_code: str = ""
    born: str = ""
    number: str = ""


class Answer(StrEnum):
    """What a comparison says."""

    SAME = "same"
    PERHAPS = "perhaps"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: a code that pages turn into words, its bits (below zero: against), percent alike."""

    code: str
    bits: float
    pct: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Two records and what speaks for and against their being one. `bits`: all evidence, the prior included."""

    left: int
    right: int
    bits: float
    answer: Answer
    reasons: tuple[Reason, ...] = ()
