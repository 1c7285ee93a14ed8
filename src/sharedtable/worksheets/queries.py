"""What each page of worksheets reads: one function a page, loaded, in the space of the actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import hash_of
from sharedtable.errors import Missing
from sharedtable.method.questions import Worksheet
from sharedtable.method.tools import VERSION, Tool
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Membership, Organisation, Person
from sharedtable.worksheets.answering import NOT_HERE, round_of
from sharedtable.worksheets.evidence import gather
from sharedtable.worksheets.models import Answer, Asked, Round, Sheet
from sharedtable.worksheets.shelf import Difference, Shelf, differences, shelf
from sharedtable.worksheets.spread import FEWEST_TO_COUNT, FEWEST_TO_SPLIT

MOST_NAMES = 500
# At which tables those sit for whom a worksheet is made; conveners are chosen by hand.
TABLES = {
    "support_team": ("outer", ""), "champions": ("inner",), "members": ("inner",), "everyone": ("inner", "outer", ""),
    "conveners": (),
}  # fmt: skip


def the_round(by: Actor, number: int, verb: str = "worksheets.see") -> Round:
    """The door to a round. Fails with Missing when it is not here or not for the actor."""
    found = Round.objects.select_related("partnership", "space", "follows").filter(space_id=by.space_id, pk=number)
    one = found.first()
    if one is None:
        raise Missing(_(NOT_HERE))
    by.must(verb, one)
    return one


def _rounds(by: Actor) -> QuerySet[Round]:
    found = Round.objects.filter(space_id=by.space_id, dropped_at=None).select_related("partnership")
    if by.may_everywhere("worksheets.see"):
        return found
    return found.filter(partnership_id__in=list(by.limited))


# --- the library ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A tool on the shelf, in the reader's language, with how often the team has used it."""

    tool: Tool
    worksheet: Worksheet
    rounds: int
    is_own: bool


@dataclass(frozen=True)
class Library:
    """The tools by step, and the rounds that are under way."""

    steps: Mapping[int, list[Entry]]
    running: list[Round]
    latest: list[Round]
    own: int
    changed: int


def library(by: Actor, language: str, search: str = "", step: int = 0) -> Library:
    """The tools that fit a search, by step, and what is under way."""
    by.must("worksheets.see")
    found = shelf(by.space_id)
    rounds = list(_rounds(by))
    used: dict[str, int] = {}
    for one in rounds:
        used[one.tool_id] = used.get(one.tool_id, 0) + 1
    words = search.casefold().split()
    steps: dict[int, list[Entry]] = {}
    for tool in found.tools.values():
        worksheet = found.shown(tool.id).sheet(language)
        text = " ".join((worksheet.title, worksheet.summary, *tool.sheet("en").rows, tool.sheet("en").title)).casefold()
        if all(word in text for word in words) and step in (0, worksheet.step):
            steps.setdefault(worksheet.step, []).append(
                Entry(tool, worksheet, used.get(tool.id, 0), tool.id in found.own)
            )
    running = [one for one in rounds if one.state in ("draft", "open")]
    latest = [one for one in rounds if one.state == "revealed"][:6]
    return Library(steps, running, latest, len(found.own), len(found.changed))


def sheets_of(by: Actor, partnership: Partnership, names: Sequence[str]) -> list[tuple[Worksheet, Round | None]]:
    """Some tools with the newest round of each in one partnership."""
    by.must("worksheets.see", partnership)
    found, language = shelf(by.space_id), get_language() or "en"
    newest: dict[str, Round] = {}
    for one in _rounds(by).filter(partnership=partnership, tool_id__in=names):
        newest.setdefault(one.tool_id, one)
    return [(found.shown(name).sheet(language), newest.get(name)) for name in names]


@dataclass(frozen=True)
class ToolPage:
    """One tool, and the rounds in which it was used."""

    tool: Tool
    worksheet: Worksheet
    rounds: list[Round]
    numbers: Mapping[str, float]
    is_own: bool
    is_replaced: bool


