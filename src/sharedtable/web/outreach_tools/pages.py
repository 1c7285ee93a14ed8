"""Who does what in which step; what the law means by a pathway; the three rings of programs that call on companies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharedtable.method import lists
from sharedtable.partnerships import team_queries
from sharedtable.web.actor import actor
from sharedtable.web.outreach_tools.frame import page, tongue
from sharedtable.web.outreach_tools.rings import drawn
from sharedtable.worksheets import roles_matrix as matrix

# The six parts of the toolkit stand in the worksheet; this is where the toolkit itself is.
TOOLKIT = "https://careerpathways.workforcegps.org"


def roles_matrix(request: HttpRequest, space: str) -> HttpResponse:
    """GET: five groups by six steps, and what each does in each."""
    found = matrix.matrix(actor(request), tongue())
    return page(request, "roles_matrix", _("Roles and responsibilities"), {"found": found})


def roles_download(request: HttpRequest, space: str, kind: str) -> HttpResponse:
    """GET: the matrix as Word or PDF."""
    by = actor(request)
    made = matrix.matrix_file(matrix.matrix(by, tongue()), kind, by.space.name if by.space else "")
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})


def pathway_definitions(request: HttpRequest, space: str) -> HttpResponse:
    """GET: what the law means by a career pathway, wording for reports, and where the toolkit is."""
    language = tongue()
    items = lists.items("pathway_definitions").values()
    parts = {kind: [(one.title(language), one.text(language), one.source) for one in items if one.more["kind"] == kind]
             for kind in ("meaning", "report")}  # fmt: skip
    return page(request, "pathway_definitions", _("Pathways in the law"), {**parts, "toolkit": TOOLKIT})


def rings(request: HttpRequest, space: str) -> HttpResponse:
    """GET: everybody who calls on companies, drawn as three rings from the register."""
    groups = team_queries.programs(actor(request))
    return page(request, "rings", _("Three rings"), {"groups": groups, "rings": drawn(groups)})
