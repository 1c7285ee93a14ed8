"""Each saboteur takes one guard away; the generated tests must notice. One that nobody notices fails here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.http import HttpResponseForbidden
from django.utils import timezone

from sharedtable.accounts import actions, actors, links, queries, sessions
from sharedtable.accounts.actors import Actor, actor_of_link, actor_of_user
from sharedtable.accounts.models import ConsoleToken, Grant, LinkAct, PersonalLink, Role, Space, User
from sharedtable.accounts.permissions import CAN
from sharedtable.partnerships import doors, seat_acts
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people import queries as people_queries
from sharedtable.people.models import Person
from sharedtable.web import actor as web_actor
from sharedtable.web import headers, policy, shell
from sharedtable.web.accounts import personal, signing_in, team
from sharedtable.web.policy import ROUTES
from sharedtable.web.rule import Rule
from tests.security.actors import Visitor
from tests.security.cases import Case, _leaks, ask, body_of, cases, matrix_problems
from tests.security.probes import (
    mixed_id_problems,
    own_problems,
    prefetch_problems,
    replay_problems,
    swap_problems,
    world_problems,
)
from tests.security.test_matrix import law_problems, structure_problems
from tests.security.world import World

SOME = {"visitor", "ohio convener", "ohio state", "stranger"}
OURS = ("team", "team-give", "team-revoke", "undo", "mfa_index", "home")


def matrix(world: World, visitors: list[Visitor]) -> list[str]:
    """The matrix over some pages, with everybody but the operator and the other team."""
    some = [one for one in visitors if not one.is_operator and one.team != "maine"]
    chosen = [case for case in cases(world, some) if case.route.name in OURS and _is_telling(case)]
    return matrix_problems(world, chosen)


def _is_telling(case: Case) -> bool:
    return case.method == "GET" or (case.method == "PUT" and case.visitor.name == "ohio admin")


def mixed(world: World, visitors: list[Visitor]) -> list[str]:
    """Ids of others in the forms of an administrator."""
    return mixed_id_problems(world, [one for one in visitors if one.name == "ohio admin"], ("team-give", "spaces"))


ROOMS = ("person", "partnership-seat", "twin")


def rooms(world: World, visitors: list[Visitor]) -> list[str]:
    """Reading some pages of people and partnerships, also with things of others."""
    some = [one for one in visitors if one.team == "ohio" and one.is_user]
    chosen = [case for case in cases(world, some) if case.route.name in ROOMS and case.method == "GET"]
    # Also somebody who stands on another agency's list.
    found = matrix_problems(world, chosen)
    agency = next(one for one in visitors if one.name == "ohio agency")
    other = Person.objects.get(space=world.cast.ohio.space, agency=world.cast.ohio.board)
    body = body_of(ask(agency, "GET", f"/s/ohio/people/{other.pk}/"))
    return found + [f"the agency sees {mark.of}" for mark in _leaks(agency, world, body)]


Probe = Callable[[World, list[Visitor]], list[str]]
PROBES: dict[str, Probe] = {
    "matrix": matrix,
    "rooms": rooms,
    "worlds": lambda world, visitors: world_problems(world, [v for v in visitors if v.name in SOME], OURS),
    "mixed": mixed,
    "own": own_problems,
    "swap": lambda world, _visitors: swap_problems(world),
    "prefetch": lambda world, _visitors: prefetch_problems(world),
    "replay": lambda world, visitors: replay_problems(world, [v for v in visitors if v.name == "ohio convener"]),
    "structure": lambda _world, _visitors: structure_problems(),
    "law": lambda _world, _visitors: law_problems(),
}


@dataclass(frozen=True)
class Saboteur:
    """What is taken away, and which probe has to notice."""

    name: str
    probe: str
    strike: Callable[[pytest.MonkeyPatch], None]


SABOTEURS: list[Saboteur] = []


def saboteur(probe: str) -> Callable[[Callable[[pytest.MonkeyPatch], None]], Callable[[pytest.MonkeyPatch], None]]:
    """Adds a function to the saboteurs."""

    def add(strike: Callable[[pytest.MonkeyPatch], None]) -> Callable[[pytest.MonkeyPatch], None]:
        SABOTEURS.append(Saboteur(strike.__name__.strip("_"), probe, strike))
        return strike

    return add


def everywhere(monkeypatch: pytest.MonkeyPatch, name: str, value: Any) -> None:
    """Replace a function in each module that imported it."""
    for module in (actors, links, actions, queries, web_actor, policy, shell, team, personal, signing_in):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, value)


# --- filters ----------------------------------------------------------------------------------------------------------


@saboteur("matrix")
def the_list_of_the_team_forgets_its_space(monkeypatch):
    def everybody(actor: Actor) -> list[Any]:
        found = Grant.objects.filter(revoked_at=None).select_related("user")
        now = timezone.now()
        return [queries.Member(g.pk, g.user.name, g.user.email, g.role, "", 0, 0, now, None, False) for g in found]

    monkeypatch.setattr(queries, "team", everybody)


@saboteur("matrix")
def the_door_of_a_grant_forgets_its_space(monkeypatch):
    monkeypatch.setattr(queries, "grant", lambda actor, number: Grant.objects.get(pk=number))


@saboteur("matrix")
def mail_addresses_are_shown_to_everybody(monkeypatch):
    honest = queries.team

    def open_team(actor: Actor) -> list[Any]:
        emails = dict(Grant.objects.values_list("pk", "user__email"))
        return [replace(one, email=emails[one.grant]) for one in honest(actor)]

    monkeypatch.setattr(queries, "team", open_team)


@saboteur("worlds")
def the_frame_counts_every_team(monkeypatch):
    honest = shell._frame
    monkeypatch.setattr(
        shell, "_frame", lambda request: {**honest(request), "menu": [{"title": Grant.objects.count(), "address": "/"}]}
    )


@saboteur("mixed")
def a_role_may_be_limited_to_a_partnership_of_another_team(monkeypatch):
    monkeypatch.setattr(team, "choices", lambda actor: list(Partnership.objects.all()))
    honest = actions.give_role

    def careless(*, by: Actor, new: Any) -> Grant:
        made = honest(by=by, new=replace(new, partnership=None))
        if new.partnership is not None:
            Grant.objects.filter(pk=made.pk).update(partnership_id=new.partnership.pk)
        return made

    monkeypatch.setattr(team, "give_role", careless)


@saboteur("mixed")
def choosing_a_space_asks_for_no_role_there(monkeypatch):
    def into_any(user: User, slug: str | None = None, *, preferred: int = 0) -> Actor:
        space = Space.objects.filter(slug=slug).first()
        return actor_of_user(user, slug, preferred=preferred) if space is None else Actor("user:1", "x", space)

    monkeypatch.setattr(team, "actor_of_user", into_any)
    monkeypatch.setattr(
        team, "home_of", lambda slug: Space.objects.filter(slug=slug).update(version=7) and f"/s/{slug}/"
    )


@saboteur("rooms")
def the_door_of_a_person_forgets_its_space(monkeypatch):
    monkeypatch.setattr(people_queries, "person", lambda actor, pk, verb="people.see": Person.objects.get(pk=pk))


@saboteur("rooms")
def the_agency_sees_the_contacts_of_another_list(monkeypatch):
    honest = Actor.may
    monkeypatch.setattr(
        Actor, "may", lambda self, verb, thing=None: honest(self, verb, None if verb == "people.contact" else thing)
    )


@saboteur("own")
def a_link_to_a_seat_opens_another_seat(monkeypatch):
    def any_seat(by: Actor) -> Seat:
        others = Seat.objects.exclude(person_id=by.person_id).exclude(contribution="")
        return others.filter(space_id=by.space_id).select_related("person", "partnership", "space")[0]

    monkeypatch.setattr(seat_acts, "held_seat", any_seat)


@saboteur("rooms")
def a_seat_opens_at_the_address_of_another_partnership(monkeypatch):
    monkeypatch.setattr(doors, "seat", lambda actor, partnership, pk, verb="": doors.one_of(actor, Seat.objects, pk))


@saboteur("rooms")
def pairs_are_shown_to_a_role_in_one_partnership(monkeypatch):
    monkeypatch.setitem(ROUTES, "twin", replace(ROUTES["twin"], is_of_space=False))
    monkeypatch.setattr(Actor, "may_everywhere", lambda self, verb: self.may(verb))


# --- checks -----------------------------------------------------------------------------------------------------------


@saboteur("matrix")
def the_policy_lets_everybody_in(monkeypatch):
    monkeypatch.setattr(policy, "may", lambda request, rule: True)


@saboteur("matrix")
def a_role_of_one_space_counts_in_every_space(monkeypatch):
    def anywhere(user: User, slug: str | None = None, *, preferred: int = 0) -> Actor:
        found = actor_of_user(user)
        space = Space.objects.filter(slug=slug).first() if slug else found.space
        return replace(found, space=space)

    everywhere(monkeypatch, "actor_of_user", anywhere)


@saboteur("matrix")
def a_role_in_one_partnership_counts_in_the_whole_space(monkeypatch):
    monkeypatch.setattr(Actor, "may_everywhere", lambda self, verb: self.may(verb))


@saboteur("matrix")
def methods_are_not_looked_at(monkeypatch):
    monkeypatch.setattr(
        Rule, "allowed", property(lambda self: frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}))
    )
    # The expectation reads the same property, so it is the law of the form that notices: nothing is 405 any more.
    monkeypatch.setattr("tests.security.cases.expected", lambda case: _expected_by_methods(case))


def _expected_by_methods(case: Case) -> set[int]:
    rule = ROUTES[case.route.name]
    is_declared = case.method in set(rule.methods) | ({"HEAD"} if "GET" in rule.methods else set())
    return {200, 302, 404, 422, 400} if is_declared else {404, 405}


@saboteur("matrix")
def who_may_not_enter_is_told_so(monkeypatch):
    class Loud(policy.PolicyMiddleware):
        def process_view(self, request, view, args, kwargs):
            rule = ROUTES[request.resolver_match.view_name]
            return None if policy.may(request, rule) else HttpResponseForbidden("no")

    monkeypatch.setattr(policy, "PolicyMiddleware", Loud)


@saboteur("matrix")
def a_closed_page_looks_unlike_a_missing_one(monkeypatch):
    monkeypatch.setattr(policy, "forget_address", lambda request: None)


@saboteur("matrix")
def staff_need_no_second_step(monkeypatch):
    monkeypatch.setattr(policy, "needs_second_step", lambda request: False)


@saboteur("matrix")
def a_closed_account_keeps_its_session(monkeypatch):
    monkeypatch.setattr(sessions.Backend, "get_user", lambda self, number: User.objects.filter(pk=number).first())


@saboteur("replay")
def an_ended_role_goes_on(monkeypatch):
    def unforgetting(user: User, slug: str | None = None, *, preferred: int = 0) -> Actor:
        grant = Grant.objects.filter(user=user).select_related("space").first()
        if grant is None or (slug and grant.space.slug != slug):
            return Actor(f"user:{user.pk}")
        return Actor(f"user:{user.pk}", user.name, grant.space, frozenset({grant.role}))

    everywhere(monkeypatch, "actor_of_user", unforgetting)


@saboteur("replay")
def signing_out_everywhere_ends_nothing(monkeypatch):
    monkeypatch.setattr(actions, "sign_out_everywhere", lambda *, user: None)


# --- headers ----------------------------------------------------------------------------------------------------------


@saboteur("matrix")
def caches_may_keep_every_page(monkeypatch):
    monkeypatch.setattr(headers.HeadersMiddleware, "process_response", lambda self, request, response: response)


@saboteur("matrix")
def there_is_no_content_policy(monkeypatch):
    from csp.middleware import CSPMiddleware

    monkeypatch.setattr(CSPMiddleware, "process_response", lambda self, request, response: response)


@saboteur("matrix")
def a_visitor_gets_a_session_for_looking(monkeypatch):
    honest = shell._frame

    def curious(request: Any) -> dict[str, Any]:
        request.session["seen"] = True
        return honest(request)

    monkeypatch.setattr(shell, "_frame", curious)


# --- rules ------------------------------------------------------------------------------------------------------------


@saboteur("structure")
def the_page_that_adds_people_is_open_to_whoever_is_signed_in(monkeypatch):
    monkeypatch.setitem(ROUTES, "team-give", Rule("user", ("GET", "POST")))


@saboteur("structure")
def the_page_that_adds_people_asks_for_a_verb_of_looking(monkeypatch):
    monkeypatch.setitem(ROUTES, "team-give", replace(ROUTES["team-give"], verb="space.see"))


@saboteur("structure")
def the_page_of_a_link_is_open_to_anyone(monkeypatch):
    monkeypatch.setitem(ROUTES, "undo", Rule("anyone", ("GET", "POST")))


@saboteur("law")
def the_state_lead_manages_teams(monkeypatch):
    permit = CAN["space.manage"]
    monkeypatch.setitem(CAN, "space.manage", replace(permit, roles=permit.roles | {Role.STATE}))


@saboteur("law")
def agency_staff_see_every_contact(monkeypatch):
    permit = CAN["people.contact"]
    monkeypatch.setitem(CAN, "people.contact", replace(permit, roles=permit.roles | {Role.AGENCY}))


# --- links ------------------------------------------------------------------------------------------------------------


@saboteur("swap")
def the_number_of_a_link_is_not_compared(monkeypatch):
    def any_number(request: Any, number: int) -> Actor:
        for name, token in request.COOKIES.items():
            if name.startswith("link-"):
                return actor_of_link(links.open_link(token))
        return actors.VISITOR

    monkeypatch.setattr(web_actor, "_holder", any_number)


@saboteur("swap")
def a_dead_link_still_opens(monkeypatch):
    def undead(token: str) -> PersonalLink:
        found = PersonalLink.objects.filter(token_hash=links.hash_of(token)).first()
        if found is None:
            raise links.Missing("no")
        return found

    everywhere(monkeypatch, "open_link", undead)


@saboteur("swap")
def a_set_up_code_signs_in(monkeypatch):
    def any_purpose(*, token: str) -> User:
        if ConsoleToken.objects.filter(token_hash=links.hash_of(token)).exists():
            return User.objects.order_by("pk")[0]
        raise queries.Missing("no")

    monkeypatch.setattr(signing_in, "use_sign_in_token", any_purpose)


@saboteur("swap")
def a_link_of_any_purpose_opens_every_page(monkeypatch):
    def for_whatever(request: Any, rule: Rule) -> bool:
        return rule.who == "link" or honest(request, rule)

    honest = policy.may
    monkeypatch.setattr(policy, "may", for_whatever)
    # The page asks a second time; a page of another part might not.
    monkeypatch.setattr(personal.acts, "act_to_undo", lambda by: LinkAct.objects.order_by("pk")[0])


@saboteur("prefetch")
def looking_at_a_one_time_link_uses_it_up(monkeypatch):
    def hasty(token: str, purpose: str) -> None:
        actions.use_sign_in_token(token=token)

    monkeypatch.setattr(signing_in, "live_token", hasty)


@saboteur("prefetch")
def following_a_personal_link_writes_something_down(monkeypatch):
    honest = personal.open_link

    def counted(token: str) -> PersonalLink:
        found = honest(token)
        PersonalLink.objects.filter(pk=found.pk).update(made_by="seen")
        return found

    monkeypatch.setattr(personal, "open_link", counted)


def test_there_are_enough_saboteurs():
    assert len({one.name for one in SABOTEURS}) == len(SABOTEURS) >= 15
    assert {one.probe for one in SABOTEURS} == set(PROBES)


@pytest.mark.sabotage
@pytest.mark.parametrize("one", SABOTEURS, ids=lambda one: one.name)
def test_a_saboteur_is_noticed(one: Saboteur, world, visitors, monkeypatch):
    one.strike(monkeypatch)
    assert PROBES[one.probe](world, visitors), f"nobody noticed that {one.name.replace('_', ' ')}"


@pytest.mark.parametrize("probe", PROBES)
def test_without_a_saboteur_the_same_probe_is_content(probe: str, world, visitors):
    assert PROBES[probe](world, visitors) == []
