"""What is due, late, planned and done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.method.presets import preset
from sharedtable.partnerships.models import Deadline, Partnership

MOST = 400


@dataclass(frozen=True)
class Due:
    """One deadline with how it stands: late, today, soon, ahead, done, done_late; and a sentence about it."""

    deadline: Deadline
    title: str
    state: str
    says: str
    source: str = ""

    @property
    def is_late(self) -> bool:
        """Late now, planned too late, or done too late."""
        return self.state in ("late", "planned_late", "done_late")

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return not self.state.startswith("done")


def due(deadline: Deadline, today: date) -> Due:
    """How one deadline stands on a day. A plan for after the due day is late at once, not only when the day comes."""
    item = lists.items("clock").get(deadline.key)
    title = deadline.title or (item.title(get_language() or "en") if item else deadline.key)
    source = preset(item.more["preset"]).source if item else ""
    done, plan, limit = deadline.done_on, deadline.planned_on, deadline.due_on
    if done is not None:
        state = "done_late" if done > limit else "done"
        says = _late_by(deadline, done) if state == "done_late" else _("Done in time.")
    elif plan is not None and plan > limit:
        state, says = "planned_late", _late_by(deadline, plan)
    elif limit < today:
        days = (today - limit).days
        state = "late"
        says = ngettext("Late by %(days)d day.", "Late by %(days)d days.", days) % {"days": days}
    elif limit == today:
        state, says = "today", _("Due today.")
    else:
        days = (limit - today).days
        state = "soon" if days <= 14 else "ahead"
        says = ngettext("In %(days)d day.", "In %(days)d days.", days) % {"days": days}
    return Due(deadline, title, state, says, source)


def _late_by(deadline: Deadline, day: date) -> str:
    """ "Day 34; it was due on day 30", or without a meeting by how many days."""
    if deadline.meeting_on is None:
        days = (day - deadline.due_on).days
        return ngettext("%(days)d day after it is due.", "%(days)d days after it is due.", days) % {"days": days}
    values = {"day": (day - deadline.meeting_on).days, "due": (deadline.due_on - deadline.meeting_on).days}
    return _("Day %(day)d after the meeting; due by day %(due)d.") % values


def clock(actor: Actor, partnership: Partnership, today: date | None = None) -> Sequence[Due]:
    """All deadlines of a partnership by day: one query."""
    actor.must("partnerships.see", partnership)
    now = today or timezone.localdate()
    rows = partnership.deadlines.select_related("seat__person", "seat__organisation").order_by("due_on", "id")[:MOST]
    return [due(row, now) for row in rows]
