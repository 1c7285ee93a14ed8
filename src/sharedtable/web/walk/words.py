"""The texts that the scripts of a data walk say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sharedtable.web.wall.words import console_words


def walk_words() -> dict[str, str]:
    """For all three screens."""
    shared = ("off", "over", "quiet", "gone", "start", "plus", "end", "minutes", "quiet_start", "admit", "admit_all",
              "lobby_empty", "show_out", "to_inner", "to_outer", "inner", "outer", "failed", "written")  # fmt: skip
    known = console_words()
    return {
        **{name: known[name] for name in shared},
        "waiting": _("Not sent yet – kept on this phone"),
        "sent": _("Sent. You can change it until it is revealed."),
        "kept": _("Not sent: %s"),
        "real": _("Feels real"),
        "doubtful": _("I doubt it"),
        "missing": _("Misses something"),
        "heard": _("In the talk"),
        "more": _("and %s more"),
        "marked": _("%s marked it"),
        "marked_one": _("1 marked it"),
        "marked_of": _("%s marked it"),
        "nobody": _("Nobody marked it."),
        "first": _("first: %s"),
        "second": _("next: %s"),
        "show": _("Show it"),
        "shown": _("on the screen"),
        "open": _("revealed"),
        "reveal": _("Reveal the marks"),
        "next": _("Show the next one"),
        "choice": _("The choice"),
        "said_by": _("said by %s"),
        "somebody": _("Nobody in particular"),
        "mark_for": _("Marked for %s."),
    }
