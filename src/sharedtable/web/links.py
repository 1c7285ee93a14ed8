"""Where personal links lead, and how what was done through one is undone.

`PAGES`: purpose of a link → name of the route that it opens; that route takes `link` (the number) and its rule names
the purpose. `UNDO`: key of an act → the action that takes it back, called with `object_id` and `by`.
"""

from __future__ import annotations

from collections.abc import Callable

from sharedtable.accounts.actors import Actor
from sharedtable.people.actions import own_data

PAGES: dict[str, str] = {
    "held": "held",
    "ties": "my-ties",
}
UNDO: dict[str, Callable[[int, Actor], None]] = {
    "person.own_contact": own_data.undo_values,
    "person.own_shown": own_data.undo_values,
    "person.own_words": own_data.undo_values,
    "person.own_mail_stop": own_data.undo_mail,
    "person.own_mail_allow": own_data.undo_mail,
    "person.own_ask": own_data.undo_ask,
    "ties.tick": own_data.undo_ticks,
}
