"""The space's home, the list of partnerships, beginning one, and the home of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import actions, home_queries, partnership_queries, scoping, shared_queries, team_queries
from sharedtable.partnerships.home_queries import Todo
from sharedtable.plans import queries as plans
from sharedtable.steps import tracker
from sharedtable.studies.region_queries import Kind
from sharedtable.web.actor import actor
from sharedtable.web.partnerships.forms import BeginForm, DescribeForm
from sharedtable.web.partnerships.frame import address, attempt, done, form_page, may_open, opened, page


def space(request: HttpRequest, space: str) -> HttpResponse:
    """GET: what to do next in this space."""
    by = actor(request)
    found = home_queries.space_home(by)
    context = {
        "space": space,
        "team": by.space,
        "found": found,
        "todos": _with_address(found.todos, space),
        "first_things": _with_address(found.first_things, space),
        "begin": reverse("partnership-begin", args=[space]) if found.may_begin else "",
        "sees_shared_only": not by.may("partnerships.see"),
    }
    return render(request, "partnerships/space.html", context)


def _with_address(todos: Any, space: str) -> list[tuple[Todo, str]]:
    """Each thing to do with where it is done; what this installation has no page for is left out."""
    made = [(todo, address(todo.route, space, *todo.arguments) or address(todo.route)) for todo in todos]
    return [(todo, where) for todo, where in made if where]


def partnerships(request: HttpRequest, space: str) -> HttpResponse:
    """GET: all partnerships of the space."""
    by = actor(request)
    context = {
        "space": space,
        "lines": partnership_queries.partnerships(by),
        "may_begin": by.may_everywhere("partnerships.make"),
        "trail": _trail(by, _("Partnerships")),
    }
    return render(request, "partnerships/partnerships.html", context)


def _trail(by: Actor, title: str) -> list[tuple[str, str | None]]:
    return [
        (by.space.name if by.space else "", reverse("space", args=[by.space.slug if by.space else ""])),
        (title, None),
    ]


def begin(request: HttpRequest, space: str) -> HttpResponse:
    """GET, POST: begin a partnership."""
    by, form = actor(request), BeginForm(request.POST or None)
    if request.method == "POST":
        made: list[str] = []
        if attempt(form, lambda said: made.append(actions.begin(by=by, **said).slug)):
            return done(
                request, _("The partnership has begun. Next: give people their seats."), "partnership", space, made[0]
            )
    context = {
        "space": space,
        "form": form,
        "trail": _trail(by, _("Begin a partnership")),
        "regions": scoping.kept_definitions(by, Kind.REGION),
        "sectors": scoping.kept_definitions(by, Kind.SECTOR),
    }
    return render(request, "partnerships/begin.html", context, status=422 if form.errors else 200)


def partnership(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: the home of a partnership."""
    by, one = opened(request, partnership)
    found = partnership_queries.home(by, one)
    step = request.GET.get("step", "")
    tools = tracker.tracker(by, one, int(step) if step in set("123456") else 0)
    context = {
        "found": found,
        "tracker": tools,
        "priorities": plans.carried(by, one),
        "tools": [(tool, _where(by, tool, one.slug)) for tool in tools.tools],
        "more": [(tool, _where(by, tool, one.slug)) for tool in tools.more],
    }
    return page(request, "partnership", one, "partnership", context)


def _where(by: Actor, tool: tracker.Tool, slug: str) -> str:
    """The address of a tool, a round begins for this partnership; nothing for who may not open its page."""
    if not may_open(tool.route, by):
        return ""
    found = reverse(tool.route, args=tool.arguments)
    return f"{found}?partnership={slug}" if tool.route == "worksheet-start" else found


def describe(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET, POST: the name of a partnership and the words about it."""
    by, one = opened(request, partnership, "partnerships.change")
    given = {"version": one.version, "name": one.name, "summary": one.summary}
    form = DescribeForm(request.POST or None, initial=given)

    def act(said: dict[str, Any]) -> None:
        actions.describe(by=by, partnership=one, **said)

    if request.method == "POST" and attempt(form, act, version=one.version):
        return done(request, _("Kept."), "partnership", space, one.slug)
    return form_page(request, one, "partnership", form, title=_("Name and words"), submit=_("Keep"))


def step(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: where it stands in one step."""
    by, one = opened(request, partnership, "partnerships.change")
    number = request.POST.get("number", "")
    actions.set_step(
        by=by,
        partnership=one,
        number=int(number) if number.isdecimal() and len(number) < 3 else 0,
        state=request.POST.get("state", ""),
        note=request.POST.get("note", ""),
    )
    return done(request, _("Noted. What was said before stays in the timeline."), "partnership", space, one.slug)


def tick(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: which points of the checklists are done."""
    by, one = opened(request, partnership, "partnerships.change")
    actions.tick(by=by, partnership=one, keys=request.POST.getlist("check"))
    return done(request, _("The checklist is kept."), "partnership", space, one.slug)


def shared(request: HttpRequest, space: str) -> HttpResponse:
    """GET: what the partnerships of this space chose to share with the state, and nothing else."""
    by = actor(request)
    context = {
        "space": space,
        "found": shared_queries.shared_page(by),
        "leads": shared_queries.state_leads(by),
        "trail": _trail(by, _("Shared with the state")),
    }
    return render(request, "partnerships/shared.html", context)


def succession(request: HttpRequest, space: str) -> HttpResponse:
    """GET: who carries much alone, and which terms end without a second."""
    by = actor(request)
    context = {"space": space, "found": team_queries.succession(by), "trail": _trail(by, _("Succession"))}
    return render(request, "partnerships/succession.html", context)
