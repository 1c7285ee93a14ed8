"""Data: what is loaded, and the ways in: upload, fetch, template, a profile that comes back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from sharedtable.errors import Refused
from sharedtable.studies import data_queries as queries
from sharedtable.studies import incoming, intake, knowledge, reimport
from sharedtable.studies.questions import Region, default_region, region_of
from sharedtable.web.actor import actor
from sharedtable.web.addresses import about
from sharedtable.web.arriving import MOST_BYTES, ToDelivery

TASKS = {
    "Open files": gettext_lazy("Opening the files"),
    "Read figures": gettext_lazy("Reading the figures"),
    "Write the store": gettext_lazy("Keeping the figures"),
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LOOK_AGAIN_SECONDS = 2
MOST_FETCHED = 2_000


def data(request: HttpRequest) -> HttpResponse:
    """GET: the page. `areas` and `name`: the region to fetch or to make a template for; else the example's."""
    by, at_work = actor(request), incoming.busy("fetch")
    region, is_asked = _region(request)
    newest = queries.newest_year(timezone.localdate())
    context = {
        "held": queries.held(region if is_asked else None),
        "region": region,
        "is_asked": is_asked,
        "areas": ",".join(region.areas),
        "sources": queries.fetchable(),
        "first_year": max(queries.FIRST_YEAR, newest - 10),
        "newest_year": newest,
        "least_year": queries.FIRST_YEAR,
        "megabytes": MOST_BYTES // 1_000_000,
        "studies": queries.studies(by),
        "at_work": at_work,
        "is_own_work": at_work is not None and at_work.owner == by.ref,
        "csv_address": about("data-template", region.areas, region.name, kind="csv"),
        "xlsx_address": about("data-template", region.areas, region.name, kind="xlsx"),
    }
    return render(request, "data/data.html", context)


def _region(request: HttpRequest) -> tuple[Region, bool]:
    areas, name = request.GET.get("areas", "")[:24_000], request.GET.get("name", "")[:120]
    return (region_of(areas, "", name), True) if areas.strip() else (default_region(), False)


@csrf_exempt  # only so that the files go to their place as they come; the inner function checks the token
def upload(request: HttpRequest) -> HttpResponse:
    """POST: files of figures, filled-in templates, profile workbooks; checked aside, nothing is used yet."""
    handler = ToDelivery(request)
    request.upload_handlers = [handler]
    try:
        return _upload(request, handler)
    except BaseException:
        handler.upload_interrupted()
        raise


@csrf_protect
def _upload(request: HttpRequest, handler: ToDelivery) -> HttpResponse:
    _ = request.FILES  # reads the whole form
    if handler.problem:
        raise Refused(handler.problem)
    delivery = handler.delivery
    if delivery is None:
        raise Refused(_no_file())
    handler.delivery = None  # from here on it is no longer this request's to clear away
    found = intake.check(delivery, by=actor(request))
    return HttpResponseRedirect(reverse("data-delivery", args=[found.token]))


def _no_file() -> str:
    return _("No file was chosen. Choose one or more files, then send them.")


def delivery(request: HttpRequest, token: str) -> HttpResponse:
    """GET: how far a delivery is, what it holds and what is wrong. Looks again by itself while it is at work."""
    found = incoming.own(token, actor(request))
    name = found.title
    context = {
        "delivery": found,
        "report": _readable(found.report),
        "task": TASKS.get(found.task) or (_("Fetching from the publisher") if found.task.startswith("Fetch") else ""),
        "source": {key: title for key, title, _source in queries.fetchable()}.get(name, name),
        "changes_nothing": _changes_nothing(found),
        "trail": [(_("Data"), reverse("data")), (_("What came in"), None)],
    }
    status = 422 if found.state == "refused" and found.kind == "upload" else 200
    response = render(request, "data/delivery.html", context, status=status)
    if found.is_busy:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _readable(report: Any) -> dict[str, Any]:
    made = dict(report)
    made["files"] = [{**one, "kind": queries.KINDS.get(one["kind"], one["kind"])} for one in report.get("files", [])]
    made["changes"] = [
        {**one, "table": queries.TITLES.get(one["table"], one["table"])} for one in report.get("changes", [])
    ]
    return made


def _changes_nothing(found: incoming.Delivery) -> bool:
    changes = found.report.get("changes", [])
    return bool(changes) and not any(one["new"] or one["different"] for one in changes)


def use(request: HttpRequest, token: str) -> HttpResponse:
    """POST: use what was checked."""
    found = intake.use(token, by=actor(request))
    return HttpResponseRedirect(reverse("data-delivery", args=[found.token]))


def drop(request: HttpRequest, token: str) -> HttpResponse:
    """POST: throw away what was checked."""
    intake.drop(token, by=actor(request))
    messages.success(request, _("Thrown away. The figures are as they were."))
    return HttpResponseRedirect(reverse("data"))


def fetch(request: HttpRequest) -> HttpResponse:
    """POST: fetch figures from their publisher, in the background."""
    source, codes = request.POST.get("source", ""), request.POST.get("areas", "")
    known = {key: one for key, _title, one in queries.fetchable()}
    if source not in known:
        raise Refused(_("Choose one of the sources on the page."))
    years = _years(request.POST.get("first", ""), request.POST.get("last", ""))
    wanted: list[str] = []
    if known[source].by_area:
        region = region_of(codes)
        wanted = list(region.areas)
        if request.POST.get("wider"):
            wanted += [code for code in ("US000", *(f"{state}000" for state in region.states)) if code not in wanted]
        if len(wanted) * len(years) > MOST_FETCHED:
            raise Refused(
                _("That would be %(count)d files. Choose fewer years or areas, or the files of the whole country.")
                % {"count": len(wanted) * len(years)}
            )
    found = intake.fetch(source, years, wanted, by=actor(request))
    return HttpResponseRedirect(reverse("data-delivery", args=[found.token]))


def _years(first: str, last: str) -> list[int]:
    newest = queries.newest_year(timezone.localdate()) + 1  # a quarterly year may already be under way
    if not (first.isdigit() and last.isdigit() and queries.FIRST_YEAR <= int(first) <= int(last) <= newest):
        raise Refused(
            _("Give two years from %(first)d to %(last)d, the earlier one first.")
            % {"first": queries.FIRST_YEAR, "last": newest}
        )
    return list(range(int(first), int(last) + 1))


def template(request: HttpRequest) -> HttpResponse:
    """GET: the empty template of industry projections, `kind` csv or xlsx."""
    kind = request.GET.get("kind", "")
    region, is_asked = _region(request)
    content = queries.template(kind, region if is_asked else None)
    types = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    response = HttpResponse(content, content_type=types[kind])
    response["Content-Disposition"] = f'attachment; filename="industry-projections.{kind}"'
    return response


def study(request: HttpRequest, number: int) -> HttpResponse:
    """GET: a profile that came back as a workbook: its figures as they were, beside today's."""
    by = actor(request)
    found = queries.study(by, number)
    question = reimport.question_of(found)
    compared, problem = reimport.differences(found)
    sector = question.sector
    context = {
        "study": found,
        "question": question,
        "differences": compared,
        "different": sum(one.kind != "same" for one in compared),
        "problem": problem,
        "notes": knowledge.titled(queries.notes_of(by, found), knowledge.measure_titles(question.language), by),
        "profile_address": about(
            "profile",
            question.region.areas,
            question.region.name,
            industries=",".join(sector.include),
            exclude=",".join(sector.exclude),
            sector=sector.name,
        )
        if sector
        else "",
        "trail": [(_("Data"), reverse("data")), (found.title, None)],
    }
    return render(request, "data/study.html", context)
