"""The import wizard: a list comes in, its columns are named, its rows looked at, it is brought in or taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.people.importing import actions, queries, templates
from sharedtable.people.importing.limits import MOST_BYTES, MOST_ROWS
from sharedtable.web.actor import actor

LOOK_AGAIN_SECONDS = 2
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def imports(request: HttpRequest, space: str) -> HttpResponse:
    """GET: past lists and the form for a new one. POST: a file (`file`) or a pasted table (`text`) begins one."""
    by = actor(request)
    if request.method == "POST":
        try:
            data, name = _sent(request)
            batch = actions.begin(
                by=by,
                data=data,
                file_name=name,
                source=request.POST.get("source", ""),
                basis=request.POST.get("basis", ""),
                agency_id=_number(request.POST.get("agency", "")),
            )
            return HttpResponseRedirect(reverse("import", args=[space, batch.pk]))
        except Missing:
            raise
        except Refused as problem:
            return _start(request, space, problem=str(problem), typed=request.POST)
    return _start(request, space)


def _start(request: HttpRequest, space: str, problem: str = "", typed: Any = None) -> HttpResponse:
    context = {
        **queries.lists(actor(request)), "space": space, "problem": problem, "typed": typed or {},
        "megabytes": MOST_BYTES // 1_000_000, "most_rows": MOST_ROWS,
    }  # fmt: skip
    return render(request, "imports/imports.html", context, status=422 if problem else 200)


def _sent(request: HttpRequest) -> tuple[bytes, str]:
    file = request.FILES.get("file")
    if file is not None and file.size:
        if file.size > MOST_BYTES:
            raise Refused(
                _("This file is larger than %(most)s MB. Send it in parts.") % {"most": MOST_BYTES // 1_000_000}
            )
        return file.read(), file.name or "list"
    text = request.POST.get("text", "")
    if not text.strip():
        raise Refused(_("There is no list. Choose a file, or paste a table with its header."))
    return text.encode("utf-8", "replace"), _("pasted table")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def show(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: where a list is: its columns, the comparison under way, the rows to look at, or the report."""
    by = actor(request)
    batch = actions.imported(by, number)
    context: dict[str, Any] = {"batch": batch, "space": space}
    if batch.state in ("columns", "broken") or (batch.state == "review" and "columns" in request.GET):
        return render(request, "imports/columns.html", context | queries.columns(batch))
    if batch.state == "checking":
        response = render(request, "imports/checking.html", context)
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
        return response
    if batch.state == "discarded":
        return render(request, "imports/report.html", context)
    rows = queries.review(by, batch, request.GET.get("show", ""), _number(request.GET.get("page", "")) or 1)
    return render(request, "imports/review.html" if batch.state == "review" else "imports/report.html", context | rows)


def columns(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: `kind`, `version` and `column-0` …: which field each column fills; then the rows are compared."""
    by = actor(request)
    batch = actions.imported(by, number)
    chosen = [request.POST.get(f"column-{place}", "") for place in range(len(batch.header))]
    version = _number(request.POST.get("version", ""))
    kind = request.POST.get("kind", "")
    try:
        actions.choose_columns(by=by, batch=batch, kind=kind, chosen=chosen, version=version)
    except Missing:
        raise
    except Refused as problem:
        batch.kind, batch.columns = (kind or batch.kind), chosen
        context = {"batch": batch, "space": space, "problem": str(problem), **queries.columns(batch)}
        return render(request, "imports/columns.html", context, status=422)
    return HttpResponseRedirect(reverse("import", args=[space, number]))


def decide(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: `row`, `thing` and `answer`: same, different or later."""
    by = actor(request)
    batch = actions.imported(by, number)
    row = _number(request.POST.get("row", ""))
    try:
        count = actions.decide(
            by=by,
            batch=batch,
            row_number=row,
            thing=request.POST.get("thing", ""),
            answer=request.POST.get("answer", ""),
        )
        if count > 1:
            messages.info(request, _("That answered %(count)s rows that are about the same.") % {"count": count})
    except Missing:
        raise
    except Refused as problem:
        messages.error(request, str(problem))
    show_again = request.POST.get("show", "")
    again = f"?show={show_again}" if show_again.isalpha() else ""
    return HttpResponseRedirect(f"{reverse('import', args=[space, number])}{again}#rows")


def write(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: bring the list in, as its page shows it."""
    by = actor(request)
    return _act(
        request, space, number, lambda batch: actions.write(by=by, batch=batch), _("The list is in the record.")
    )


def undo(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: what taking the list back would do. POST: do it."""
    by = actor(request)
    if request.method == "POST":
        return _act(
            request, space, number, lambda batch: actions.undo(by=by, batch=batch), _("The list was taken back.")
        )
    batch = actions.imported(by, number)
    if batch.state != "done":
        return HttpResponseRedirect(reverse("import", args=[space, number]))
    return render(request, "imports/undo.html", {"batch": batch, "space": space, **queries.undo_preview(by, batch)})


def discard(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: throw a list away that was not brought in."""
    by = actor(request)
    return _act(request, space, number, lambda b: actions.discard(by=by, batch=b), _("The list was thrown away."))


def _act(request: HttpRequest, space: str, number: int, act: Any, done: str) -> HttpResponse:
    batch = actions.imported(actor(request), number)
    try:
        act(batch)
        messages.success(request, done)
    except Missing:
        raise
    except Refused as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(reverse("import", args=[space, number]))


def template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """GET: an empty list to fill in, as `csv` or `xlsx`."""
    if form not in TYPES:
        raise Missing(_("There is no such file."))
    content = templates.as_csv(kind) if form == "csv" else templates.as_xlsx(kind)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{kind}-template.{form}"'
    return response


def schema(request: HttpRequest, kind: str) -> HttpResponse:
    """GET: the Table Schema of a template."""
    return JsonResponse(templates.schema(kind), json_dumps_params={"indent": 2})
