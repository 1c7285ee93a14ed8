"""What the pages of a partnership have in common: the door, the tabs, a form that keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import doors
from sharedtable.partnerships.models import Partnership
from sharedtable.steps import tracker
from sharedtable.web.actor import actor

# In the order in which a convener meets them.
TABS = (
    ("partnership", gettext_lazy("Overview")),
    ("partnership-seats", gettext_lazy("Seats")),
    ("partnership-hours", gettext_lazy("Hours")),
    ("partnership-agreement", gettext_lazy("Agreement")),
    ("partnership-scope", gettext_lazy("Scope")),
    ("partnership-map", gettext_lazy("Map")),
    ("partnership-companies", gettext_lazy("Companies")),
    ("partnership-connections", gettext_lazy("Connections")),
    ("partnership-meetings", gettext_lazy("Meetings")),
    ("partnership-priorities", gettext_lazy("Priorities")),
    ("partnership-decisions", gettext_lazy("Decisions")),
    ("partnership-clock", gettext_lazy("Clock")),
    ("partnership-timeline", gettext_lazy("Timeline")),
    ("partnership-sharing", gettext_lazy("Sharing")),
)
# Work of the first step: its tabs make room once a later step has begun.
FIRST_STEP = frozenset({"partnership-hours", "partnership-agreement"})
# Pages of a partnership without a tab, and pages of the team that it needs: all stand under “Show everything”.
BESIDE = {"work-sessions": gettext_lazy("Work session"), "digest": gettext_lazy("Digest for supporters")}
OF_THE_TEAM = {
    "talking-points": gettext_lazy("Talking points"),
    "roles-matrix": gettext_lazy("Roles and responsibilities"),
    "programs": gettext_lazy("Programs that call on companies"),
    "pathway-definitions": gettext_lazy("Pathways in the law"),
}
NEEDS = {
    "partnership-companies": "people.see",
    "partnership-connections": "people.see",
    "partnership-meetings": "meetings.see",
    "partnership-sharing": "partnerships.change",
}


def address(name: str, *arguments: str | int) -> str:
    """The address of a route; empty for a route that this installation does not have."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def may_open(name: str, by: Actor) -> bool:
    """Whether a route is open to somebody, as the policy table says it."""
    from sharedtable.web.policy import ROUTES, opens  # the table holds the rows of this area too

    rule = ROUTES[name]
    return rule.who == "anyone" or (bool(rule.verb) and opens(rule, by))


def opened(request: HttpRequest, slug: str, verb: str = doors.SEE) -> tuple[Actor, Partnership]:
    """Who acts, and the partnership of the address, for which they may do that."""
    by = actor(request)
    return by, doors.partnership(by, slug, verb)


def page(
    request: HttpRequest,
    template: str,
    one: Partnership,
    here: str,
    context: Mapping[str, Any],
    status: int = 200,
    area: str = "partnerships",
) -> HttpResponse:
    """A page of a partnership, with its tabs and the way to it. `area`: the folder of its template."""
    by = actor(request)
    space = by.space.slug if by.space else ""
    title = dict((*TABS, *BESIDE.items())).get(here, "")
    tabs, later = _tabs(by, one, here)
    beside = _beside(by, one, here)
    return render(
        request,
        f"{area}/{template}.html",
        {
            "space": space,
            "one": one,
            "inbox": by.space.reply_to if by.space else "",
            "tabs": tabs,
            "later_tabs": later,
            "beside": beside,
            "every_tab": [*tabs, *beside],
            "trail": _trail(by, one, here, str(title)),
            "may_change": by.may(doors.CHANGE, one),
            "may_see_people": by.may("people.see", one),
            "may_add": may_open("organisation-add", by),
            **context,
        },
        status=status,
    )


Place = dict[str, Any]


def _tabs(by: Actor, one: Partnership, here: str) -> tuple[list[Place], list[Place]]:
    """The tabs that stand, and those that wait behind “Show everything”: of later steps, and of the first one."""
    space, reached = by.space.slug if by.space else "", tracker.reached(one)
    tabs: tuple[list[Place], list[Place]] = ([], [])
    for name, words in TABS:
        if by.may(NEEDS.get(name, doors.SEE), one):
            waits = tracker.first_step(name) > reached or (name in FIRST_STEP and reached > 1)
            place = {"title": words, "address": reverse(name, args=[space, one.slug]), "is_here": name == here}
            tabs[name != here and waits].append(place)
    return tabs


def _beside(by: Actor, one: Partnership, here: str) -> list[Place]:
    """Pages without a tab that this person may open."""
    from sharedtable.web.policy import ROUTES  # the table holds the rows of this area too

    space = by.space.slug if by.space else ""
    found = [(name, title, [space, one.slug]) for name, title in BESIDE.items() if by.may(ROUTES[name].verb, one)]
    found += [(name, title, [space]) for name, title in OF_THE_TEAM.items() if may_open(name, by)]
    return [
        {"title": title, "address": reverse(name, args=arguments), "is_here": name == here}
        for name, title, arguments in found
    ]


def _trail(by: Actor, one: Partnership, here: str, title: str) -> list[tuple[str, str | None]]:
    space = by.space.slug if by.space else ""
    trail: list[tuple[str, str | None]] = [
        (by.space.name if by.space else "", reverse("space", args=[space])),
        (_("Partnerships"), reverse("partnerships", args=[space])),
    ]
    if here == "partnership":
        return [*trail, (one.name, None)]
    return [*trail, (one.name, reverse("partnership", args=[space, one.slug])), (title, None)]


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], object], *, version: int | None = None) -> bool:
    """Does it with what a form holds; what is refused stands above the form, with everything that was typed.

    `version`: of the thing as it is now. A form that was opened before somebody else changed it is refused once; who
    has read that and saves again means it.
    """
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Missing:
        raise
    except Refused as problem:
        form.add_error(None, str(problem))
        if version is not None and isinstance(form.data, QueryDict):
            form.data = again = form.data.copy()
            again["version"] = str(version)
        return False
    return True


def outbox(by: Actor) -> str:
    """Where letters wait; empty for who may not see them."""
    return reverse("letters", args=[by.space.slug]) if by.space and may_open("letters", by) else ""


def done(
    request: HttpRequest, sentence: str, route: str, *arguments: str | int, waits: bool = False
) -> HttpResponseRedirect:
    """Says that it is done, on the page that comes next. `waits`: a letter is held; the way to it stands there too."""
    messages.success(request, sentence, extra_tags=outbox(actor(request)) if waits else "")
    return HttpResponseRedirect(reverse(route, args=arguments))


def form_page(
    request: HttpRequest,
    one: Partnership,
    here: str,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    lead: str = "",
    searches: bool = False,
    back: str = "",
    mend: tuple[str, str] | None = None,
) -> HttpResponse:
    """A page with one form. `searches`: the list of people is long, so there is a search above it.

    `mend`: address and words of where to put right what was refused.
    """
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "lead": lead,
        "searches": searches,
        "mend": mend,
        "words": request.GET.get("q", ""),
        "kept": [(key, value) for key, value in request.GET.items() if key != "q"],
        "back": back or reverse(here, args=[actor(request).space.slug, one.slug]),  # type: ignore[union-attr]
    }
    return page(request, "form", one, here, context, 422 if form.errors else 200)
