"""Talking points by kind of partner, words to leave out, and the log of talks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.method import lists
from sharedtable.web.actor import actor
from sharedtable.web.outreach_tools.forms import TalkForm
from sharedtable.web.outreach_tools.frame import page, tongue
from sharedtable.web.partnerships.frame import attempt, done
from sharedtable.worksheets import talking, wording


def talking_points(request: HttpRequest, space: str) -> HttpResponse:
    """GET: points for one kind of partner, or for all; how often each was used, and with what answer."""
    by, language = actor(request), tongue()
    audiences = lists.items("pitch_audiences")
    chosen = request.GET.get("for", "")
    chosen = chosen if chosen in audiences else ""
    points, log = wording.groups(by.space_id, "talking_points", language), talking.log(by, chosen)
    context = {
        "audiences": [(key, item.title(language)) for key, item in audiences.items()],
        "chosen": chosen,
        "parts": [
            (key, item.title(language), item.text(language),
             [(one, log.points.get(one.id, (0, 0))) for one in points.get(key, ())])
            for key, item in audiences.items() if chosen in ("", key)
        ],
        "avoid": wording.worded(by.space_id, "words_to_avoid", language),
        "log": log,
        "names": {one.id: one.title for group in points.values() for one in group},
        "may_see_talks": by.may_in_space("talks.see"),
        "may_log": by.may_in_space("talks.change"),
    }  # fmt: skip
    return page(request, "talking_points", _("Talking points"), context)


def add(request: HttpRequest, space: str) -> HttpResponse:
    """GET, POST: write down a talk and what came back."""
    by, language = actor(request), tongue()
    audience = request.POST.get("audience", request.GET.get("for", ""))
    audience = audience if audience in lists.items("pitch_audiences") else next(iter(lists.items("pitch_audiences")))
    points = wording.groups(by.space_id, "talking_points", language).get(audience, ())
    form = TalkForm(
        request.POST or None,
        language=language,
        points=[(one.id, one.title, one.text) for one in points],
        initial={"audience": audience, "on": timezone.localdate(), "used_by": by.name, "way": "phone"},
    )

    def act(said: dict[str, Any]) -> None:
        talking.write_down(by=by, talk=talking.NewTalk(**said))

    if request.method == "POST" and attempt(form, act):
        return done(request, _("The talk is written down."), "talking-points", space)
    status = 422 if form.errors else 200
    return page(request, "talk_form", _("Write down a talk"), {"form": form, "audience": audience}, status)


def strike(request: HttpRequest, space: str, talk: int) -> HttpResponse:
    """POST: take a talk out of the log."""
    talking.strike(by=actor(request), number=talk)
    return done(request, _("Taken out of the list. It stays on record."), "talking-points", space)
