"""The timeline of a partnership: turning points with their evidence, found or marked by hand, and everything else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import doors, turning_points
from sharedtable.partnerships.models import Partnership
from sharedtable.steps import turning
from sharedtable.web.partnerships.frame import attempt, done, form_page, opened, page
from sharedtable.web.steps.forms import TurningPointForm

HERE, CHANGE = "partnership-timeline", doors.CHANGE


def timeline(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: turning points, momentum and staff hours, and what happened when."""
    by, one = opened(request, partnership)
    context = {"found": turning.timeline(by, one), "width": turning.WIDTH, "height": turning.HEIGHT}
    return page(request, "timeline", one, HERE, context, area="steps")


def add_point(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET, POST: mark a turning point that the record does not show, or one of the team's own."""
    by, one = opened(request, partnership, CHANGE)
    form = _form(request, by, one, key=request.GET.get("key", ""))

    def act(said: dict[str, Any]) -> None:
        said.pop("version")
        turning_points.mark(by=by, partnership=one, **said)

    if request.method == "POST" and attempt(form, act):
        return done(request, _("It stands on the timeline."), HERE, space, one.slug)
    lead = _("A day on which the group became more of a group. Say what the record cannot know.")
    return form_page(request, one, HERE, form, title=_("Mark a turning point"), submit=_("Mark it"), lead=lead)


def change_point(request: HttpRequest, space: str, partnership: str, point: int) -> HttpResponse:
    """GET, POST: another day, name or reason for what the team marked."""
    by, one = opened(request, partnership, CHANGE)
    found = doors.turning_point(by, one, point)
    given = {name: getattr(found, name) for name in ("version", "key", "title", "happened_on", "why")}
    form = _form(request, by, one, **given)

    def act(said: dict[str, Any]) -> None:
        said["version"] = said["version"] or 0
        turning_points.change(by=by, partnership=one, pk=point, **said)

    if request.method == "POST" and attempt(form, act, version=found.version):
        return done(request, _("Kept."), HERE, space, one.slug)
    return form_page(request, one, HERE, form, title=_("Change a turning point"), submit=_("Keep"))


def end_point(request: HttpRequest, space: str, partnership: str, point: int) -> HttpResponse:
    """POST: it was none after all."""
    by, one = opened(request, partnership, CHANGE)
    turning_points.take_back(by=by, partnership=one, pk=point)
    return done(request, _("Taken back. The history keeps that it was marked."), HERE, space, one.slug)


def _form(request: HttpRequest, by: Actor, one: Partnership, **initial: Any) -> TurningPointForm:
    """Offers the turning points that are still ahead, and the one that is being changed."""
    points = turning.still_ahead(by, one, keep=str(initial.get("key", "")))
    return TurningPointForm(request.POST or None, points=points, initial=initial)