def tool_page(by: Actor, name: str, language: str) -> ToolPage:
    """One tool as it would be asked now: with the team's numbers in its texts."""
    by.must("worksheets.see")
    found = shelf(by.space_id)
    tool = found.tool(name)
    numbers = found.numbers(tool)
    rounds = list(_rounds(by).filter(tool_id=name))
    return ToolPage(tool, found.shown(name).sheet(language), rounds, numbers, name in found.own, name in found.replaced)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked."""

    person: Person
    place: str
    table: str
    has_address: bool


@dataclass(frozen=True)
class StartPage:
    """What is needed to start a round: the tool, the partnerships to choose from, the people of the chosen one."""

    worksheet: Worksheet
    partnerships: list[Partnership]
    partnership: Partnership | None
    people: list[Candidate]

    @property
    def suggested(self) -> list[int]:
        """Those for whom the worksheet is made, to begin with."""
        tables = {table for audience in self.worksheet.audience for table in TABLES[audience]}
        return [one.person.pk for one in self.people if one.table in tables]

    @property
    def may_be_nameless(self) -> bool:
        """Whether to begin without names: the worksheet means it so, and enough people would be asked."""
        return self.worksheet.is_anonymous and len(self.suggested) >= FEWEST_TO_SPLIT


def start_page(by: Actor, name: str, language: str, partnership: str) -> StartPage:
    """The people who can be asked: those with a seat, or, without a partnership, those of support partners."""
    by.must("worksheets.run")
    worksheet = shelf(by.space_id).shown(name).sheet(language)
    known = Partnership.objects.filter(space_id=by.space_id, archived_at=None)
    partnerships = [one for one in known if by.may("worksheets.run", one)]
    chosen = next((one for one in partnerships if one.slug == partnership), None)
    if partnership and chosen is None:
        raise Missing(_(NOT_HERE))
    if chosen is None and not by.may_everywhere("worksheets.run"):
        chosen = partnerships[0] if partnerships else None
    return StartPage(worksheet, partnerships, chosen, _candidates(by, chosen))


def _candidates(by: Actor, partnership: Partnership | None) -> list[Candidate]:
    tables: dict[int, str] = {}
    people = Person.objects.filter(space_id=by.space_id, merged_into=None, erased_at=None, archived_at=None)
    if partnership is not None:
        seats = Seat.objects.filter(space_id=by.space_id, partnership=partnership, ended_on=None, person__isnull=False)
        tables = dict(seats.exclude(notice=Seat.Notice.LEFT).values_list("person_id", "table"))
        people = people.filter(pk__in=tables)
    else:
        inside = Q(memberships__ended_on=None, memberships__organisation__kind=Organisation.Kind.SUPPORT)
        people = people.filter(inside).distinct()
    found = list(people[:MOST_NAMES])
    works = (
        Membership.objects.filter(person__in=found, ended_on=None).select_related("organisation").order_by("is_main")
    )
    places = {one.person_id: one.organisation.name for one in works}
    order = {"inner": 0, "outer": 1, "network": 2, "": 3}
    made = [Candidate(p, places.get(p.pk, ""), tables.get(p.pk, ""), bool(p.email)) for p in found]
    return sorted(made, key=lambda one: (order[one.table], one.place, one.person.name))


# --- a round ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far a round is. `names`: who is asked, with whether they answered; None where nobody may know."""

    asked: int
    begun: int
    handed_in: int
    from_paper: int
    names: list[tuple[Asked, bool | None]]
    without_address: list[Asked]


@dataclass(frozen=True)
class RoundPage:
    """One round, its people and its progress."""

    round: Round
    worksheet: Worksheet
    progress: Progress
    groups: list[str]
    may_run: bool
    may_type: bool
    fewest: int = FEWEST_TO_COUNT

    @property
    def can_reveal(self) -> bool:
        """Whether there is enough to show."""
        return self.progress.begun >= (self.fewest if self.round.is_anonymous else 1)

    @property
    def asks_too_few(self) -> bool:
        """Whether no result could ever be shown, because a round without names asks too few people."""
        return self.round.is_anonymous and self.progress.asked < self.fewest


def round_page(by: Actor, number: int, language: str) -> RoundPage:
    """A round before its result is shown: who is asked, how many have answered; never what."""
    found = the_round(by, number)
    asked = list(found.asked.select_related("person", "organisation").order_by("person__name"))
    sheets = list(found.sheets.values_list("asked_id", "is_handed_in", "is_from_paper", "name"))
    done = {one for one, is_handed_in, _paper, _name in sheets if is_handed_in}
    progress = Progress(
        len(asked),
        len(sheets),
        sum(is_handed_in for _one, is_handed_in, _paper, _name in sheets),
        sum(paper for _one, _handed_in, paper, _name in sheets),
        [(one, None if found.is_anonymous else one.pk in done) for one in asked],
        [one for one in asked if not one.person.email],
    )
    return RoundPage(
        found,
        found.worksheet(language),
        progress,
        sorted(name for _one, _handed_in, _paper, name in sheets if name),
        by.may("worksheets.run", found),
        by.may("worksheets.type", found),
    )


@dataclass(frozen=True)
class Names:
    """People and organisations to choose from in an answer."""

    people: list[tuple[int, str]] = field(default_factory=list)
    organisations: list[tuple[int, str]] = field(default_factory=list)

    def of(self, kind: str) -> dict[int, str]:
        """Names by number, for answers of that kind."""
        return dict(self.people if kind == "person" else self.organisations)


