"""The one table of who may do what: a row for each verb. Pages, actions, tests and the page "what this role can see"
all read it.

A verb names a kind of thing and what is done with it. `roles` may do it with every such thing of their space; `own`
only with things that belong to their own agency. Whoever is not named may not, and learns only "not found".
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Role
from sharedtable.privacy import Privacy

ADMIN, CONVENER, AGENCY, ECONOMIST, ADVISER, STATE = Role
WORKERS = frozenset({ADMIN, CONVENER, AGENCY})
OFFICE = frozenset({ADMIN, CONVENER})
EVERYBODY = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Permit:
    """Who may use one verb, up to which level the things it shows go, and what that means in a sentence."""

    roles: frozenset[Role]
    says: str | Promise
    level: Privacy
    own: frozenset[Role] = NOBODY
    is_change: bool = False


CAN: dict[str, Permit] = {
    # --- the space
    "space.see": Permit(EVERYBODY, _("the name of the team and who works in it"), Privacy.TEAM),
    "space.manage": Permit(
        frozenset({ADMIN}), _("who has which role, and the settings"), Privacy.CONVENERS, is_change=True
    ),
    "space.export": Permit(frozenset({ADMIN}), _("everything of this space in one file"), Privacy.CONVENERS),
    "ledger.see": Permit(
        OFFICE, _("the history: who did what, and when"), Privacy.CONVENERS
    ),
    "letters.see": Permit(OFFICE, _("letters that wait, left or failed"), Privacy.CONVENERS),
    "letters.change": Permit(
        OFFICE, _("send, hold and cancel letters"), Privacy.CONVENERS, is_change=True
    ),
    # --- people and organisations
    "people.see": Permit(WORKERS, _("names, titles and companies of people"), Privacy.TEAM),
    "people.contact": Permit(
        OFFICE,
        _("mail addresses and phone numbers of people"),
        Privacy.CONVENERS,
        own=frozenset({AGENCY}),
    ),
    "people.private": Permit(
        frozenset({CONVENER}), _("notes and evidence about people, and why somebody is left alone"), Privacy.CONVENERS
    ),
    "people.change": Permit(
        frozenset({CONVENER}),
        _("add and correct people and organisations"),
        Privacy.CONVENERS,
        own=frozenset({AGENCY}),
        is_change=True,
    ),
    "people.import": Permit(
        frozenset({CONVENER}),
        _("bring in lists, after a look at each row"),
        Privacy.CONVENERS,
        own=frozenset({AGENCY}),
        is_change=True,
    ),
    "people.merge": Permit(
        frozenset({CONVENER}),
        _("join two entries that are the same, and part them again"),
        Privacy.CONVENERS,
        is_change=True,
    ),
    "people.export": Permit(
        frozenset({CONVENER}), _("take lists of people out as a file"), Privacy.CONVENERS, own=frozenset({AGENCY})
    ),
    "people.erase": Permit(
        OFFICE, _("erase what is held about a person"), Privacy.CONVENERS, is_change=True
    ),
    "ties.see": Permit(
        frozenset({CONVENER}), _("who knows whom, and how well"), Privacy.CONVENERS, own=frozenset({AGENCY})
    ),
    "ties.change": Permit(
        frozenset({CONVENER}), _("say whom one knows"), Privacy.CONVENERS, own=frozenset({AGENCY}), is_change=True
    ),
    "links.make": Permit(
        frozenset({CONVENER}), _("send somebody a personal link"), Privacy.CONVENERS, is_change=True
    ),
    # --- partnerships
    "partnerships.see": Permit(
        frozenset({ADMIN, CONVENER, AGENCY, ECONOMIST, ADVISER}),
        _("partnerships: stage, scope, both tables, decisions, dates"),
        Privacy.TEAM,
    ),
    "partnerships.shared": Permit(EVERYBODY, _("what a partnership chose to share with the state"), Privacy.PUBLIC),
    "partnerships.inner": Permit(
        frozenset({CONVENER}), _("what only the business members and conveners see"), Privacy.INNER
    ),
    "partnerships.make": Permit(OFFICE, _("begin a partnership"), Privacy.TEAM, is_change=True),
    "partnerships.change": Permit(
        frozenset({CONVENER}), _("change stage, scope, seats, decisions and dates"), Privacy.TEAM, is_change=True
    ),
    # --- worksheets and the method
    "worksheets.see": Permit(
        frozenset({ADMIN, CONVENER, AGENCY, ECONOMIST, ADVISER}),
        _("worksheets, who is asked, and results once they are shown"),
        Privacy.TEAM,
    ),
    "worksheets.run": Permit(
        frozenset({CONVENER}),
        _("put a worksheet to people, show its result, write down what came of it"),
        Privacy.CONVENERS,
        is_change=True,
    ),
    "worksheets.type": Permit(
        frozenset({CONVENER, AGENCY}),
        _("type in what a group agreed on, or what came back on paper"),
        Privacy.TEAM,
        is_change=True,
    ),
    "method.change": Permit(
        OFFICE, _("change numbers of the method for the team, and add tools of its own"), Privacy.TEAM, is_change=True
    ),
    # --- the library
    "library.see": Permit(EVERYBODY, _("the team's own answers in the library"), Privacy.TEAM),
    "library.read": Permit(EVERYBODY, _("tick a text of the reading list as read"), Privacy.TEAM, is_change=True),
    "library.change": Permit(
        frozenset({ADMIN, CONVENER, STATE}),
        _("write the team's own answers to common questions"),
        Privacy.TEAM,
        is_change=True,
    ),
    "talks.see": Permit(
        frozenset({CONVENER}),
        _("who used which talking points with whom, and what came back"),
        Privacy.CONVENERS,
        own=frozenset({AGENCY}),
    ),
    "talks.change": Permit(
        frozenset({CONVENER}),
        _("write down a talk with a partner, and what came back"),
        Privacy.CONVENERS,
        own=frozenset({AGENCY}),
        is_change=True,
    ),
    # --- meetings
    "meetings.see": Permit(
        frozenset({ADMIN, CONVENER, AGENCY}), _("meetings: when, where, who came"), Privacy.TEAM
    ),
    "meetings.change": Permit(
        frozenset({CONVENER}), _("plan meetings and change their run of show"), Privacy.TEAM, is_change=True
    ),
    "meetings.run": Permit(
        frozenset({CONVENER}), _("open the doors of a meeting and run it"), Privacy.CONVENERS, is_change=True
    ),
    "meetings.reopen": Permit(
        OFFICE, _("open a meeting again on the day after it was closed, with a reason"), Privacy.TEAM, is_change=True
    ),
    # --- facts
    "facts.see": Permit(
        frozenset({ADMIN, CONVENER, AGENCY, ECONOMIST, ADVISER}),
        _("regions, sectors, studies and notes that the team keeps beside the figures"),
        Privacy.TEAM,
    ),
    "facts.define": Permit(
        frozenset({ADMIN, CONVENER, ECONOMIST}),
        _("keep regions and sectors for the team"),
        Privacy.PUBLIC,
        is_change=True,
    ),
    "facts.note": Permit(
        frozenset({ADMIN, CONVENER, AGENCY, ECONOMIST}),
        _("write down what people know beside the figures"),
        Privacy.TEAM,
        is_change=True,
    ),
}  # fmt: skip


def verbs_of(role: Role) -> dict[str, bool]:
    """The verbs of one role; True where they hold for the whole space, False where only for its own agency."""
    return {verb: role in permit.roles for verb, permit in CAN.items() if role in permit.roles or role in permit.own}
