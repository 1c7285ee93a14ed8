"""Sectors: choose industries, set rules on them, see at once what they take in here, keep them under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.studies import actions, region_queries
from sharedtable.studies import sector_queries as queries
from sharedtable.studies.models import Definition
from sharedtable.studies.questions import Region, Sector, default_region
from sharedtable.web.actor import actor
from sharedtable.web.addresses import about
from sharedtable.web.texts import plain_text, read_text

KEYS = ("include", "exclude", *queries.FIELDS.values(), "rules", "name", "areas", "region", "digits", "open", "q")
LONGEST = {"include": 4_000, "exclude": 4_000, "areas": 24_000, "rules": 600}
LONGEST_OTHER = 120
DIGITS = (2, 3, 4, 5, 6)
USUAL_DIGITS = 4


def sectors_address(given: Mapping[str, str], **changes: str) -> str:
    """The address of the page in that state with some keys changed."""
    wanted = {**given, **changes}
    kept = {key: wanted[key] for key in KEYS if wanted.get(key)}
    return reverse("sectors") + (f"?{urlencode(kept, safe=',')}" if kept else "")


def sectors(request: HttpRequest) -> HttpResponse:
    """GET: the page; its whole state stands in its address."""
    given = _given(request.GET)
    problem, found = "", None
    try:
        found = _sector(given)
    except Refused as refusal:
        problem = str(refusal)
    region = region_queries.region_from([given["areas"]], given["region"]) or default_region()
    digits = int(given["digits"]) if given["digits"] in map(str, DIGITS) else USUAL_DIGITS
    way, parts = queries.parts(given["open"], found)
    context = {
        "given": given,
        "problem": problem,
        "sector": found,
        "rule_words": queries.rule_words(found.rules) if found else (),
        "chosen": [
            (code, title, sectors_address(given, include=_without(given["include"], code)))
            for code, title in queries.titled(found.include if found else ())
        ],
        "left_out": [
            (code, title, sectors_address(given, exclude=_without(given["exclude"], code)))
            for code, title in queries.titled(found.exclude if found else ())
        ],
        "way": [(code, title, sectors_address(given, open=code, q="")) for code, title in way],
        "top": sectors_address(given, open="", q=""),
        "parts": _offered(parts, given),
        "found": _offered(queries.search(given["q"], found), given) if given["q"] else None,
        "preview": queries.preview(found, region, digits, get_language() or "en") if found else None,
        "region": region,
        "digits": digits,
        "all_digits": DIGITS,
        "text": found.to_text() if found else "",
        "text_address": sectors_address(given).replace(reverse("sectors"), reverse("sectors-text"), 1),
        "saved": region_queries.saved(actor(request), region_queries.Kind.SECTOR),
        **(_onward(found, region) if found else {}),
    }
    return render(request, "sectors/sectors.html", context, status=422 if problem else 200)


def _given(query: QueryDict) -> dict[str, str]:
    given = {key: query.get(key, "").strip() for key in KEYS}
    for key, value in given.items():
        if len(value) > LONGEST.get(key, LONGEST_OTHER) or "\0" in value:
            raise Refused(_("“%(field)s” is too long, or holds signs that cannot be read.") % {"field": key})
    return given


def _sector(given: Mapping[str, str]) -> Sector | None:
    return queries.sector_from(given["include"], given["exclude"], queries.rules_from(given), given["name"])


def _codes(text: str) -> list[str]:
    return [code for code in text.replace(";", ",").replace(" ", ",").split(",") if code]


def _without(text: str, code: str) -> str:
    return ",".join(item for item in _codes(text) if item.lstrip("-") != code)


def _offered(industries: list[queries.Industry], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each industry with what can be done: take it in, leave it out again, look inside."""
    made = []
    for one in industries:
        added = ",".join(dict.fromkeys([*_codes(given["include"]), one.code]))
        dropped = _without(given["include"], one.code)
        out = (
            given["exclude"]
            if one.code in _codes(given["include"])
            else ",".join([*_codes(given["exclude"]), one.code])
        )
        made.append(
            {
                "one": one,
                "add": sectors_address(given, include=added, exclude=_without(given["exclude"], one.code)),
                "leave": sectors_address(given, include=dropped, exclude=out),
                "inside": sectors_address(given, open=one.code, q=""),
            }
        )
    return made


def _onward(sector: Sector, region: Region) -> dict[str, str]:
    codes = {
        "industries": ",".join(sector.include),
        "exclude": ",".join(sector.exclude),
        "sector": sector.name,
    }
    return {
        "profile_address": about("profile", region.areas, region.name, **codes),
        "industries_address": about("industries", region.areas, region.name, **codes),
    }


def save(request: HttpRequest) -> HttpResponse:
    """POST: keep a sector under its name, as a new version when the name is taken."""
    given = {key: request.POST.get(key, "").strip() for key in KEYS}
    found = _sector(given)
    if found is None:
        raise Refused(_("Choose at least one industry first."))
    return _kept(request, actions.save_sector(found, by=actor(request), note=request.POST.get("note", "")))


def read(request: HttpRequest) -> HttpResponse:
    """POST: keep a sector from its plain-text form, pasted or as a file."""
    found = queries.parse_sector(read_text(request))
    return _kept(request, actions.save_sector(found, by=actor(request), note=found.note or _("Brought in as text.")))


def _kept(request: HttpRequest, kept: Definition) -> HttpResponse:
    said = _("Kept as “%(name)s”, version %(version)d.") % {"name": kept.name, "version": kept.version}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("sectors-saved", args=[kept.slug]))


def saved(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: a kept sector with all its versions."""
    kept = region_queries.versions(actor(request), region_queries.Kind.SECTOR, slug)
    rows = []
    for item in kept:
        sector = queries.as_sector(item)
        lists = queries.titled(sector.include), queries.titled(sector.exclude), queries.rule_words(sector.rules)
        rows.append((item, *lists, sectors_address(queries.fields_of(sector))))
    context = {
        "kept": kept[0],
        "rows": rows,
        "address": rows[0][-1],
        "trail": [(_("Sectors"), reverse("sectors")), (kept[0].name, None)],
        **_onward(queries.as_sector(kept[0]), default_region()),
    }
    return render(request, "sectors/saved.html", context)


def text(request: HttpRequest) -> HttpResponse:
    """GET: the plain-text form of the sector in the address, as a file."""
    found = _sector(_given(request.GET))
    if found is None:
        raise Missing(_("Choose at least one industry first."))
    return plain_text(found.to_text(), found.name)


def saved_text(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """GET: the plain-text form of one kept version, as a file."""
    for item in region_queries.versions(actor(request), region_queries.Kind.SECTOR, slug):
        if item.version == version:
            return plain_text(item.text, f"{item.slug}-{version}")
    raise Missing(_("There is no such version of this sector."))
