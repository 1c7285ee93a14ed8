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
from sharedtable.people.actions import own_data

PAGES: dict[str, str] = {"held": "held", "ties": "my-ties"}
SAYS: dict[str, str | Promise] = {
    "held": _("everything that is held about the person it was sent to, to correct, hide, copy or have erased"),
    "ties": _("names and companies of people, to tick whom one knows; one's own ticks and notes alone"),
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
WORDS: dict[str, str | Promise] = {
    "person.own_contact": _("You changed how to reach you."),
    "person.own_shown": _("You chose who can see how to reach you."),
    "person.own_words": _("You changed what you say about yourself."),
    "person.own_mail_stop": _("You stopped mail to you."),
    "person.own_mail_allow": _("You allowed mail to you again."),
    "person.own_ask": _("You asked something about your data."),
    "ties.tick": _("You told us whom you know."),
}
