"""Probes beyond the matrix: two worlds, ids of others in forms, links in the wrong place, robots, people who left.

Each gives a list of what is wrong, so that the saboteurs can ask whether it would notice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils import timezone

from sharedtable.accounts import actions
from sharedtable.accounts.links import make_link
from sharedtable.accounts.models import Grant, PersonalLink, Space, User
from sharedtable.ledger.actions import Draft, queue
from sharedtable.ledger.models import Letter
from sharedtable.partnerships.models import Seat
from sharedtable.people.models import Membership, Organisation, Person
from sharedtable.web.links import PAGES
from sharedtable.web.policy import ROUTES
from tests.security.actors import Visitor
from tests.security.cases import IS_FULL, Case, Route, _leaks, ask, body_of, expected, masked, of_this_part, routes
from tests.security.world import (
    LETTERS,
    World,
    crossings,
    digest_of,
    link_of,
    mark,
    operator_of,
    rows_of,
)

ONE_STEP = {"ohio", "maine"}


def pages_of(visitor: Visitor, world: World, only: Collection[str] = ()) -> Iterator[Case]:
    """Every page that the tables open to this visitor; `only`: of the routes with these names."""
    for route in routes():
        if only and route.name not in only:
            continue
        case = Case(route, visitor, "GET", "mine")
        if 404 not in expected(case) and 405 not in expected(case):
            yield case


# --- two worlds -------------------------------------------------------------------------------------------------------


def change_the_other(world: World) -> None:
    """Another Maine: every text of it changed, more people, users, links and letters in it, and one person fewer."""
    team, now = world.cast.maine, timezone.now()
    stamp = {"space": team.space, "made_at": now, "changed_at": now}
    for number in range(3):
        place = Organisation.objects.create(kind="business", name=f"More {number}", search_text="more", **stamp)
        person = Person.objects.create(given_name="M", family_name=str(number), name=f"M {number}", **stamp)
        Membership.objects.create(
            space=team.space, person=person, organisation=place, started_on=now.date(), made_at=now
        )
        make_link(by=operator_of(team), purpose="undo", person_id=person.pk)
        draft = Draft("notice", f"more:{number}", "m@maine.example", "More", "More of it")
        queue(draft, by="operator", space_id=team.space.pk)
        user = User.objects.create_user(f"more{number}@maine.example", "More")
        Grant.objects.create(space=team.space, user=user, role="adviser", granted_by="operator", granted_at=now)
    Grant.objects.filter(space=team.space, role="state").update(revoked_at=now)
    Space.objects.filter(pk=team.space.pk).update(records_notice="changed", reply_to="changed@maine.example", version=9)
    mark(team.space.pk, "maine", "b")


def crawl(world: World, visitors: Iterable[Visitor], only: Collection[str] = ()) -> dict[str, tuple[int, bytes]]:
    """Every page that each of them can open, without what differs by itself; also what does not exist."""
    found = {}
    for visitor in visitors:
        for case in pages_of(visitor, world, only):
            path = case.path(world)
            response = ask(visitor, "GET", path)
            found[f"{visitor.name} {path}"] = (response.status_code, masked(body_of(response), path))
        for path in ("/s/maine/team/", "/s/maine/", "/s/no-such/", "/me/987654321/undo/", "/l/no-such-token"):
            response = ask(visitor, "GET", path)
            found[f"{visitor.name} {path}"] = (response.status_code, masked(body_of(response), path))
    return found


def world_problems(world: World, visitors: Iterable[Visitor], only: Collection[str] = ()) -> list[str]:
    """Pages of Ohio, of strangers and of visitors that change when Maine does."""
    seen = [one for one in visitors if one.team != "maine"]
    before = crawl(world, seen, only)
    change_the_other(world)
    after = crawl(world, seen, only)
    return [f"{key} differs when only the other space differs" for key in before if before[key] != after[key]]


# --- ids of others in forms -------------------------------------------------------------------------------------------


class Forms(HTMLParser):
    """The forms of a page: method, action, and each field with a value that would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self.types: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("method", "get").lower(), given.get("action", ""), {}))
        elif self.found and tag in {"input", "textarea", "button", "select"} and given.get("name"):
            self._select = given["name"] if tag == "select" else ""
            self.types[given["name"]] = given.get("type", "text") if tag == "input" else tag
            self.found[-1][2].setdefault(given["name"], given.get("value", ""))
        elif self.found and tag == "option" and self._select and "selected" in given:
            self.found[-1][2][self._select] = given.get("value", "")


