"""The life of a round, for those who run it: start, look over, send, watch, show, again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.accounts.links import address_of
from sharedtable.errors import Missing, Refused
from sharedtable.people.values import number
from sharedtable.web.actor import actor
from sharedtable.web.pictures import picture
from sharedtable.web.worksheets.forms import StartForm
from sharedtable.worksheets import letters, queries, round_actions
from sharedtable.worksheets.round_actions import NewRound


def _go(space: str, number: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("round", args=[space, number]))


def start(request: HttpRequest, space: str, tool: str) -> HttpResponse:
    """GET: for whom, how, until when. POST: make the draft, which is then looked over before anything is sent."""
    by, language = actor(request), get_language() or "en"
    given = request.POST if request.method == "POST" else request.GET
    page = queries.start_page(by, tool, language, given.get("partnership", ""))
    form = StartForm(
        page.worksheet,
        request.POST if request.method == "POST" else None,
        initial={"is_anonymous": page.may_be_nameless},
    )
    people = [found for one in given.getlist("people")[:2_000] if (found := number(one))]
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            wanted = NewRound(
                tool, form.cleaned_data["way"], page.partnership, form.cleaned_data["is_anonymous"], people,
                form.cleaned_data["closes_on"], form.cleaned_data["note"], form.given_lists(),
            )  # fmt: skip
            return _go(space, round_actions.start_round(wanted, by=by).pk)
        except Missing:
            raise
        except Refused as refusal:
            problem = str(refusal)
    context = {
        "page": page, "form": form, "problem": problem, "space": space,
        "chosen": people if request.method == "POST" else page.suggested, "worksheet": page.worksheet, "tool": tool,
        "trail": [
            (_("Worksheets"), reverse("worksheets", args=[space])),
            (page.worksheet.title, reverse("worksheet", args=[space, tool])),
            (_("Start a round"), None),
        ],
    }  # fmt: skip
    is_wrong = bool(problem) or (form.is_bound and not form.is_valid())
    return render(request, "worksheets/start.html", context, status=422 if is_wrong else 200)


def round_page(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: a draft to look over, or how far a round is."""
    by = actor(request)
    page = queries.round_page(by, number, get_language() or "en")
    first = next((asked for asked, _done in page.progress.names if asked.person.email), None)
    sample = letters.words(page.round, first, letters.SAMPLE, "ask", by.name) if first else ("", "")
    context = {
        "page": page,
        "round": page.round,
        "worksheet": page.worksheet,
        "letters": page.progress.asked - len(page.progress.without_address),
        "first": first,
        "subject": sample[0],
        "body": sample[1],
        "privacy": letters.privacy_words(page.round),
        "trail": [
            (_("Worksheets"), reverse("worksheets", args=[space])),
            (page.worksheet.title, reverse("worksheet", args=[space, page.round.tool_id])),
            (_("Round"), None),
        ],
    }
    return render(request, "worksheets/round.html", context)


def open_round(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: open a draft; letters wait ten minutes before they leave."""
    count = round_actions.open_round(number, by=actor(request))
    if count:
        said = ngettext(
            "%(count)d letter waits ten minutes, then it leaves.",
            "%(count)d letters wait ten minutes, then they leave.",
            count,
        )
        messages.success(request, said % {"count": count})
    return _go(space, number)


def slips(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: a page to print with a link and its picture for each person without a mail address."""
    found, made = round_actions.make_slips(number, by=actor(request))
    context = {
        "round": found,
        "worksheet": found.worksheet(get_language() or "en"),
        "slips": [(slip, address_of(slip.token), *picture(address_of(slip.token))) for slip in made],
        "privacy": letters.privacy_words(found),
    }
    return render(request, "worksheets/slips.html", context)


def remind(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: write once more."""
    count = round_actions.remind(number, by=actor(request))
    said = ngettext("%(count)d reminder waits to leave.", "%(count)d reminders wait to leave.", count)
    messages.success(request, said % {"count": count})
    return _go(space, number)


def reveal(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: close the answers and show the result."""
    round_actions.reveal(number, by=actor(request))
    return HttpResponseRedirect(reverse("round-results", args=[space, number]))


def call_off(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: end a round without a result."""
    round_actions.call_off(number, by=actor(request))
    messages.success(request, _("The round was called off."))
    return HttpResponseRedirect(reverse("worksheets", args=[space]))


def again(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: the draft of the next round, with the same people."""
    made = round_actions.again(number, by=actor(request))
    messages.success(request, _("This is the draft of the next round. Look it over, then send."))
    return _go(space, made.pk)
