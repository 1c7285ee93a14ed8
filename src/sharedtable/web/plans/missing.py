"""Who was named as missing (E17): find or add them in the record, tick, look at the letter, send."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.partnerships.models import Partnership
from sharedtable.plans import inviting, queries, tasks
from sharedtable.plans.models import Task
from sharedtable.web.partnerships.forms import number
from sharedtable.web.partnerships.frame import opened, page
from sharedtable.web.plans.live import said

CHANGE, HERE, LIST = "partnerships.change", "partnership-priorities", "partnership-missing"


def missing(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: everybody who was named, with who named them."""
    by, one = opened(request, partnership, CHANGE)
    return page(request, "missing", one, HERE, {"tasks": queries.tasks(by, one)}, area="plans")


def task(request: HttpRequest, space: str, partnership: str, task: int) -> HttpResponse:
    """GET: who could be meant. POST: that is the person, or bring them into the record."""
    by, one = opened(request, partnership, CHANGE)
    found = queries.task(by, one, task)
    given = request.POST
    problem = ""
    if request.method == "POST":
        try:
            if given.get("do") == "add":
                inviting.add(
                    by=by,
                    task=found,
                    name=given.get("name", ""),
                    company=given.get("company", ""),
                    email=given.get("email", ""),
                )
            else:
                inviting.link(by=by, task=found, person_id=number(given.get("person", "")) or 0)
            messages.success(request, _("Found. Tick the name to draft the invitation."))
            return redirect(LIST, space, one.slug)
        except Missing:
            raise
        except Refused as refusal:
            problem = str(refusal)
    words = request.GET.get("q", "")[:80]
    context = {
        "task": found,
        "people": inviting.candidates(by, found, words),
        "words": words,
        "given": given,
        "problem": problem,
    }
    return page(request, "task", one, HERE, context, 422 if problem else 200, area="plans")


def invite(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: look at the letters before they go. POST: put them into the outbox, held for ten minutes."""
    by, one = opened(request, partnership, CHANGE)
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(by, one, given.getlist("task"))
    names_peer = given.get("names_peer") == "1"
    if not chosen:
        said(request, Refused(_("Tick at least one person to invite.")))
        return redirect(LIST, space, one.slug)
    if request.method == "POST":
        try:
            count = inviting.invite(by=by, tasks=chosen, names_peer=names_peer)
            messages.success(request, _("%(count)d invitations wait in the outbox for ten minutes.") % {"count": count})
        except Missing:
            raise
        except Refused as problem:
            said(request, problem)
        return redirect(LIST, space, one.slug)
    review = inviting.drafts(by, chosen, names_peer=names_peer)
    return page(
        request, "invite", one, HERE, {"review": review, "tasks": chosen, "names_peer": names_peer}, area="plans"
    )


def end(request: HttpRequest, space: str, partnership: str, task: int) -> HttpResponse:
    """POST: done, or not now."""
    by, one = opened(request, partnership, CHANGE)
    found = queries.task(by, one, task)
    try:
        tasks.end(by=by, task=found, state=request.POST.get("state", ""))
        messages.success(request, _("Noted."))
    except Missing:
        raise
    except Refused as problem:
        said(request, problem)
    return redirect(LIST if found.kind == Task.Kind.INVITATION else HERE, space, one.slug)


def _chosen(by: Actor, one: Partnership, numbers: list[str]) -> list[Task]:
    wanted = {found for text in numbers[:200] if (found := number(text))}
    return [task for task in queries.tasks(by, one) if task.pk in wanted and task.state == "open" and task.person]
