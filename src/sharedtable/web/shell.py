"""What every page needs for its frame: menu, language switch, whether the visitor may change things."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sharedtable import __version__
from sharedtable.web.actor import actor
from sharedtable.web.local import is_operator
from sharedtable.web.policy import ROUTES

# The order in which a convener works; an entry appears when its page exists.
MENU = (
    ("region", _("Region")),
    ("industries", _("Industries")),
    ("profile", _("Profile")),
    ("sectors", _("Sectors")),
    ("data", _("Data")),
    ("guide", _("Guide")),
)
# Each language in its own words, for the switch.
OWN_NAMES = {"en": "English", "es": "Español"}


# What a visitor looks at goes along to the next page, so that nobody presents another region's figures by mistake.
GOES_ALONG = ("areas", "region", "name", "year", "ownership", "base", "threshold")
LONGEST = 24_000


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    kept = {key: ",".join(request.GET.getlist(key)) for key in GOES_ALONG if request.GET.get(key)}
    if here == "region-saved" and request.resolver_match:
        kept["region"] = str(request.resolver_match.kwargs["slug"])
    # On Sectors `name` is what the sector is called.
    if here.startswith("sectors"):
        kept.pop("name", None)
    along = f"?{urlencode(kept, safe=',')}" if kept else ""
    along = along if len(along) <= LONGEST else ""
    return [
        {"title": title, "address": reverse(name) + along, "is_here": here == name or here.startswith(f"{name}-")}
        for name, title in MENU
        if name in ROUTES
    ]


def _may(request: HttpRequest, verb: str) -> bool:
    by = actor(request)
    return by.is_operator or by.may(verb)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of every template: `menu`, `other_languages`, `come_back_to`, `is_operator`, `version`.

    `may_define`, `may_note`: whether the one who looks may keep regions and sectors, or write down what people know.
    """
    current = get_language() or settings.LANGUAGE_CODE
    return {
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "language": current,
        "other_languages": [(code, OWN_NAMES[code]) for code, _name in settings.LANGUAGES if code != current],
        "come_back_to": request.get_full_path() if request.method == "GET" else "/",
        "is_operator": SimpleLazyObject(lambda: is_operator(request)),
        "may_define": SimpleLazyObject(lambda: _may(request, "facts.define")),
        "may_note": SimpleLazyObject(lambda: _may(request, "facts.note")),
        "version": __version__,
    }