def filled(fields: dict[str, str]) -> dict[str, str]:
    """A form with something fitting in each field that is empty."""
    words = {"email": "somebody@ohio.example", "role": "adviser", "state": "OH", "language": "en"}
    return {
        name: value or words.get(name, "" if name.endswith(("_on", "_at", "date")) else "Something")
        for name, value in fields.items()
        if name != "csrfmiddlewaretoken"
    }


# The forms in the frame of every page: they are tried where they lead.
FRAME = {"/language", "/sign-out/", "/spaces/"}
GUESSES = ("space", "person", "organisation", "organization", "partnership", "seat", "grant", "user", "agency", "link")


def foreign_ids(world: World) -> list[str]:
    """A number of the other space's things for each table, and its short names."""
    first: dict[str, int] = {}
    for row in rows_of(world.cast.maine.space.pk):
        first.setdefault(row._meta.label, row.pk)
    numbers = [str(number) for number in sorted(set(first.values()))]
    return [*numbers, world.cast.maine.space.slug, world.cast.maine.partnership.slug]


# What a browser takes for a choice, a number or something hidden may stand for a thing; a text is a text.
TEXTS = {"text", "email", "search", "date", "tel", "url", "textarea", "file", "password"}


def mixed_id_problems(world: World, visitors: Iterable[Visitor], only: Collection[str] = ()) -> list[str]:
    """Forms that take a thing of the other space: that change it, point to it, or show it."""
    found, sent = [], 0
    before = digest_of(world.cast.maine.space.pk)
    ids = foreign_ids(world)
    for case in of_this_part(case for visitor in visitors for case in pages_of(visitor, world, only)):
        rule, visitor = ROUTES[case.route.name], case.visitor
        if rule.who == "anyone" and not IS_FULL:
            continue
        path = case.path(world)
        parser = Forms()
        parser.feed(body_of(ask(visitor, "GET", path)).decode(errors="replace"))
        if "POST" in rule.methods:  # also what no form of the page offers
            parser.found += [("post", "", {name: ""}) for name in GUESSES]
        for method, action, fields in parser.found:
            if action in FRAME:
                continue
            for name in fields.keys() - {"csrfmiddlewaretoken", "next", "version"}:
                # Where a page offers no choice, the sample guesses a few.
                is_guess = parser.types.get(name, "text") in TEXTS and not IS_FULL
                for number in (
                    ids
                    if IS_FULL or parser.types.get(name) == "select" or name == "space"
                    else _some(ids, f"{path}{name}", 1 if is_guess else 3)
                ):
                    sent += 1
                    data = {**filled(fields), name: number}
                    found += _send(visitor, world, method, action or path, data, name, before)
    if digest_of(world.cast.maine.space.pk) != before:
        found.append("something of the other space was changed")
    mixed_id_problems.sent = sent  # type: ignore[attr-defined]
    return found


def _some(ids: list[str], key: str, count: int) -> list[str]:
    """A few of the numbers and names, for this field always the same ones."""
    ordered = sorted(ids, key=lambda one: hashlib.sha256(f"{key}{one}".encode()).digest())
    return ordered[:count]


def rows_written() -> int | None:
    """How many rows this connection wrote so far, as SQLite counts them; None where the database does not say."""
    return int(connection.connection.total_changes) if connection.vendor == "sqlite" else None