def names_to_choose(found: Round, worksheet: Worksheet) -> Names:
    """The people and organisations with a seat, where a question asks for one; nobody else's name goes out by link."""
    kinds = {question.kind for question in worksheet.questions} & {"person", "organisation"}
    if not kinds:
        return Names()
    seats = Seat.objects.filter(space_id=found.space_id, ended_on=None)
    seats = seats.filter(partnership=found.partnership) if found.partnership_id else seats
    people = list(
        Person.objects.filter(seats__in=seats, erased_at=None).distinct().values_list("pk", "name").order_by("name")
    )[:MOST_NAMES]
    if "organisation" not in kinds:
        return Names(people)
    inside = Q(memberships__person__in=[n for n, _name in people], memberships__ended_on=None) | Q(seats__in=seats)
    places = Organisation.objects.filter(inside, space_id=found.space_id, erased_at=None).distinct()
    return Names(people, list(places.values_list("pk", "name").order_by("name"))[:MOST_NAMES])


@dataclass(frozen=True)
class AnswerPage:
    """A sheet to fill in: its questions, what was answered so far, and where its edits stand."""

    round: Round
    asked: Asked | None
    worksheet: Worksheet
    values: Mapping[str, Any]
    counter: int
    names: Names
    evidence: Mapping[str, list[list[str]]]
    has_begun: bool
    is_handed_in: bool
    group: str = ""


def _sheet_page(found: Round, asked: Asked | None, sheet: Sheet | None, language: str, group: str = "") -> AnswerPage:
    worksheet = found.worksheet(language)
    answers = list(Answer.objects.filter(sheet=sheet)) if sheet else []
    return AnswerPage(
        found,
        asked,
        worksheet,
        {answer.question: answer.value for answer in answers},
        max((answer.counter for answer in answers), default=0),
        names_to_choose(found, worksheet),
        found.evidence.get(worksheet.language, {}),
        sheet is not None,
        sheet is not None and sheet.is_handed_in,
        group,
    )


def answer_page(by: Actor, language: str, key: str = "") -> AnswerPage:
    """What the holder of a link sees. `key`: the one that their device holds, in an anonymous round."""
    found, asked = round_of(by)
    if found.is_anonymous:
        sheet = found.sheets.filter(key_hash=hash_of(key)).first() if key else None
    else:
        sheet = found.sheets.filter(asked=asked).first()
    return _sheet_page(found, asked, sheet, language)


def group_page(by: Actor, number: int, language: str, name: str) -> AnswerPage:
    """The screen of a group; an empty name shows the questions before one is given."""
    found = the_round(by, number, "worksheets.type")
    if found.way != Round.Way.GROUP:
        raise Missing(_("In this round each person answers alone."))
    sheet = found.sheets.filter(name=name).first() if name else None
    page = _sheet_page(found, None, sheet, language, name)
    if found.state != "open":
        return page
    # A group changes what it looks at while it answers, so the record is asked now, not when the round began.
    return replace(page, evidence=gather(page.worksheet, found.space, found.partnership))


def paper_entry(by: Actor, number: int, language: str) -> tuple[AnswerPage, list[Asked]]:
    """An empty sheet to type a paper one in, and whose may still come; nobody's, in an anonymous round."""
    found = the_round(by, number, "worksheets.type")
    page = _sheet_page(found, None, None, language)
    if found.is_anonymous:
        return page, []
    left = found.asked.exclude(sheets__answers__value__isnull=False).select_related("person").order_by("person__name")
    return page, list(left)


# --- the method -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MethodPage:
    """What a team works with, and where it differs from the shipped method."""

    shelf: Shelf
    differences: list[Difference]
    version: str
    partnerships: list[Partnership]

    @property
    def behind(self) -> list[Partnership]:
        """Partnerships that began with another version of the method."""
        return [one for one in self.partnerships if one.method_version not in ("", self.version)]


def method_page(by: Actor) -> MethodPage:
    """The team's own tools and numbers beside the shipped ones."""
    by.must("worksheets.see")
    found = shelf(by.space_id)
    partnerships = Partnership.objects.filter(space_id=by.space_id, archived_at=None)
    return MethodPage(found, differences(found), VERSION, [p for p in partnerships if by.may("partnerships.see", p)])


def partnership(by: Actor, slug: str) -> Partnership:
    """The door to a partnership of a form. Fails with Missing."""
    found = Partnership.objects.filter(space_id=by.space_id, slug=slug, archived_at=None).first()
    if found is None:
        raise Missing(_(NOT_HERE))
    by.must("worksheets.run", found)
    return found
