"""The texts that the scripts of the live screens say at the end of a meeting, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def closing_words() -> dict[str, str]:
    """For all screens."""
    return {
        "read_back": _("This is what we agreed on"),
        "our_priorities": _("Our priorities"),
        "rests": _("Resting until the yearly refresh"),
        "unsaid": _("A business member still has to say it in their own words"),
        "no_priorities": _("Nobody has put their name to an area yet."),
        "missing_one": _("1 colleague who is missing will be invited"),
        "missing": _("%s colleagues who are missing will be invited"),
        "next_date": _("We meet again"),
        "which_date": _("When do we meet again?"),
        "suits": _("%s can come"),
        "mine": _("Your name is on it"),
    }


def console_closing_words() -> dict[str, str]:
    """For the console."""
    return {
        **closing_words(),
        "date_show": _("Show these dates"),
        "date_hide": _("Take the dates off"),
        "date_take": _("Take this one"),
        "date_taken": _("This one it is"),
        "date_late": _("Later than %s days from now. The clock will call it late."),
        "reads_on": _("Show the read-back"),
        "reads_off": _("End the read-back"),
        "champions_one": _("1 priority"),
        "champions": _("%s priorities"),
        "shelf_one": _("1 area rests"),
        "shelf": _("%s areas rest"),
        "hidden_one": _("1 card is still hidden. Hidden cards stay out of the record."),
        "hidden_many": _("%s cards are still hidden. Hidden cards stay out of the record."),
        "unsaid_area": _(
            "“%s” has a champion, but no card of a business member. Write one down in their words, or it rests."
        ),
        "left_out": _("Shown out, so their names do not count unless you tick them when you close"),
        "no_date": _("No next date is chosen yet."),
        "put_back": _("Put it on the wall"),
        "put_all": _("Put all on the wall"),
        "from_shelf": _("From the shelf: not taken up last time"),
        "area_of": _("Area %s"),
        "area_next": _("Next area"),
        "area_back": _("Area before"),
        "area_none": _("Talk about the areas one by one"),
        "area_start": _("Begin with the first"),
        "area_left": _("%s left for this area"),
        "area_over": _("Time for the next area"),
    }
