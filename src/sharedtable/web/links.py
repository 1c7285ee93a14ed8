"""Where personal links lead, and how what was done through one is undone.

`PAGES`: purpose of a link → name of the route that it opens; that route takes `link` (the number) and its rule names
the purpose. `SAYS`: purpose → what such a link opens, in a sentence for the page "what each role can see". `UNDO`: key
of an act → the action that takes it back, called with `object_id` and `by`. `WORDS`: key of an act → what was done, in
the words of the person who did it ("You said yes to the invitation.").
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import undo_stop

PAGES: dict[str, str] = {"undo": "undo", "stop_mail": "stop-mail"}
SAYS: dict[str, str | Promise] = {
    "undo": _("takes back one thing that was done through another link, for seven days"),
    "stop_mail": _("stops letters to one address, and lets them come again"),
}
UNDO: dict[str, Callable[[int, Actor], None]] = {"mail.stop": undo_stop}
WORDS: dict[str, str | Promise] = {"mail.stop": _("You stopped our letters.")}
