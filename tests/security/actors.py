"""Everybody who may come to the door: a browser each, and what the tables say they may do.

What is expected of them is worked out here from `ROUTES` and `CAN` alone, not by the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from sharedtable.accounts.models import Grant, Role, User
from sharedtable.accounts.permissions import CAN
from sharedtable.privacy import Privacy
from sharedtable.web.links import PAGES
from sharedtable.web.policy import ROUTES
from sharedtable.web.rule import Rule
from tests.security import places
from tests.security.world import Mark, World, link_of

HOST = "testserver"
ELSEWHERE = "203.0.113.9"
LEVELS = [Privacy.PUBLIC, Privacy.TEAM, Privacy.INNER, Privacy.CONVENERS, Privacy.NAMED]
# Which verbs let somebody read what a room keeps at a level; the first entry whose beginning fits.
READERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("accounts.", {"team": "space.see", "conveners": "space.manage"}),
    ("people.Person.notes", {"conveners": "people.private"}),
    ("people.Organisation.notes", {"conveners": "people.private"}),
    ("people.Evidence.", {"conveners": "people.private"}),
    ("people.Import", {"conveners": "people.import"}),
    ("people.ColumnMemory", {"conveners": "people.import"}),
    ("people.Twin", {"conveners": "people.merge"}),
    ("people.Merge", {"conveners": "people.merge"}),
    ("people.Tie.", {"conveners": "ties.see"}),
    ("people.ToldTie.", {"conveners": "ties.see"}),
    ("worksheets.Talk.", {"conveners": "talks.see"}),
    # Names reach whoever may see the seats and the rounds in which they stand.
    ("people.", {"team": "people.see partnerships.see worksheets.see", "conveners": "people.contact"}),
    (
        "partnerships.",
        {
            "public": "partnerships.shared",
            "team": "partnerships.see",
            "inner": "partnerships.inner",
            "conveners": "partnerships.change",
        },
    ),
    ("meetings.", {"team": "meetings.see", "conveners": "meetings.change"}),
    ("library.", {"team": "library.see", "conveners": "library.change"}),
    # A note that is private, hidden or taken back is nobody's on any page of the team.
    ("wall.Note.text.kept", {}),
    ("wall.Note.text", {"named": "meetings.see"}),
    ("wall.", {"team": "meetings.see", "conveners": "meetings.run"}),
    # What came out of a meeting shows on the page of the meeting and on those of its partnership.
    (
        "plans.",
        {
            "team": "partnerships.see meetings.see",
            "inner": "partnerships.inner",
            "conveners": "partnerships.change meetings.reopen",
        },
    ),
    ("worksheets.", {"team": "worksheets.see", "conveners": "worksheets.run"}),
    ("walks.", {"public": "meetings.see", "team": "meetings.see", "conveners": "meetings.change"}),
    # Who said it is for those who run the meeting.
    ("studies.Voice.", {"team": "facts.see", "conveners": "meetings.run"}),
    ("studies.", {"public": "facts.see", "team": "facts.see", "conveners": "facts.see"}),
    # A letter is for its reader; whoever runs the outbox looks at it before it leaves, without the links in it.
    ("ledger.Letter.body", {"named": "letters.see"}),
    ("ledger.", {"team": "letters.see", "conveners": "letters.see"}),
)


@dataclass
class Visitor:
    """One who comes: where they belong, with which roles, whether signed in, with which link."""

    name: str
    team: str = ""
    roles: frozenset[str] = frozenset()
    is_user: bool = False
    purpose: str = ""
    link: int = 0
    agency_id: int = 0
    is_operator: bool = False
    has_to_arm: bool = False
    cookies: str = ""
    user_id: int = 0
    space_id: int = 0
    limited_to: int = 0  # the one partnership in which the roles hold; 0: they hold in the whole space
    sits_in: int = 0  # the meeting in which they hold a place
    place: str = ""  # which one; see places.KINDS
    places: frozenset[int] = frozenset()  # its number, and that of the place from which they came

    @property
    def home(self) -> str:
        """The team whose things are 'mine'."""
        return self.team or "ohio"

    @property
    def away(self) -> str:
        """The other one."""
        return "maine" if self.home == "ohio" else "ohio"

    def browser(self) -> Client:
        """A fresh browser with this visitor's cookies."""
        host = "127.0.0.1:8000" if self.is_operator else HOST
        address = "127.0.0.1" if self.is_operator else ELSEWHERE
        made = Client(
            headers={"host": host, "origin": f"http://{host}"}, REMOTE_ADDR=address, raise_request_exception=False
        )
        made.cookies = SimpleCookie(self.cookies)
        return made

    # --- what the tables say

    def has(self, verb: str, space: str) -> bool:
        """Whether a role in that space is named for the verb."""
        permit = CAN[verb]
        return space == self.team and bool(self.roles & (permit.roles | permit.own))

    def only_own(self, verb: str) -> bool:
        """Whether they have the verb for their own agency's things alone."""
        return not self.roles & CAN[verb].roles

    def enters(self, rule: Rule, space: str, link: int) -> bool:
        """Whether the table lets them in at all."""
        if rule.who == "anyone":
            return True
        if rule.who == "user":
            return self.is_user
        if rule.who == "operator":
            return self.is_operator or bool(rule.verb and self.team and self.has(rule.verb, self.team))
        if rule.who == "member":
            return self.has(rule.verb, space) and not (rule.is_of_space and self.limited_to)
        if rule.who == "place":
            return self.place in places.PAGES["live"]
        return self.purpose in rule.purposes and link == self.link

    def at_the_table(self, route: str, method: str, rule: Rule, *, is_mine: bool) -> set[int]:
        """What a page of a live meeting answers: only in one's own meeting, and only for places named for the page."""
        is_here = is_mine and self.place in places.PAGES["live"]
        if not is_here:
            return {404}
        if method not in rule.allowed:
            return {405}
        if self.place not in places.PAGES[route]:
            return {404}
        return {200, 302} if method in ("GET", "HEAD") else {200, 302, 400, 404, 409, 422}

    def may_read(self, mark: Mark, world: World) -> bool:
        """Whether a mark may ever reach them."""
        if self.sits_in:
            return mark.space_id == self._space(world) and places.may_read(self, mark)
        if mark.user_id and mark.user_id == self.user_id:
            return True
        if mark.space_id != self._space(world):
            return False
        if self.purpose:
            return self._holds(mark, world)
        # A role in one partnership shows what is in it, and of the rest what the whole team may see.
        if self.limited_to and mark.level is not Privacy.PUBLIC:
            is_common = mark.level is Privacy.TEAM and not mark.partnership_id
            if not is_common and mark.partnership_id != self.limited_to:
                return False
        levels = next((levels for start, levels in READERS if mark.of.startswith(start)), {})
        verbs = " ".join(verbs for level, verbs in levels.items() if _height(level) >= _height(mark.level))
        return any(self._reads(verb, mark) for verb in verbs.split())

    def _reads(self, verb: str, mark: Mark) -> bool:
        permit = CAN[verb]
        is_own = mark.agency_id == self.agency_id != 0
        return bool(self.roles & permit.roles or (is_own and self.roles & permit.own))

    def _holds(self, mark: Mark, world: World) -> bool:
        """What a personal link may show: names at the table, and what is about its holder."""
        if mark.person_id == world.team(self.team).chair.pk:
            return mark.level in {Privacy.PUBLIC, Privacy.TEAM} or self.purpose in {"held", "stop_mail", "ties"}
        shows_others = {"held", "seat", "agreement", "worksheet", "ties", "meeting", "connections"}
        return mark.level is Privacy.PUBLIC or (mark.level is Privacy.TEAM and self.purpose in shows_others)

    def _space(self, world: World) -> int:
        return world.team(self.team).space.pk if self.team else -1