def _send(
    visitor: Visitor, world: World, method: str, path: str, data: dict[str, str], name: str, before: str
) -> list[str]:
    maine, ohio = world.cast.maine.space.pk, world.cast.ohio.space.pk
    browser, found = visitor.browser(), []
    with transaction.atomic():
        written = rows_written()
        response = (browser.post if method == "post" else browser.get)(path, data)
        body = body_of(response)
        # The sample takes the word of an answer that says that nothing was done; a full run looks all the same, unless
        # the database itself has seen nothing written.
        is_said = method == "post" and response.status_code in {200, 302}
        if is_said or (IS_FULL and (written is None or rows_written() != written)):
            if digest_of(maine) != before:
                found.append("changed the other space")
            found += [f"points there: {one}" for one in crossings(ohio)]
        # What was sent comes back; marks of the other space must not.
        found += [f"shows {leak.text}" for leak in _leaks(visitor, world, body)]
        if response.status_code >= 500:
            found.append(f"broke with {response.status_code}")
        transaction.set_rollback(True)
    return [f"{visitor.name}: {method} {path} with {name}={data[name]}: {one}" for one in found]


# --- links and tokens in the wrong place ------------------------------------------------------------------------------


def own_problems(world: World, visitors: Iterable[Visitor]) -> list[str]:
    """Pages of a personal link that show more than what the link is about."""
    found = []
    for visitor in (one for one in visitors if one.purpose and one.team == "ohio"):
        team = world.team(visitor.team)
        other = set(Seat.objects.filter(space=team.space).exclude(person=team.chair).values_list("pk", flat=True))
        for route in routes():
            if visitor.purpose not in ROUTES[route.name].purposes or "GET" not in ROUTES[route.name].methods:
                continue
            body = body_of(ask(visitor, "GET", link_path(route, world, visitor.link, visitor.team)))
            found += [f"{visitor.name}: {route.name} shows {mark.of}" for mark in _leaks(visitor, world, body)]
            # What others said of their seats is theirs.
            others = Seat.objects.filter(pk__in=other).exclude(partnership=team.partnership)
            said = {text for row in others.values_list("contribution", "area", "partnership__name") for text in row}
            is_seat = visitor.purpose == "seat"
            found += [f"{route.name} shows another seat" for text in said if text and is_seat and text.encode() in body]
    return found


def _asks(cookies: str, path: str, method: str = "GET") -> int:
    return ask(Visitor("thief", cookies=cookies), method, path).status_code


def swap_problems(world: World) -> list[str]:
    """Tokens that open what they are not for."""
    found = []

    def closed(what: str, status: int) -> None:
        if status != 404:
            found.append(f"{what}: {status}")

    link_routes = [route for route in routes() if ROUTES[route.name].who == "link"]
    for slug in sorted(ONE_STEP) if IS_FULL else ["ohio"]:
        team = world.team(slug)
        other = world.team("maine" if slug == "ohio" else "ohio")
        for purpose in of_this_part([*PAGES, "of-nothing"]):
            link, token = link_of(team, purpose)
            foreign, foreign_token = link_of(other, purpose)
            wrong = {
                "another link's number": (f"link-{foreign.pk}={token}", foreign.pk),
                "another link's token": (f"link-{link.pk}={foreign_token}", link.pk),
                "no token": ("", link.pk),
            }
            for route in link_routes:
                for what, (cookie, number) in wrong.items():
                    path = link_path(route, world, number, slug)
                    for method in ("GET", "POST"):
                        closed(f"{route.name} with {what}", _asks(cookie, path, method))
                if purpose not in ROUTES[route.name].purposes:
                    path = link_path(route, world, link.pk, slug)
                    closed(f"{route.name} with a link for {purpose}", _asks(f"link-{link.pk}={token}", path))
            closed(f"link for {purpose} as one-time link", _asks("", f"/sign-in/link/{token}", "POST"))
            cookies = f"link-{link.pk}={token}; sessionid={token}"
            for path in ("/spaces/", "/security/", f"/s/{slug}/team/"):
                closed(f"link for {purpose} at {path}", _asks(cookies, path))
            found += _dead_problems(link, token, link_routes, world, slug)
        one_time = world.value("sign-in-link", "one_time", slug)
        closed("one-time link as personal link", _asks("", f"/l/{one_time}"))
        set_up = actions.make_set_up_token()
        closed("set-up code as one-time link", _asks("", f"/sign-in/link/{set_up}", "POST"))
        closed("set-up code as personal link", _asks("", f"/l/{set_up}"))
    return found


