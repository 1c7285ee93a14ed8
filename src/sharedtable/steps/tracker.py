"""The step at hand: its tools, what is done and by whom, what the method expects next and by when. Nothing else (X19).

Tools that are no worksheet stand in `method/step_tools.toml`; further worksheets of the step come from the shelf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.method.lists import Item
from sharedtable.partnerships import clock_queries, partnership_queries
from sharedtable.partnerships.clock_queries import Due
from sharedtable.partnerships.models import Partnership, Step
from sharedtable.partnerships.partnership_queries import StepView
from sharedtable.steps.done import QUERIES, Told, round_told
from sharedtable.steps.facts import Facts, names_of
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.shelf import shelf

WORKSHEET = "worksheet"
DUES_SHOWN = 4


@dataclass(frozen=True)
class Tool:
    """One tool of a step as it stands: `route` and `arguments` lead to its page."""

    key: str
    title: str
    text: str
    route: str
    arguments: tuple[str | int, ...]
    told: Told
    who: str = ""
    is_last: bool = False
    is_optional: bool = False

    @property
    def is_worksheet(self) -> bool:
        """Whether people fill it in."""
        return self.route in ("worksheet", "worksheet-start", "round", "round-results")


@dataclass(frozen=True)
class Balance:
    """Open tasks of organization and of action, where both are counted (F32)."""

    admin: int
    action: int

    @property
    def is_top_heavy(self) -> bool:
        """More organization than action; only where there is some of both."""
        return 0 < self.action < self.admin


@dataclass(frozen=True)
class Tracker:
    """The step at hand with its tools; `more`: further worksheets of the step, which nobody has to use.

    `next` is never a tool that the method leaves open, and a step that the team called done asks for nothing.
    """

    step: StepView
    now: Sequence[StepView]
    tools: Sequence[Tool]
    more: Sequence[Tool]
    next: Tool | None
    dues: Sequence[Due]
    balance: Balance
    may_run: bool

    @property
    def needed(self) -> Sequence[Tool]:
        """The tools that belong to the step itself."""
        return [tool for tool in self.tools if not tool.is_optional]

    @property
    def done(self) -> int:
        """How many of those are done."""
        return sum(tool.told.is_done for tool in self.needed)

    @property
    def is_whole(self) -> bool:
        """All that the step needs is there, and something optional is not."""
        return self.done == len(self.needed) and any(not tool.told.is_done for tool in self.tools)


def tracker(actor: Actor, partnership: Partnership, wanted: int = 0) -> Tracker:
    """The tools of a step: of the one that is asked for, or of the first that is under way."""
    facts = Facts(actor, partnership)
    steps = partnership_queries.steps_of(facts.steps, partnership.checks)
    now = [step for step in steps if step.state == Step.State.UNDER_WAY]
    at_hand = now[0] if now else next((one for one in steps if one.state != Step.State.DONE), steps[-1])
    chosen = next((step for step in steps if step.number == wanted), at_hand)
    rows = [item for item in lists.items("step_tools").values() if item.more["step"] == chosen.number]
    may_run = actor.may("worksheets.run", partnership)
    tools = [_tool(item, facts, may_run) for item in rows]
    more = _more(facts, chosen.number, {item.more.get("tool", "") for item in rows}, may_run)
    names = names_of({tool.told.by for tool in (*tools, *more)})
    tools = [_named(tool, names) for tool in tools]
    open_ones = [] if chosen.state == Step.State.DONE else [tool for tool in tools if not tool.told.is_done]
    following = next((tool for tool in open_ones if not tool.is_optional), None)
    dates = [clock_queries.due(row, facts.today) for row in facts.deadlines if row.done_on is None]
    return Tracker(
        chosen,
        now,
        tools,
        [_named(tool, names) for tool in more],
        following,
        dates[:DUES_SHOWN],
        balance(facts),
        may_run,
    )


def _named(tool: Tool, names: Mapping[str, str]) -> Tool:
    return replace(tool, who=names.get(tool.told.by, ""))


def _tool(item: Item, facts: Facts, may_run: bool) -> Tool:
    told, language = QUERIES[item.more["done"]](facts, item), get_language() or "en"
    route, arguments = item.more["route"], _arguments(item.more["route"], facts)
    if route == WORKSHEET:
        route, arguments = _worksheet(item.more["tool"], told, facts, may_run)
    return Tool(
        item.id, item.title(language), item.text(language), route, arguments, told,
        is_last=bool(item.more.get("is_last")), is_optional=bool(item.more.get("optional")),
    )  # fmt: skip


# Routes of a tool that are about the whole team, or about no team; all others are about the partnership.
OF_THE_TEAM = frozenset({"programs", "succession", "talking-points", "roles-matrix"})
OF_NOBODY = frozenset({"industries"})


def _arguments(route: str, facts: Facts) -> tuple[str | int, ...]:
    if route in OF_NOBODY:
        return ()
    space = facts.actor.space.slug if facts.actor.space else ""
    return (space,) if route in OF_THE_TEAM else (space, facts.partnership.slug)


def _worksheet(tool: str, told: Told, facts: Facts, may_run: bool) -> tuple[str, tuple[str | int, ...]]:
    """Where a worksheet leads: to its result, to the round that is open, or to where one starts."""
    space = facts.actor.space.slug if facts.actor.space else ""
    if told.number:
        return ("round-results" if told.is_done else "round"), (space, told.number)
    return ("worksheet-start" if may_run else WORKSHEET), (space, tool)


def _more(facts: Facts, step: int, named: set[str], may_run: bool) -> list[Tool]:
    """The other worksheets of a step on the team's shelf, those in use first."""
    if not facts.actor.may("worksheets.see", facts.partnership):
        return []
    made, language, found = [], get_language() or "en", shelf(facts.partnership.space_id)
    for name, tool in found.tools.items():
        if tool.sheet("en").step != step or name in named:
            continue
        row: Round | None = facts.rounds.get(name)
        told, sheet = round_told(row) if row else Told(False), found.shown(name).sheet(language)
        made.append(Tool(name, sheet.title, sheet.summary, *_worksheet(name, told, facts, may_run), told))
    return sorted(made, key=lambda one: not one.told.is_begun)


def balance(facts: Facts) -> Balance:
    """Open dates of the clock by kind, and open promises of people, which are action."""
    clock, open_ones = lists.items("clock"), [one for one in facts.deadlines if one.done_on is None]
    kinds = [clock[one.key].more.get("kind") for one in open_ones if one.key in clock]
    promised = sum(one.done_on is None for one in facts.promises)
    return Balance(kinds.count("admin"), kinds.count("action") + promised)


def reached(partnership: Partnership) -> int:
    """The furthest step that a partnership has begun: pages of later ones stay out of the way until then (F32)."""
    newest: dict[int, str] = {}
    for number, state in partnership.steps.order_by("at", "id").values_list("number", "state"):
        newest[number] = state
    return max((number for number, state in newest.items() if state != Step.State.AHEAD), default=1)


def first_step(route: str) -> int:
    """The first step of the method that uses a page; 1 for a page that no step names."""
    steps = [item.more["step"] for item in lists.items("step_tools").values() if item.more["route"] == route]
    return min(steps, default=1)
