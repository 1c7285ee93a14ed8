"""What one route allows: a row of the policy table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

SAFE = frozenset({"GET", "HEAD"})
SMALL_BODY = 64 * 1024


@dataclass(frozen=True)
class Rule:
    """Who may use one route, how, and how much they may send.

    `who`:
    - "anyone": also a visitor;
    - "user": whoever is signed in, in whatever space;
    - "operator": the person at this machine (see `local`), or, when the row has a `verb`, whoever may do that;
    - "member": whoever may do `verb` (a row of `accounts.permissions`) in the space of the address;
    - "link": the holder of a personal link for one of `purposes`;
    - "place": whoever has a place in the meeting of the address (see `wall.places`).

    `methods`: GET includes HEAD; both never change anything. `body_bytes`: the longest request body. `is_public`: the
    answer holds nothing of this installation and may be kept by shared caches; all others get
    `Cache-Control: private, no-store`. `is_security`: also open to staff who still have to set up their second step.
    `is_of_space`: about what belongs to no partnership, so a role that is limited to one does not open it.
    """

    who: Literal["anyone", "user", "operator", "member", "link", "place"]
    methods: tuple[str, ...] = ("GET",)
    body_bytes: int = SMALL_BODY
    is_public: bool = False
    verb: str = ""
    purposes: frozenset[str] = frozenset()
    is_security: bool = False
    is_of_space: bool = False

    @property
    def allowed(self) -> frozenset[str]:
        """The methods, with HEAD beside GET."""
        return frozenset(self.methods) | ({"HEAD"} if "GET" in self.methods else frozenset())


def member(verb: str, *methods: str, body_bytes: int = SMALL_BODY) -> Rule:
    """A row for whoever may do that in the space of the address; GET unless methods are named."""
    return Rule("member", methods or ("GET",), body_bytes=body_bytes, verb=verb)


def of_space(verb: str, *methods: str, body_bytes: int = SMALL_BODY) -> Rule:
    """The same for a page about what belongs to no partnership: a role that is limited to one is not enough."""
    return replace(member(verb, *methods, body_bytes=body_bytes), is_of_space=True)


def holder(*purposes: str, methods: tuple[str, ...] = ("GET", "POST")) -> Rule:
    """A row for the holder of a personal link."""
    return Rule("link", methods, purposes=frozenset(purposes))