def _height(level: str) -> int:
    return LEVELS.index(Privacy(level))


def _signed_in(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    return f"sessionid={browser.cookies['sessionid'].value}"


def everybody(world: World) -> list[Visitor]:
    """Who comes to the door of this world."""
    found = [Visitor("visitor"), Visitor("operator", is_operator=True)]
    for slug in ("ohio", "maine"):
        team = world.team(slug)
        for role in Role.values:
            agency = team.college.pk if role == Role.AGENCY else 0
            cookies = _signed_in(team.users[role])
            found.append(
                Visitor(
                    f"{slug} {role}",
                    slug,
                    frozenset({role}),
                    True,
                    agency_id=agency,
                    cookies=cookies,
                    user_id=team.users[role].pk,
                )
            )
        for purpose in PAGES:
            link, token = link_of(team, purpose)
            cookies = f"link-{link.pk}={token}"
            found.append(Visitor(f"{slug} link {purpose}", slug, purpose=purpose, link=link.pk, cookies=cookies))
    found.append(Visitor("stranger", is_user=True, cookies=_signed_in(world.cast.stranger)))
    found += _those_who_left(world)
    for slug in ("ohio", "maine"):
        for kind, meeting, token, numbers in places.everybody(world.team(slug)):
            # A token is also tried in the cookie of the meeting that stands in every address.
            here = places.launch(world.team(slug)).pk
            cookies = f"place-{meeting}={token}; place-{here}={token}"
            found.append(
                Visitor(
                    f"{slug} place {kind}",
                    slug,
                    cookies=cookies,
                    sits_in=meeting,
                    place=kind,
                    places=frozenset(numbers),
                )
            )
    for one in found:
        one.space_id = world.team(one.team).space.pk if one.team else 0
    return found


def _those_who_left(world: World) -> list[Visitor]:
    team, now = world.cast.ohio, timezone.now()

    def made(name: str, **grant: object) -> User:
        user = User.objects.create_user(f"{name}@ohio.example", name)
        Authenticator.objects.create(user=user, type="totp", data={"secret": "of the tests"})
        fields = {"space": team.space, "user": user, "role": "convener", "granted_by": "operator", "granted_at": now}
        Grant.objects.create(**{**fields, **grant})
        return user

    closed = made("closed")
    cookies = _signed_in(closed)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    revoked, ended, unarmed = (
        made("revoked", revoked_at=now),
        made("ended", ends_on=now.date() - timedelta(days=2)),
        made("unarmed"),
    )
    Authenticator.objects.filter(user=unarmed).delete()
    one = team.partnership.pk
    limited_convener, limited_admin = (
        made("limited", partnership_id=one),
        made("limited-admin", role="admin", partnership_id=one),
    )
    convener = frozenset({"convener"})
    return [
        Visitor("closed account", cookies=cookies),
        *(
            Visitor(
                f"{role} of one partnership",
                "ohio",
                frozenset({role}),
                True,
                cookies=_signed_in(user),
                user_id=user.pk,
                limited_to=one,
            )
            for role, user in (("convener", limited_convener), ("admin", limited_admin))
        ),
        Visitor("revoked role", is_user=True, cookies=_signed_in(revoked), user_id=revoked.pk),
        Visitor("ended role", is_user=True, cookies=_signed_in(ended), user_id=ended.pk),
        Visitor(
            "convener without second step",
            "ohio",
            convener,
            True,
            has_to_arm=True,
            cookies=_signed_in(unarmed),
            user_id=unarmed.pk,
        ),
    ]


def rule_of(route: str) -> Rule:
    """The row of a route."""
    return ROUTES[route]
