"""Where personal links lead, and how what was done through one is undone.

`PAGES`: purpose of a link → name of the route that it opens; that route takes `link` (the number) and its rule names
the purpose. `UNDO`: key of an act → the action that takes it back, called with `object_id` and `by`.
"""

from __future__ import annotations

from collections.abc import Callable

from sharedtable.accounts.actors import Actor

PAGES: dict[str, str] = {"meeting": "link-meeting"}
UNDO: dict[str, Callable[[int, Actor], None]] = {}
