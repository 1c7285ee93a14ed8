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
from sharedtable.partnerships import agreeing, seat_acts
from sharedtable.people.actions import own_data, telling
from sharedtable.worksheets import answering

PAGES: dict[str, str] = {
    "undo": "undo",
    "stop_mail": "stop-mail",
    "held": "held",
    "ties": "my-ties",
    "seat": "seat-link",
    "agreement": "agreement-link",
    "worksheet": "my-worksheet",
    "meeting": "link-meeting",
    telling.PURPOSE: "my-connections",
}
SAYS: dict[str, str | Promise] = {
    "undo": _("takes back one thing that was done through another link, for seven days"),
    "stop_mail": _("stops letters to one address, and lets them come again"),
    "held": _("everything that is held about the person it was sent to, to correct, hide, copy or have erased"),
    "ties": _("names and companies of people, to tick whom one knows; one's own ticks and notes alone"),
    "seat": _("shows one person their own seat: say yes or no, name a stand-in, step back"),
    "agreement": _("shows one organization the agreement on who does what, to confirm it"),
    "worksheet": _("shows one person a question list, to answer it"),
    "meeting": _("lets one invited person into a meeting, at their table"),
    telling.PURPOSE: _(
        "companies of one partnership's scope with people there, to say whom they know; they see only their own ties"
    ),
}
UNDO: dict[str, Callable[[int, Actor], None]] = {
    "mail.stop": undo_stop,
    "person.own_contact": own_data.undo_values,
    "person.own_shown": own_data.undo_values,
    "person.own_words": own_data.undo_values,
    "person.own_mail_stop": own_data.undo_mail,
    "person.own_mail_allow": own_data.undo_mail,
    "person.own_ask": own_data.undo_ask,
    "ties.tick": own_data.undo_ticks,
    "connections.tell": telling.undo,
    **dict.fromkeys(seat_acts.ACTS, seat_acts.undo),
    "agreement.confirm": agreeing.undo,
    answering.HAND_IN: answering.withdraw,
}
WORDS: dict[str, str | Promise] = {
    "mail.stop": _("You stopped our letters."),
    "person.own_contact": _("You changed how to reach you."),
    "person.own_shown": _("You chose who can see how to reach you."),
    "person.own_words": _("You changed what you say about yourself."),
    "person.own_mail_stop": _("You stopped mail to you."),
    "person.own_mail_allow": _("You allowed mail to you again."),
    "person.own_ask": _("You asked something about your data."),
    "ties.tick": _("You told us whom you know."),
    "connections.tell": _("You told us which companies you know, or who may see it."),
    "seat.accept": _("You said yes to your seat."),
    "seat.decline": _("You said no to your seat."),
    "seat.contribute": _("You said what you bring."),
    "seat.delegate": _("You named a stand-in."),
    "seat.active": _("You said that you take part again."),
    "seat.informed": _("You said that you only want to be kept informed."),
    "seat.left": _("You left."),
    "agreement.confirm": _("You confirmed the agreement."),
    answering.HAND_IN: _("You handed in your answers."),
}
