"""The texts that the scripts of the live screens say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sharedtable.meetings.attendance import Counts


def _shared() -> dict[str, str]:
    return {
        "off": _("No line to the meeting at the moment. Everything you write is kept here."),
        "over": _("Time is up"),
        "left": _("%s minutes left"),
        "left_one": _("1 minute left"),
        "quiet": _("A quiet moment to think"),
        "cards": _("%s cards"),
        "card": _("1 card"),
        "gone": _("You are not in this meeting any more. Ask at the front."),
        "near": _("Two minutes left"),
        "new_card": _("1 new card"),
        "new_cards": _("%s new cards"),
        "names_open": _("Names may go onto the areas now."),
        "debrief": _("The talk among partners is open"),
    }


def phone_words() -> dict[str, str]:
    """For the phone."""
    return {
        **_shared(),
        "waiting": _("%s cards waiting to send – kept on this phone"),
        "waiting_one": _("1 card waiting to send – kept on this phone"),
        "sent": _("Sent"),
        "edit": _("Edit"),
        "withdraw": pgettext("card", "Take back"),
        "save": _("Save"),
        "sign": _("Put my name here"),
        "unsign": _("Take my name off"),
        "nobody": _("No name yet"),
        "shelved": _("On the shelf until the yearly refresh"),
        "show": _("Show the wall"),
        "hide": _("Hide the wall"),
        "loose": _("Not sorted yet"),
        "parked": _("For somebody else"),
        "asked": _("%s or %s cards from each person. You have written %s."),
        "thanks": _("Thank you. An invitation goes out in your name when you agree."),
    }


def wall_words() -> dict[str, str]:
    """For the screen of the room."""
    return {
        **_shared(),
        "loose": _("Not sorted yet"),
        "nobody": _("No name yet"),
        "shelved": _("Rests until the yearly refresh"),
        "parked": _("For somebody else"),
        "hidden": _("Cards are being written and will be opened together"),
        "shelf": _("On the shelf since last time"),
        "shortlist": _("Shortlist"),
        "more": _("and %s more"),
        "turn": _("Now: %s"),
    }


def console_words() -> dict[str, str]:
    """For the console."""
    return {
        **_shared(),
        "start": _("Start this part"),
        "plus": _("5 more minutes"),
        "end": _("End it now"),
        "minutes": _("%s minutes"),
        "hide": _("Hide cards until I open them"),
        "quiet_start": _("Ten quiet seconds"),
        "prompt_off": _("Take it off the screen"),
        "move": _("Move"),
        "move_to": _("Move this card to"),
        "nowhere": _("Not sorted yet"),
        "moved": _("Moved to %s"),
        "undo": _("Undo"),
        "undone": _("Undone"),
        "rename": _("Rename"),
        "merge": _("Join with …"),
        "merge_into": _("Join “%s” with"),
        "remove": _("Remove"),
        "note": _("What was said"),
        "focus": _("Show on the screen"),
        "unfocus": _("Take off the screen"),
        "open": _("Open"),
        "hide_one": _("Hide"),
        "park": _("Somebody else"),
        "ours": _("Ours together"),
        "shortlist": _("On the shortlist"),
        "aim": _("%s cards. Look for more before you choose."),
        "take_up": _("Take it up again"),
        "shelf": _("On the shelf since last time"),
        "practice_on": _("Let the firms wait"),
        "practice_off": _("Let the firms go on"),
        "practice_pace": _("%s times as fast"),
        "practice_life": _("As in life"),
        "practice_title": _("Made-up firms"),
        "practice_still": _("Nobody has said anything for %s seconds."),
        "practice_help": _("Count to ten before you speak."),
        "tags": _("Kind"),
        "regional": _("Our region"),
        "general": _("Everywhere"),
        "late": _("late"),
        "hidden": _("hidden"),
        "said_by": _("said by %s"),
        "dismiss": _("Not these"),
        "same": _("Says the same as: %s"),
        "title": _("Name of the area"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "draft": _("Draft – nothing has moved"),
        "draft_take": _("Make this an area"),
        "draft_none": _("The cards are too different for a draft."),
        "few": _("Fewer than %s areas. Is anything missing, or too broad?"),
        "many": _("More than %s areas. Which of them belong together?"),
        "call_it": _("Call it"),
        "admit": _("Let in"),
        "admit_all": _("Let in all who wait (%s)"),
        "lobby_empty": _("Nobody waits outside."),
        "show_out": _("Show out"),
        "to_inner": _("Move to the inner table"),
        "to_outer": _("Move to the outer table"),
        "inner": _("Inner table"),
        "outer": _("Outer table"),
        "turn": _("Their turn"),
        "turn_off": _("Turn over"),
        "sign_for": _("Put a name on it"),
        "take_off": _("Take off"),
        "not_counted": _("not in the room any more, or with the partners now: does not count"),
        "nobody": _("No name yet"),
        "shelved": _("On the shelf until the yearly refresh"),
        "signup": _("Names on areas"),
        "peers": _("Missing at this table"),
        "signup_off": _("shut for now"),
        "signup_one": _("one at a time"),
        "signup_all": _("all at once, on phones"),
        "suggested_by": _("suggested by %s"),
        "failed": _("That did not go through. It is tried again."),
        "empty_area": _("No card here yet. Drag one in, or use its button Move."),
        "written": _("Written down."),
        "roll": _("Roll call: %s here"),
        "slide": _("Show the facts on the screen"),
        "slide_off": _("Take the facts off the screen"),
        "no_name": _("nobody signed it"),
        "here": _("%s of %s cards are marked as true in our region."),
        "not_yet": _("Fewer than %s cards from: %s"),
        "carry_few": _("Only %s area has names. Is there one more that somebody will drive?"),
        "carry_many": _("%s areas have names; more than %s are hard to carry. Which of them can wait?"),
        "chosen": _("Choose an area with the arrow keys, Enter puts the card there, Escape leaves it."),
    }


def scribe_words() -> dict[str, str]:
    """For the page on which paper cards are typed."""
    return {
        **_shared(),
        "failed": _("That did not go through. It is tried again."),
        "still": _("%s waiting to send – kept on this computer"),
        "no_name": _("nobody signed it"),
        "not_listed": _("“%s” is not among those who are here. Write a comma and the company after the name, then:"),
        "added": _("%s is in the room now."),
        "who_first": _("Say first who said it. A few letters of the name or the company are enough."),
        "withdraw": pgettext("card", "Take back"),
        "none": _("None in particular"),
    }


def attendance_line(counts: Counts) -> str:
    """How many are here, for the head of the console."""
    companies = ngettext("%(n)d company", "%(n)d companies", counts.companies) % {"n": counts.companies}
    partners = ngettext("%(n)d partner", "%(n)d partners", counts.partners) % {"n": counts.partners}
    senior = ngettext("%(n)d senior title", "%(n)d senior titles", counts.senior) % {"n": counts.senior}
    aim = _("at least %(floor)d, better %(target)d companies") % {"floor": counts.floor, "target": counts.target}
    return f"{companies} · {senior} · {partners} ({aim})"
