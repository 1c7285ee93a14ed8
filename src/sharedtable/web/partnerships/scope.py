"""The scope: its versions, the next one, good enough, ready; and the companies that it takes in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.partnerships import company_rules, documents, doors, scope_queries, scoping
from sharedtable.partnerships.models import Partnership
from sharedtable.partnerships.scope_queries import ScopePage
from sharedtable.web.partnerships.forms import MarkForm, ScopeForm
from sharedtable.web.partnerships.frame import attempt, done, opened, page

CHANGE, HERE, COMPANIES = "partnerships.change", "partnership-scope", "partnership-companies"


def scope(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: the working definition with all its versions."""
    by, one = opened(request, partnership)
    return page(request, "scope", one, HERE, {"found": scope_queries.scope_page(by, one)})


def version(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET, POST: the next version of the scope."""
    by, one = opened(request, partnership, CHANGE)
    found = scope_queries.scope_page(by, one)
    form = _form(request, found)
    if request.method == "POST" and attempt(form, lambda said: _make(by, one, said)):
        return done(request, _("A new version of the scope is kept. The older ones stay."), HERE, space, one.slug)
    context = {"found": found, "form": form, "is_first": found.newest is None}
    return page(request, "scope_form", one, HERE, context, 422 if form.errors else 200)


def _form(request: HttpRequest, found: ScopePage) -> ScopeForm:
    newest = found.newest
    given: dict[str, Any] = {"based_on": 0, "rules": ["county", "naics", "employees"]}
    rules = newest.scope.company_rules if newest else company_rules.usual_rules()
    given["least"] = next((rule["least"] for rule in rules if rule["rule"] == "employees"), "")
    if newest:
        given |= {
            "based_on": newest.scope.version,
            "region": ", ".join(newest.region.areas),
            "sector": ", ".join([*newest.sector.include, *(f"-{code}" for code in newest.sector.exclude)]),
            "rules": [rule["rule"] for rule in rules],
            "study": newest.scope.study_id or "",
        }
    studies = [("", "—"), *((str(study.pk), study.title) for study in found.studies)]
    return ScopeForm(request.POST or None, initial=given, studies=studies, is_first=newest is None)


def _make(by: Actor, one: Partnership, said: dict[str, Any]) -> None:
    rules = company_rules.rules_from(said.pop("rules"), said.pop("least"))
    study = said.pop("study")
    scoping.make_version(by=by, partnership=one, rules=rules, study=int(study) if study else 0, **said)


def _number(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 8 else 0


def good_enough(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: the team works with this version."""
    by, one = opened(request, partnership, CHANGE)
    is_good = request.POST.get("is_good", "1") == "1"
    scoping.mark_good_enough(by=by, partnership=one, version=_number(request), is_good=is_good)
    said = _("Good enough. It can still change, as a next version.") if is_good else _("Opened again.")
    return done(request, said, HERE, space, one.slug)


def ready(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: enough companies to invite from, or a reason to go ahead with fewer."""
    by, one = opened(request, partnership, CHANGE)
    reason = request.POST.get("reason", "")
    scoping.declare_ready(by=by, partnership=one, version=_number(request), reason=reason)
    return done(request, _("Ready to invite from this list."), HERE, space, one.slug)


def companies(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: the companies that are in, out or open, each with its reasons."""
    by, one = opened(request, partnership)
    verdict = request.GET.get("show", "in")
    if verdict not in ("in", "out", "open"):
        raise Missing(_("There is no such list."))
    found = scope_queries.companies(by, one, verdict, request.GET.get("page", "1"))
    words = {"in": _("In"), "out": _("Out"), "open": _("Open")}
    context = {
        "found": found,
        "page": found.page,
        "choices": [(key, word, found.counts[key]) for key, word in words.items()],
        "may_export": by.may("people.export"),
    }
    return page(request, "companies", one, COMPANIES, context)


def mark(request: HttpRequest, space: str, partnership: str, organisation: int) -> HttpResponse:
    """POST: take a company in or leave it out by hand, or let the rules decide again."""
    by, one = opened(request, partnership, CHANGE)
    company = doors.organisation(by, organisation)
    form = MarkForm(request.POST)
    wanted = {"in": True, "out": False, "none": None}
    if not form.is_valid():
        raise Missing(_("There is no such list."))
    scoping.mark_company(
        by=by,
        partnership=one,
        organisation=company,
        is_in=wanted[form.cleaned_data["is_in"]],
        reason=form.cleaned_data["reason"],
    )
    return done(request, _("Kept: %(name)s.") % {"name": company.name}, COMPANIES, space, one.slug)


def companies_download(request: HttpRequest, space: str, partnership: str, kind: str) -> HttpResponse:
    """GET: the companies that are in, as XLSX or CSV, with the source of each row."""
    by, one = opened(request, partnership)
    made = documents.companies_file(one, scope_queries.all_companies(by, one), kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})
