"""What people know that figures do not show: written down beside a profile, and taken back when it no longer holds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.studies import actions
from sharedtable.studies.questions import region_of, sector_of
from sharedtable.web.actor import actor


def add(request: HttpRequest) -> HttpResponse:
    """POST: add a note to the profile that the form names by its areas and industries."""
    form = request.POST
    by = actor(request)
    region = region_of(form.get("areas", ""), "", form.get("name", ""), by=by)
    sector = sector_of(form.get("industries", ""), form.get("exclude", ""), form.get("sector", ""), by=by)
    if sector is None:
        raise Refused(_("Say which industry the note is about."))
    note = actions.NewNote(
        form.get("text", ""), form.get("measure", ""), form.get("kind", "knowledge"), form.get("said_by", "")
    )
    actions.add_note(note, by=by, region=region, sector=sector)
    messages.success(request, _("Written down. It stands beside the figures now."))
    return HttpResponseRedirect(_back(request) + "#knowledge")


def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """POST: mark a note as no longer holding."""
    actions.withdraw_note(number, by=actor(request))
    messages.success(request, _("Taken back. It stays on record and leaves the page."))
    return HttpResponseRedirect(_back(request) + "#knowledge")


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours else reverse("data")
