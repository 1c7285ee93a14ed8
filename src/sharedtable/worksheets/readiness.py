"""Whether a partnership is ready: yes or not yet, question by question, 'ready when most are yes' (D02).

What the record can answer it answers, in evidence questions of a key below, each with its verdict. A question that
people answer with yes or not yet counts as yes when most of those who answered said so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sharedtable.accounts.models import Space
from sharedtable.method.presets import preset
from sharedtable.method.questions import Question, Section, Worksheet
from sharedtable.partnerships import company_rules, seat_queries
from sharedtable.partnerships.models import Partnership, Scope, Seat
from sharedtable.partnerships.typed import months_later
from sharedtable.worksheets.evidence import Lines, evidence
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.results import Results

YES, VERDICTS_KEY = "yes", "verdicts"
Verdict = Callable[[Space, Partnership | None], bool]
VERDICTS: dict[str, Verdict] = {}


def verdict(key: str) -> Callable[[Verdict], Verdict]:
    """Register the verdict of an evidence key, from the one place that also words it."""

    def keep(found: Verdict) -> Verdict:
        VERDICTS[key] = found
        return found

    return keep


def _scope(partnership: Partnership | None) -> Scope | None:
    return partnership.scopes.order_by("-version").first() if partnership else None


def _count(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


@verdict("scope_good_enough")
def _good_enough(space: Space, partnership: Partnership | None) -> bool:
    found = _scope(partnership)
    return found is not None and found.is_good_enough


@evidence("scope_good_enough")
def _good_enough_lines(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = _scope(partnership)
    if found is None:
        return [(_("Scope"), _("not set yet"))]
    said = _("good enough to work with") if found.is_good_enough else _("not called good enough yet")
    return [
        (_("Industry"), found.sector_name),
        (_("Region"), found.region_name),
        (_("Version"), f"{found.version}, {said}"),
    ]


@verdict("scope_criteria")
def _criteria(space: Space, partnership: Partnership | None) -> bool:
    found = _scope(partnership)
    return found is not None and bool(found.company_rules)


@evidence("scope_criteria")
def _criteria_lines(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = _scope(partnership)
    return [(_("Rules on which companies count"), _count(len(found.company_rules) if found else 0))]


def _in_definition(partnership: Partnership | None) -> int:
    found = _scope(partnership)
    return company_rules.with_verdict(found, "in").count() if found else 0


@verdict("companies_enough")
def _companies(space: Space, partnership: Partnership | None) -> bool:
    return _in_definition(partnership) >= preset("companies_in_definition").value


@evidence("companies_enough")
def _companies_lines(space: Space, partnership: Partnership | None, language: str) -> Lines:
    return [
        (_("Companies that count"), _count(_in_definition(partnership))),
        (_("The method asks for"), _count(int(preset("companies_in_definition").value))),
    ]


@verdict("systems_covered")
def _systems(space: Space, partnership: Partnership | None) -> bool:
    return partnership is not None and not seat_queries.coverage(seat_queries.tables(partnership)).missing


@evidence("systems_covered")
def _systems_lines(space: Space, partnership: Partnership | None, language: str) -> Lines:
    if partnership is None:
        return []
    found = seat_queries.coverage(seat_queries.tables(partnership))
    return [(system, ", ".join(names) or _("nobody yet")) for system, names in found.systems.items()]


@verdict("agreement_confirmed")
def _agreed(space: Space, partnership: Partnership | None) -> bool:
    newest = partnership.agreements.first() if partnership else None
    if newest is None or not newest.lines:
        return False
    return newest.confirmations.filter(withdrawn_at=None).count() >= len(newest.lines)


@evidence("agreement_confirmed")
def _agreed_lines(space: Space, partnership: Partnership | None, language: str) -> Lines:
    newest = partnership.agreements.first() if partnership else None
    if newest is None:
        return [(_("Agreement on who does what"), _("not written yet"))]
    done = newest.confirmations.filter(withdrawn_at=None).count()
    said = _("%(done)d of %(all)d organizations confirmed") % {"done": done, "all": len(newest.lines)}
    return [(_("Agreement on who does what"), said)]


def _chairs(partnership: Partnership | None) -> int:
    if partnership is None:
        return 0
    found = Seat.objects.filter(partnership=partnership, role="chair", ended_on=None).exclude(is_accepted=False)
    return found.exclude(notice=Seat.Notice.LEFT).values("person").distinct().count()


@verdict("chairs_enough")
def _chairs_enough(space: Space, partnership: Partnership | None) -> bool:
    return _chairs(partnership) >= preset("chairs_least").value


@evidence("chairs_enough")
def _chairs_lines(space: Space, partnership: Partnership | None, language: str) -> Lines:
    least, aim = (int(preset(name).value) for name in ("chairs_least", "chairs_aim"))
    return [
        (_("Chairs with a seat"), _count(_chairs(partnership))),
        (_("The method asks for"), _("%(least)d, better %(aim)d") % {"least": least, "aim": aim}),
    ]


def _assured(partnership: Partnership | None) -> Decimal:
    """Full-time shares that are pledged for as long as the method asks."""
    if partnership is None:
        return Decimal(0)
    until = months_later(timezone.localdate(), int(preset("convener_months_least").value)) - timedelta(days=1)
    hours = sum(
        (one.hours_a_week or Decimal(0) for one in partnership.pledges.filter(ended_on=None)
         if one.started_on <= timezone.localdate() and (one.ends_on is None or one.ends_on >= until)),
        Decimal(0),
    )  # fmt: skip
    return hours / Decimal(str(preset("full_time_week_hours").value))


@verdict("time_assured")
def _time(space: Space, partnership: Partnership | None) -> bool:
    return _assured(partnership) >= Decimal(str(preset("convener_time_least").value))


@evidence("time_assured")
def _time_lines(space: Space, partnership: Partnership | None, language: str) -> Lines:
    least, most = (preset(name).value for name in ("convener_time_least", "convener_time_most"))
    months = int(preset("convener_months_least").value)
    return [
        (_("Full-time shares assured for %(n)d months") % {"n": months}, number_format(_assured(partnership), 2)),
        (_("The method asks for"), _("%(least)s to %(most)s") % {
            "least": number_format(least, 1), "most": number_format(most, 1),
        }),
    ]  # fmt: skip


def verdicts(worksheet: Worksheet, space: Space, partnership: Partnership | None) -> dict[str, bool]:
    """What the record says to each evidence question that has a verdict."""
    return {
        question.id: VERDICTS[question.evidence](space, partnership)
        for question in worksheet.questions
        if question.kind == "evidence" and question.evidence in VERDICTS
    }


# --- the result -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Area:
    """One area: its questions with yes, not yet, or not known (None)."""

    section: Section
    answers: Sequence[tuple[Question, bool | None]]

    @property
    def yes(self) -> int:
        """How many are yes."""
        return sum(answer is True for _question, answer in self.answers)


@dataclass(frozen=True)
class Readiness:
    """The areas, and whether most of what is known is yes."""

    areas: Sequence[Area]

    @property
    def yes(self) -> int:
        """How many questions are yes."""
        return sum(area.yes for area in self.areas)

    @property
    def all(self) -> int:
        """How many questions there are: one that nobody answered counts, and is no yes."""
        return sum(len(area.answers) for area in self.areas)

    @property
    def is_ready(self) -> bool:
        """Ready when most are yes."""
        return 2 * self.yes > self.all

    @property
    def missing(self) -> list[Question]:
        """What is not yes yet."""
        return [question for area in self.areas for question, answer in area.answers if answer is not True]


def readiness(about: Round, worksheet: Worksheet, results: Results) -> Readiness | None:
    """Whether the partnership is ready; None for a worksheet that does not ask for it."""
    if worksheet.ready_when != "most_yes":
        return None
    kept: Mapping[str, bool] = about.evidence.get(VERDICTS_KEY, {})
    areas = []
    for section in worksheet.sections:
        answers = [
            (question, kept.get(question.id) if question.kind == "evidence" else _most_say_yes(question, results))
            for question in section.questions
            if question.id in kept or any(option.id == YES for option in question.options)
        ]
        if answers:
            areas.append(Area(section, answers))
    return Readiness(areas)


def _most_say_yes(question: Question, results: Results) -> bool | None:
    found = results.results.get(question.id)
    counts = {bar.key: bar.count for bar in found.bars} if found else {}
    if found is None or not found.answers or counts.get(YES) is None:
        return None
    return 2 * (counts[YES] or 0) > found.answers
