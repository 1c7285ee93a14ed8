"""Where the partnership fits: which contacts with companies go through it, as a decision on record (I14)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.method import lists
from sharedtable.partnerships import deciding, partnership_queries, team_queries
from sharedtable.partnerships.models import Decision, Partnership
from sharedtable.web.outreach_tools.frame import tongue
from sharedtable.web.partnerships.frame import done, opened, page

HERE = "partnership-decisions"


def fit(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: what was decided before, who calls on companies today, and the form."""
    by, one = opened(request, partnership)
    return _page(request, one, "")


def _page(request: HttpRequest, one: Partnership, problem: str) -> HttpResponse:
    by, language = opened(request, one.slug)[0], tongue()
    before = partnership_queries.decisions(by, one, Decision.Kind.OUTREACH)
    ways = [(key, item.title(language), item.text(language)) for key, item in lists.items("outreach_ways").items()]
    context = {
        "before": before,
        "ways": ways,
        "kinds": [
            (key, item.title(language), item.text(language), request.POST.get(f"kind-{key}", ""))
            for key, item in lists.items("outreach_kinds").items()
        ],
        "groups": team_queries.programs(by),
        "problem": problem,
        "reasons": request.POST.get("reasons", ""),
        "dissent": request.POST.get("dissent", ""),
        "decided_by": request.POST.get("decided_by", ""),
    }
    return page(request, "../outreach_tools/fit", one, HERE, context, 422 if problem else 200)


def decide(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: write it down as a decision."""
    by, one = opened(request, partnership, "partnerships.change")
    language, form = tongue(), request.POST
    ways, lines, through = lists.items("outreach_ways"), [], []
    for key, item in lists.items("outreach_kinds").items():
        way = ways.get(form.get(f"kind-{key}", ""))
        if way is not None:
            lines.append(deciding.Choice(item.title(language), way.title(language)))
            through += [item.title(language)] if way.id == "through" else []
    try:
        if not lines:
            raise Refused(_("Choose for at least one kind of contact how it goes."))
        made = deciding.decide(by=by, partnership=one, wanted=_wanted(lines, through, form.dict()))
    except Missing:
        raise
    except Refused as refusal:
        return _page(request, one, str(refusal))
    return done(request, _("The decision is written down."), "partnership-decision", space, one.slug, made.pk)


def _wanted(lines: list[deciding.Choice], through: list[str], form: dict[str, str]) -> deciding.Wanted:
    """The decision: its options are the kinds of contact with the way of each, and what goes through is chosen."""
    nothing = _("Nothing for now")
    chosen = "; ".join(through)[:200] or nothing
    return deciding.Wanted(
        question=_("Which contacts with companies go through the partnership?"),
        kind=Decision.Kind.OUTREACH,
        options=[*lines, deciding.Choice(chosen, _("Chosen to go through the partnership"))]
        if chosen not in {one.option for one in lines}
        else lines,
        chosen=chosen,
        reasons=form.get("reasons", ""),
        dissent=form.get("dissent", ""),
        decided_by=form.get("decided_by", ""),
    )
