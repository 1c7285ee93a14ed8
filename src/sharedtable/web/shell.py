"""What every page needs for its frame: menu, space, user, language switch, whether the visitor may change things."""

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
from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Role
from sharedtable.method import lists
from sharedtable.method.articles import help_for
from sharedtable.web.actor import actor, reader
from sharedtable.web.local import is_operator
from sharedtable.web.policy import ROUTES, opens

# The order in which a convener works; an entry appears when its page exists.
MENU = (
    ("region", _("Region")),
    ("industries", _("Industries")),
    ("profile", _("Profile")),
    ("sectors", _("Sectors")),
    ("data", _("Data")),
    ("library", _("Library")),
)
# The menu of a team. Region and what follows it in MENU stand under Facts.
FACTS, LIBRARY = "region", "library"
SPACE_MENU = (
    ("space", _("Home")),
    ("people", _("People")),
    ("partnerships", _("Partnerships")),
    ("meetings", _("Meetings")),
    ("worksheets", _("Worksheets")),
    (FACTS, _("Facts")),
    ("letters", _("Letters")),
    ("team", _("Team")),
)
# Each language in its own words, for the switch.
OWN_NAMES = {"en": "English", "es": "Español"}


# What a visitor looks at goes along to the next page, so that nobody presents another region's figures by mistake.
GOES_ALONG = ("areas", "region", "name", "year", "ownership", "base", "threshold")
LONGEST = 24_000


def _menu(request: HttpRequest, *, only_facts: bool = False) -> list[dict[str, Any]]:
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
        {
            "title": title,
            "address": reverse(name) + ("" if name == LIBRARY else along),
            "is_here": here == name or here.startswith(f"{name}-"),
        }
        for name, title in MENU
        if name in ROUTES and not (only_facts and name == LIBRARY)
    ]


def _is_fact(here: str) -> bool:
    names = [name for name, _title in MENU if name != LIBRARY]
    return any(here == name or here.startswith(f"{name}-") for name in names)


def _space_menu(request: HttpRequest, by: Actor) -> list[dict[str, Any]]:
    """The menu of the reader's space: an entry for each page that exists and that they may open."""
    if by.space is None:
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    entries = []
    for name, title in SPACE_MENU:
        rule = ROUTES.get(name)
        if rule is None or (rule.who == "member" and not opens(rule, by)):
            continue
        is_here = _is_fact(here) if name == FACTS else here == name or here.startswith(f"{name.removesuffix('s')}")
        if name == "people":
            is_here = is_here or here.startswith("person")
        if name == "partnerships" and request.resolver_match:
            is_here = is_here or "partnership" in request.resolver_match.kwargs
        address = reverse(name) if name == FACTS else reverse(name, kwargs={"space": by.space.slug})
        entries.append({"title": title, "address": address, "is_here": is_here})
    return entries


# What is needed now and then stands in the menu of the person.
MORE = (("imports", _("Lists")), ("history", _("History")), ("archive", _("Take everything along")))


def _more(request: HttpRequest, by: Actor) -> list[dict[str, Any]]:
    found = [
        {"title": title, "address": reverse(name, kwargs={"space": by.space.slug})}
        for name, title in MORE
        if by.space is not None and name in ROUTES and by.may(ROUTES[name].verb)
    ]
    found.insert(0, {"title": _("Library"), "address": reverse(LIBRARY)})
    if is_operator(request):
        found.append({"title": _("Letters on this machine"), "address": reverse("mail-folder")})
    return found


# Where a guest asks to come into a meeting: the same for all, whoever they are elsewhere.
DOOR = frozenset({"join", "join-code"})


def home_of(slug: str) -> str:
    """The address of a space's first page."""
    return reverse("space" if "space" in ROUTES else "team", kwargs={"space": slug})


def _frame(request: HttpRequest) -> dict[str, Any]:
    """Who reads, in which space, and which menus they get."""
    match = request.resolver_match
    if match is not None and ("link" in match.kwargs or match.view_name in DOOR):
        # Whoever came by a personal link, or to the door of a meeting, has one task, and no account to sign in with.
        return {"user": None, "is_link": True, "menu": [], "sub_menu": []}
    by = reader(request)
    here = request.resolver_match.view_name if request.resolver_match else ""
    help_address = reverse("library-help", args=[here]) if help_for(here) else ""
    if by.space is None:
        user = by if by.ref.startswith("user:") else None
        return {"user": user, "menu": _menu(request), "sub_menu": [], "help": help_address}
    return {
        "help": help_address,
        "guidepost": _guidepost(here),
        "sees": ROUTES[here].verb if here in ROUTES and ROUTES[here].who == "member" else "",
        "user": by,
        "space": by.space,
        "home": home_of(by.space.slug),
        "more": _more(request, by),
        "roles": [role.label for role in Role if role in by.every_role],
        "others": [(slug, name) for slug, name in by.spaces if slug != by.space.slug],
        "menu": _space_menu(request, by),
        "sub_menu": _menu(request, only_facts=True) if _is_fact(here) else [],
    }


def _guidepost(here: str) -> dict[str, str]:
    """What stands at the foot of a page of a partnership: how to read it."""
    found, language = lists.items("screens").get(here), get_language() or "en"
    return {"title": found.title(language), "text": found.text(language)} if found else {}


def _may(request: HttpRequest, verb: str) -> bool:
    by = actor(request)
    return by.is_operator or by.may(verb)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of every template: `frame` (user, space, menus), the languages, `is_operator`, `version`.

    `may_define`, `may_note`: whether the one who looks may keep regions and sectors, or write down what people know.
    """
    current = get_language() or settings.LANGUAGE_CODE
    return {
        "frame": SimpleLazyObject(lambda: _frame(request)),
        "language": current,
        "other_languages": [(code, OWN_NAMES[code]) for code, _name in settings.LANGUAGES if code != current],
        "come_back_to": request.get_full_path() if request.method == "GET" else "/",
        "is_operator": SimpleLazyObject(lambda: is_operator(request)),
        "may_define": SimpleLazyObject(lambda: _may(request, "facts.define")),
        "may_note": SimpleLazyObject(lambda: _may(request, "facts.note")),
        "version": __version__,
    }
