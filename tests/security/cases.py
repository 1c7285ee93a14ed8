"""The matrix: every route, visitor, method and kind of thing, what must come back, and what was wrong with it."""

from __future__ import annotations

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from sharedtable.privacy import Privacy
from sharedtable.web.actor import TWO_STEPS
from sharedtable.web.policy import ROUTES
from tests.security.actors import Visitor
from tests.security.world import EMPTY, FACTORIES, NEEDS_MORE, World

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = {"GET", "HEAD"}
IS_FULL = os.environ.get("SHAREDTABLE_SECURITY") == "full"
# A full run takes hours, so it can be had in parts: "3/24" is the third of 24.
PART, PARTS = (int(number) for number in os.environ.get("SHAREDTABLE_SECURITY_PART", "1/1").split("/"))
NOTHING = 987_654_321
Thing = TypeVar("Thing")
# The door of a link itself: the token stands in the address, so it opens for whoever has it.
CARRIES_ITS_KEY = {"link", "sign-in-link", "stop-at-once"}
# Addresses without a space that name a thing of one.
OF_A_SPACE = {
    "note-withdraw", "live", "live-wall", "live-console", "live-help", "live-write", "live-people", "live-debrief",
    "live-over", "live-carry", "data-study", "region-saved", "region-saved-text", "sectors-saved", "sectors-saved-text",
    "library-entry", "library-entry-paper",
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """An address of the site as Django knows it."""

    name: str
    pattern: str
    converters: tuple[tuple[str, bool], ...]  # name, whether a number

    @property
    def objects(self) -> list[str]:
        """The converters that name a thing inside a space or behind a link."""
        return [name for name, _ in self.converters if name not in {"space", "link", "kind", "form", "words_list"}]


def routes() -> list[Route]:
    """Every address, read from the very resolver that serves them."""
    return list(_walk(get_resolver(), "", {}))


def _walk(resolver: URLResolver, prefix: str, above: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        own = {**above, **getattr(entry.pattern, "converters", {})}
        pattern = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield Route(entry.name or "", pattern, tuple((n, isinstance(c, IntConverter)) for n, c in own.items()))
        else:
            yield from _walk(entry, pattern, own)


def unknown_converters() -> list[str]:
    """Every converter without a factory."""
    return [
        f"{route.name}: {name}"
        for route in routes()
        for name, _ in route.converters
        if name not in FACTORIES and (route.name, name) not in FACTORIES
    ]


@dataclass(frozen=True)
class Case:
    """One request. `variant`: mine, other (everything of the other team), crossed (my space, their thing), absent,
    inside (my partnership, with a thing of my other one), beside (a thing of a partnership in which the role does not
    hold).
    """

    route: Route
    visitor: Visitor
    method: str
    variant: str

    def __str__(self) -> str:
        return f"{self.method} {self.route.name} as {self.visitor.name}, {self.variant}"

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def key(self) -> str:
        """A number that decides whether the sample has this case; the same in every run."""
        return hashlib.sha256(str(self).encode()).hexdigest()

    def teams(self) -> tuple[str, str]:
        """Whose space stands in the address, and whose thing; '' for none."""
        home, away = self.visitor.home, self.visitor.away
        has_things = bool(self.route.objects)
        return {
            "mine": (home, home),
            "other": (away, away),
            "crossed": (home, away),
            "absent": (home if has_things else "", ""),
            "inside": (home, home),
            "beside": (home, home),
        }[self.variant]

    def path(self, world: World) -> str:
        """The address."""
        place, thing = self.teams()
        path = "/" + self.route.pattern
        for name, is_number in self.route.converters:
            team = place if name in {"space", "link"} else thing
            absent = str(NOTHING) if is_number else "no-such-thing-here"
            value = world.value(self.route.name, name, team) if team else absent
            here = beside_of(world, self.visitor.home, self.route) if self.variant in {"inside", "beside"} else {}
            if name in here:
                value = value if self.variant == "inside" and name == "partnership" else here[name]
            if name == "link" and team and self.visitor.link:
                value = self.visitor.link if team == self.visitor.team else value
            path = re.sub(rf"<(\w+:)?{name}>", str(value), path)
        return path


def beside_of(world: World, slug: str, route: Route) -> dict[str, Any]:
    """What stands in this address for a thing of the team's other partnership."""
    found = world.beside[slug]
    if route.name.startswith("round"):
        return {"number": found["round"]}
    if route.name.startswith("walk"):
        return {"number": found["walk-number"]}
    names = {name for name, _ in route.converters}
    if (route.name.startswith("meeting-") or route.name == "meeting") and "number" in names:
        return {"number": found["meeting-number"]}
    return {name: value for name, value in found.items() if name in names}


def cases(world: World, visitors: Iterable[Visitor]) -> list[Case]:
    """Every case there is."""
    made = []
    for route in routes():
        names = {name for name, _ in route.converters}
        variants = ["mine"]
        if names & {"space", "link"}:
            variants += ["other", "absent"] + (["crossed"] if route.objects else [])
        elif route.name in OF_A_SPACE:
            variants += ["crossed"]
        in_partnership = beside_of(world, "ohio", route).keys()
        if in_partnership and "partnership" in names and len(in_partnership) > 1:
            variants += ["inside"]
        for visitor in visitors:
            made += [Case(route, visitor, method, variant) for variant in variants for method in METHODS]
            if in_partnership and visitor.limited_to:
                made += [Case(route, visitor, method, "beside") for method in METHODS]
    return made


def of_this_part(things: Iterable[Thing]) -> list[Thing]:
    """Every so-many-th of the things: in all parts together, each once."""
    return [one for number, one in enumerate(things) if number % PARTS == PART - 1]


def sample(every: list[Case], most: int = 6_700) -> list[Case]:
    """The cases of this run: all in a full one; else for each route and declared method one who enters and one who does
    not, of each kind of thing, for each other method one, and then as many as fit; always the same.
    """
    if IS_FULL:
        return of_this_part(every)
    chosen: dict[Case, None] = {}
    seen: set[tuple[str, ...]] = set()
    ordered = sorted(every, key=lambda case: case.key)
    for case in ordered:
        rule = ROUTES[case.route.name]
        enters = case.visitor.enters(rule, case.teams()[0], case.visitor.link)
        group: tuple[str, ...] = (case.route.name, case.method, str(enters))
        if case.method in rule.allowed and case.method != "HEAD":
            # Whoever is limited to one partnership is where lists of the whole space were forgotten.
            group += (case.variant, "limited" if case.visitor.limited_to and case.variant == "mine" else "")
        if group not in seen:
            seen.add(group)
            chosen[case] = None
    for case in ordered:
        if len(chosen) >= most:
            break
        chosen[case] = None
    return list(chosen)


# --- what must come back ----------------------------------------------------------------------------------------------


def expected(case: Case) -> set[int]:
    """The statuses that the tables allow."""
    rule, visitor = ROUTES[case.route.name], case.visitor
    place, thing = case.teams()
    if rule.who == "place":
        return visitor.at_the_table(case.route.name, case.method, rule, is_mine=thing == visitor.home)
    names = {name for name, _ in case.route.converters}
    link = visitor.link if place == visitor.team else 0
    if not visitor.enters(rule, place if "space" in names else visitor.team, link):
        return {404}
    if case.method not in rule.allowed:
        return {405}
    is_guarded = rule.who in {"user", "member", "operator"} and not rule.is_security
    if is_guarded and visitor.has_to_arm and visitor.roles & TWO_STEPS:
        return {302}
    if case.variant in {"crossed", "absent", "inside", "beside"} and case.route.objects:
        return {404}
    if case.route.name in CARRIES_ITS_KEY or case.route.name in EMPTY:
        return {200, 302, 404, 422}
    well = {200, 302}
    if case.method not in SAFE:
        # An empty form: refused in words, or about nothing.
        return well | {400, 404, 409, 422}
    if rule.who == "member" and visitor.limited_to:
        return well | {404}  # the page may be one of the whole space
    verb = NEEDS_MORE.get(case.route.name, rule.verb)
    if rule.who == "member" and case.route.objects and (visitor.only_own(verb) or not visitor.has(verb, place)):
        return well | {404}
    return well


MADE_AT = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)?")
NEXT = re.compile(rb'(name="next" value=")[^"]*')
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')
ONCE = re.compile(rb'(name="key" value=")[0-9a-f]{32}')  # what makes a form that is sent twice count once


def masked(body: bytes, *paths: str) -> bytes:
    """A page without what differs by itself: the tokens of its forms, and its own address."""
    if body.startswith(b"PK\x03\x04"):  # a file is compared by what is in it, without the time at which it was made
        body = MADE_AT.sub(b"", unpacked(body))
    for pattern in (NEXT, TOKEN, ONCE):
        body = pattern.sub(rb"\1", body)
    for path in paths:
        body = body.replace(path.encode(), b"/PATH")
    return body


def body_of(response: HttpResponseBase) -> bytes:
    """All bytes of an answer, streamed ones too."""
    if response.streaming:
        return b"".join(response)  # type: ignore[attr-defined]
    return bytes(response.content)  # type: ignore[attr-defined]


def ask(visitor: Visitor, method: str, path: str, data: dict[str, str] | None = None) -> HttpResponseBase:
    """One request; whatever it changes is taken back."""
    browser = visitor.browser()
    with transaction.atomic():
        if method == "POST":
            response = browser.post(path, data or {})
        elif method == "GET":
            response = browser.get(path, data or {})
        else:
            response = browser.generic(method, path)
        transaction.set_rollback(True)
    return response


def problems_of(case: Case, world: World, missing: dict[str, bytes]) -> list[str]:
    """Everything that is wrong with the answer to one case."""
    path = case.path(world)
    response = ask(case.visitor, case.method, path)
    rule, found = ROUTES[case.route.name], []
    allowed = expected(case)
    if response.status_code not in allowed:
        found.append(f"status {response.status_code}, expected {sorted(allowed)}")
    if "default-src 'none'" not in response.headers.get("Content-Security-Policy", ""):
        found.append("no content policy")
    if (
        not (rule.is_public and response.status_code == 200)
        and response.headers.get("Cache-Control") != "private, no-store"
    ):
        found.append("may be kept by a cache")
    if response.headers.get("X-Content-Type-Options") != "nosniff" or not response.headers.get("Referrer-Policy"):
        found.append("a header is missing")
    if not case.visitor.cookies and not case.visitor.is_operator and case.method in SAFE:
        # A form that anybody may send carries a token; its cookie is the only one.
        fitting = {"csrftoken"} if rule.who == "anyone" and "POST" in rule.methods else set()
        fitting |= {name for name in response.cookies if case.route.name == "link" and name.startswith("link-")}
        if set(response.cookies) - fitting:
            found.append(f"cookies {sorted(response.cookies)} for somebody unknown")
    body = body_of(response)
    found += [f"shows {m.level} of space {m.space_id}: {m.of} {m.text}" for m in _leaks(case.visitor, world, body)]
    is_closed = allowed == {404} and response.status_code == 404 and case.method == "GET" and case.variant == "other"
    if is_closed and masked(body, path) != _missing(case.visitor, missing):
        found.append("a closed page differs from a missing one")
    return [f"{case}: {problem}" for problem in found]


def unpacked(body: bytes) -> bytes:
    """A body, and all files in it when it is an archive: .zip, .xlsx, .docx, .pptx."""
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(unpacked(archive.read(name)) for name in archive.namelist())


# What leaves by a file of the whole: the archive of a team holds every level up to that of its verb; an
# agency takes along its own list without private notes, and what it wrote for itself.
PRIVATE = ("people.Person.notes", "people.Organisation.notes", "people.Evidence.")


def _goes_out(mark: Any, visitor: Visitor, body: bytes) -> bool:
    if (
        not body.startswith(b"PK")
        or b"manifest.json" not in body
        or (visitor.agency_id and mark.of.startswith(PRIVATE))
    ):
        return False
    if mark.space_id != visitor.space_id or visitor.limited_to:
        return False
    is_own = mark.agency_id == visitor.agency_id != 0
    if is_own and mark.of == "people.Tie.note":
        return True
    return mark.level is not Privacy.NAMED and (visitor.has("space.export", visitor.team) or is_own)


def _leaks(visitor: Visitor, world: World, body: bytes) -> list[Any]:
    hits = set(re.findall(rb"zq(?:oh|ma)\w[0-9a-f]{10}", unpacked(body)))
    # A mail address holds its mark.
    closed = [mark for mark in world.marks if mark.text[:15].encode() in hits and not visitor.may_read(mark, world)]
    return [mark for mark in closed if not _goes_out(mark, visitor, body)]


def _missing(visitor: Visitor, known: dict[str, bytes]) -> bytes:
    if visitor.name not in known:
        path = "/s/ohio/there-is-no-such-page/"
        known[visitor.name] = masked(body_of(ask(visitor, "GET", path)), path)
    return known[visitor.name]


def matrix_problems(world: World, chosen: Iterable[Case]) -> list[str]:
    """Everything that is wrong with the answers to these cases."""
    missing: dict[str, bytes] = {}
    return [problem for case in chosen for problem in problems_of(case, world, missing)]