def link_path(route: Route, world: World, number: int, slug: str) -> str:
    """The address of a page of a link."""
    path = "/" + route.pattern
    for name, _ in route.converters:
        value = number if name == "link" else world.value(route.name, name, slug)
        path = re.sub(rf"<(\w+:)?{name}>", str(value), path)
    return path


def _dead_problems(link: PersonalLink, token: str, link_routes: list[Route], world: World, slug: str) -> list[str]:
    """A link that expired, was revoked, or whose space is closed still opens something."""
    now, found = timezone.now(), []
    deaths = {
        "expired": (PersonalLink, link.pk, {"expires_at": now - timedelta(seconds=1)}),
        "revoked": (PersonalLink, link.pk, {"revoked_at": now}),
        "closed space": (Space, link.space_id, {"closed_at": now}),
    }
    for what, (model, number, change) in deaths.items():
        with transaction.atomic():
            model.objects.filter(pk=number).update(**change)
            if (status := _asks("", f"/l/{token}")) != 404:
                found.append(f"{what} link {link.purpose} opens: {status}")
            for route in link_routes:
                path = link_path(route, world, link.pk, slug)
                for method in ("GET", "POST"):
                    if (status := _asks(f"link-{link.pk}={token}", path, method)) != 404:
                        found.append(f"{what} link {link.purpose} still opens {route.name}: {status}")
            transaction.set_rollback(True)
    return found


# --- a robot that opens every link of every letter --------------------------------------------------------------------


def prefetch_problems(world: World) -> list[str]:
    """Links in letters that change something when they are only looked at."""
    for make in LETTERS:
        make(world.cast.ohio)
    world.value("sign-in-link", "one_time", "ohio")
    bodies = [*Letter.objects.values_list("body", flat=True)]
    bodies.append(f"http://testserver/sign-in/link/{world.value('sign-in-link', 'one_time', 'ohio')}")
    links = {found for body in bodies for found in re.findall(r"https?://\S+", body)}
    found, robot = [], Visitor("robot")
    for link in sorted(links):
        before = digest_of()
        jar = robot.browser()
        for method in ("get", "head") * 3:
            response = getattr(jar, method)(urlsplit(link).path, follow=True)
            if response.status_code >= 500:
                found.append(f"{link} broke")
        if digest_of() != before:
            found.append(f"looking at {urlsplit(link).path[:12]}… changed something")
    prefetch_problems.links = len(links)  # type: ignore[attr-defined]
    return found


# --- people who left --------------------------------------------------------------------------------------------------


def replay_problems(world: World, visitors: Iterable[Visitor]) -> list[str]:
    """Pages that still open for somebody whose role was ended, account closed, or who signed out everywhere."""
    found = []
    for visitor in (one for one in visitors if one.is_user and one.team and not one.has_to_arm):
        opened = [case for case in pages_of(visitor, world) if ROUTES[case.route.name].who in {"member", "user"}]
        if not opened:
            found.append(f"{visitor.name} opens nothing at all, so this shows nothing")
        opened = opened if IS_FULL else opened[:: max(1, len(opened) // 12)]
        user = User.objects.get(pk=visitor.user_id)
        endings = {
            "role ended": lambda user=user: Grant.objects.filter(user=user).update(revoked_at=timezone.now()),
            "account closed": lambda user=user: User.objects.filter(pk=user.pk).update(is_active=False),
            "signed out everywhere": lambda user=user: actions.sign_out_everywhere(user=user),
        }
        for what, end in endings.items():
            with transaction.atomic():
                end()
                for case in opened:
                    is_of_team = ROUTES[case.route.name].who == "member"
                    status = ask(visitor, "GET", case.path(world)).status_code
                    if status != 404 and (is_of_team or what != "role ended"):
                        found.append(f"{visitor.name}, {what}: {case.route.name} still gives {status}")
                transaction.set_rollback(True)
    return found
