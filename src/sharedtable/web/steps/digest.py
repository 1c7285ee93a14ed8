"""The digest for supporters: looked over with count, names and a sample, then one button."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.errors import Missing, Refused
from sharedtable.steps import digest as digests
from sharedtable.web.partnerships.frame import done, opened, page
from sharedtable.web.steps.forms import DigestForm

HERE = "digest"


def digest(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: everything since the last digest, or what is chosen, as it would leave."""
    return _page(request, partnership, request.GET, "")


def send(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: queue it. What is refused stands above the page, with everything that was chosen."""
    by, one = opened(request, partnership, digests.SEND)
    try:
        count = digests.send(by=by, partnership=one, chosen=_chosen(request.POST), is_sure="sure" in request.POST)
    except Missing:
        raise
    except Refused as problem:
        return _page(request, partnership, request.POST, str(problem))
    said = ngettext(
        "%(count)d letter waits ten minutes, then it leaves.",
        "%(count)d letters wait ten minutes, then they leave.",
        count,
    )
    said = said % {"count": count} + " " + _("Until then you can call it back in the outbox.")
    return done(request, said, "partnership", space, one.slug, waits=True)


def _page(request: HttpRequest, partnership: str, given: QueryDict, problem: str) -> HttpResponse:
    by, one = opened(request, partnership, digests.SEND)
    found = digests.page(by, one, _chosen(given) if "chosen" in given else None)
    form = DigestForm(initial={"words": given.get("words", ""), "asks": given.get("asks", "")})
    context = {"found": found, "form": form, "problem": problem}
    return page(request, "digest", one, HERE, context, status=422 if problem else 200, area="steps")


def _chosen(given: QueryDict) -> digests.Chosen:
    def numbers(name: str) -> list[int]:
        return [int(one) for one in given.getlist(name)[:200] if one.isascii() and one.isdigit() and len(one) < 19]

    asks = given.get("asks", "").splitlines()
    return digests.Chosen(
        numbers("decision"), numbers("meeting"), numbers("date"), asks, given.get("words", "")[: digests.MOST_WORDS]
    )
