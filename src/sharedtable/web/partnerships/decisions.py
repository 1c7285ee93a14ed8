"""Decisions: the log, one of them, writing one down, and its paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.partnerships import deciding, documents, doors, partnership_queries, seat_queries
from sharedtable.partnerships.models import Decision, Partnership
from sharedtable.walks import queries as walks
from sharedtable.web.partnerships.forms import DecisionForm, OptionForm, chairs, number
from sharedtable.web.partnerships.frame import attempt, done, opened, page
from sharedtable.worksheets import result_queries, said

CHANGE, HERE = "partnerships.change", "partnership-decisions"
OPTIONS_SHOWN = 4


def decisions(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: all decisions of the partnership."""
    by, one = opened(request, partnership)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Decision.Kind.values else ""
    kinds = [
        choice for choice in Decision.Kind.choices if choice[0] != "executive" or by.may("partnerships.inner", one)
    ]
    context = {"found": partnership_queries.decisions(by, one, kind), "kinds": kinds, "kind": kind}
    return page(request, "decisions", one, HERE, context)


def decision(request: HttpRequest, space: str, partnership: str, decision: int) -> HttpResponse:
    """GET: one decision."""
    by, one = opened(request, partnership)
    found = doors.decision(by, one, decision)
    asked = lists.items("convener_questions") if found.kind == Decision.Kind.CONVENER else {}
    language = get_language() or "en"
    questions = [(key, item.title(language)) for key, item in asked.items()]
    options = [
        (option, [(title, option.get("ratings", {}).get(key)) for key, title in questions]) for option in found.options
    ]
    topic = lists.items("obstacles").get(found.topic)
    origin, sits_at = result_queries.origin(by, found, language), result_queries.sits_at(one.pk)
    context = {
        "decision": found,
        "options": options,
        "topic": topic.title(language) if topic else "",
        "names": [(name, said.table_words(sits_at.get(name.casefold(), ""))) for name in found.decided_by.splitlines()],
        "origin": origin,
        "origin_tables": said.tables_in_words(origin.tables) if origin else "",
        "newer": found.replaced_by.first(),
        "walk": walks.of_decision(by, found),
    }
    return page(request, "decision", one, HERE, context)


def make(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET, POST: write a decision down; with `replaces`, one that takes the place of another."""
    by, one = opened(request, partnership, CHANGE)
    older = number(request.POST.get("replaces", request.GET.get("replaces", "")))
    replaces = doors.decision(by, one, older) if older else None
    kind = request.POST.get("kind") or request.GET.get("kind") or (replaces.kind if replaces else "other")
    form, options = _forms(request, by, one, kind, replaces)
    if request.method == "POST" and _all_valid(options):
        made: list[int] = []

        def act(said: dict[str, Any]) -> None:
            wanted = deciding.Wanted(
                **{**said, "agreed": [int(key) for key in said["agreed"]], "options": _read(options)}
            )
            made.append(deciding.decide(by=by, partnership=one, wanted=wanted, replaces=replaces).pk)

        if attempt(form, act):
            return done(request, _("The decision is written down."), "partnership-decision", space, one.slug, made[0])
    context = {
        "form": form,
        "options": options,
        "kind": kind,
        "replaces": replaces,
        "agendas": [item.text(get_language() or "en") for item in lists.items("agendas").values()],
    }
    return page(request, "decision_form", one, HERE, context, 422 if form.errors else 200)


def _forms(
    request: HttpRequest, by: Actor, one: Partnership, kind: str, replaces: Decision | None
) -> tuple[DecisionForm, list[OptionForm]]:
    tables = seat_queries.tables(one)
    who = tables.of("executive") if kind == Decision.Kind.EXECUTIVE else [*tables.outer, *tables.inner]
    given: dict[str, Any] = {"kind": kind, "topic": request.GET.get("topic", "")}
    before: list[dict[str, Any]] = []
    if replaces:
        given |= {"question": replaces.question, "topic": replaces.topic}
        before = [
            {**option, **{f"rating_{key}": value for key, value in option.get("ratings", {}).items()}}
            for option in replaces.options
        ]
    seats = [choice for choice in chairs(who) if choice[0]]
    form = DecisionForm(request.POST or None, initial=given, seats=seats)
    if kind in ("other", "outreach"):
        form.fields["kind"].choices = [one for one in Decision.Kind.choices if one[0] in ("other", "outreach")]  # type: ignore[attr-defined]
    options = [
        OptionForm(
            request.POST or None,
            prefix=f"option{place}",
            initial=before[place] if place < len(before) else None,
            is_convener=kind == Decision.Kind.CONVENER,
        )
        for place in range(max(OPTIONS_SHOWN, len(before)))
    ]
    return form, options


def _all_valid(options: Sequence[OptionForm]) -> bool:
    """Looks at every option, so that each says what is wrong with it."""
    return not [option for option in options if not option.is_valid()]


def _read(options: Sequence[OptionForm]) -> list[deciding.Choice]:
    made = []
    for form in options:
        said = form.cleaned_data
        ratings = {
            key.removeprefix("rating_"): int(value)
            for key, value in said.items()
            if key.startswith("rating_") and value
        }
        made.append(deciding.Choice(said["option"], said["reasons"], ratings, said.get("leaves_behind", "")))
    return made


def download(request: HttpRequest, space: str, partnership: str, decision: int, kind: str) -> HttpResponse:
    """GET: one decision as a Word or PDF document."""
    by, one = opened(request, partnership)
    made = documents.decision_file(one, doors.decision(by, one, decision), kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})
