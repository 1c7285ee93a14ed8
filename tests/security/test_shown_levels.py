"""What stands on a page for fewer people than the page itself says so right there (X16): who sees it, in a word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from sharedtable.privacy import Privacy
from sharedtable.web.policy import ROUTES
from tests.security.cases import routes
from tests.security.world import EMPTY, World

pytestmark = pytest.mark.django_db
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "line", "use"}
ORDER = (Privacy.PUBLIC, Privacy.TEAM, Privacy.INNER, Privacy.CONVENERS, Privacy.NAMED)
MARK = re.compile(r"zq[a-z]{2}\w[0-9a-f]{10}")
BADGE = re.compile(r"who-sees--(\w+)")


@dataclass
class Node:
    """One element: its badge, if it is one, and the marks that stand in it and in no element below."""

    above: Node | None = None
    tag: str = ""
    level: str = ""
    is_page_badge: bool = False
    below: list[Node] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def badges(self) -> list[str]:
        """The levels that are said here or below."""
        return ([self.level] if self.level else []) + [one for child in self.below for one in child.badges()]


class Tree(HTMLParser):
    """The elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Node()
        self.every: list[Node] = []

    def of_the_page(self) -> list[Node]:
        """All but the frame: one's own name and the name of one's team stand there."""
        mains = [node for node in self.every if node.tag == "main"]
        found = list(mains)
        for node in found:
            found += node.below
        return found or self.every

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        said = BADGE.search(classes)
        made = Node(self.here, tag, said[1] if said else "", classes == "page-sees")
        for name, value in attrs:
            if name in {"value", "placeholder", "aria-label", "title"}:
                made.marks += MARK.findall(value or "")
        self.here.below.append(made)
        self.every.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        one: Node | None = self.here
        while one is not None and one.tag != tag:
            one = one.above
        if one is not None and one.above is not None:
            self.here = one.above

    def handle_data(self, data: str) -> None:
        self.here.marks += MARK.findall(data)


def nearest(node: Node) -> str:
    """The level of the nearest badge: in the smallest part of the page that holds both it and the mark."""
    one: Node | None = node
    while one is not None:
        if said := one.badges():
            return min(said, key=lambda level: ORDER.index(Privacy(level)))
        one = one.above
    return ""


# Texts that stand where those for whom they are read them, though their table also holds what is for fewer.
MEANT = {
    "ledger.Letter.body": "the letter itself, for those who send it; links in it are hidden",
    "wall.Note.text": "a card that its author put on the wall before the room; one that is kept back never stands here",
}


def unsaid(world: World, role: str) -> tuple[int, list[str]]:
    """How many pages of a team that role opens, and which marks on them are for fewer than the nearest badge says."""
    client, problems, pages = world.cast.client(role), set(), 0
    marks = {mark.text: mark for mark in world.marks if mark.level in ORDER and mark.of not in MEANT}
    for route in routes():
        rule = ROUTES[route.name]
        if rule.who != "member" or "GET" not in rule.methods or route.name in EMPTY:
            continue
        given = {name: world.value(route.name, name, "ohio") for name, _ in route.converters}
        answer = client.get(reverse(route.name, kwargs=given))
        if answer.status_code != 200 or answer.streaming or "text/html" not in answer["Content-Type"]:
            continue
        pages += 1
        tree = Tree()
        tree.feed(answer.content.decode())
        if not any(node.is_page_badge for node in tree.every):
            problems.add(f"{route.name}: does not say who sees it")
        for node in tree.of_the_page():
            for mark in (marks[text] for text in node.marks if text in marks):
                said = nearest(node)
                if not said or ORDER.index(Privacy(said)) < ORDER.index(mark.level):
                    problems.add(f"{route.name}: {mark.of} is {mark.level}, the page says {said or 'nothing'}")
    return pages, sorted(problems)


@pytest.mark.parametrize(("role", "least"), [("convener", 90), ("agency", 30)])
def test_what_is_for_fewer_than_its_page_says_so_right_there(world: World, role: str, least: int) -> None:
    pages, problems = unsaid(world, role)
    assert problems == []
    assert pages >= least


def test_the_check_notices_a_badge_that_is_gone_and_one_that_says_too_much(world: World) -> None:
    tree = Tree()
    badge = '<p class="who-sees who-sees--{}">x</p>'
    tree.feed(f"<main><section>{badge.format('conveners')}<b>zqab-</b><i>one</i></section><div><i>two</i></div>"
              f"{badge.format('team')}</main>")  # fmt: skip
    one, two = (node for node in tree.every if node.tag == "i")
    assert (nearest(one), nearest(two)) == ("conveners", "team")
    assert nearest(Node()) == ""
