"""The tests of a scope that the method asks for: is the region right, and does it reach beyond one place (C20, C23).

Each test gives a verdict with the figures it rests on. The thresholds are numbers of the method; a team may have its
own, so whoever asks hands them in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from sharedtable.method.presets import preset
from sharedtable.partnerships.seat_queries import Tables
from sharedtable.people.models import Organisation
from sharedtable.studies.questions import Region
from sharedtable.studies.scope_facts import Shed, StateShare

Verdict = Literal["low", "right", "high", "ask"]
Numbers = Callable[[str], float]
EXTENTS = ("streets", "town", "county", "some", "half", "state", "more")
SAID = ("streets", "town")  # what only people can say: a county is the smallest place that the facts know
PARTNERS = ("convener", "core_partner", "support_team")
BOARD = "workforce_board"


@dataclass(frozen=True)
class Checked:
    """One test. `says`: the answer in a sentence; `why`: the figures; `advice`: what to do; `source`: of the number.

    `verdict`: too small, just right, too big, or only people can tell.
    """

    key: str
    question: str
    verdict: Verdict
    says: str
    why: Sequence[str] = ()
    advice: str = ""
    source: str = ""


def shipped(key: str) -> float:
    """A number of the method as it is shipped."""
    return preset(key).value


def worst(tests: Sequence[Checked]) -> Verdict:
    """One word over several tests: what is too small or too big counts before what nobody knows yet."""
    verdicts = [test.verdict for test in tests]
    order: tuple[Verdict, ...] = ("high", "low", "ask")
    return next((one for one in order if one in verdicts), "right")


def extent(region: Region, shares: Sequence[StateShare], zones: int, said: str, numbers: Numbers = shipped) -> str:
    """Where a region stands between a neighborhood and more than a state. `said`: what only people can say."""
    if said in SAID:
        return said
    whole = [share for share in shares if share.counties == share.all_counties]
    if zones > 1 or not shares:
        if len(whole) > 1:
            return "more"
        if whole:
            return "state"
        if any(share.counties_pct >= numbers("scope_state_share_big") for share in shares):
            return "half"
    return "county" if len(region.counties) == 1 else "some"


def region_tests(
    region: Region, shares: Sequence[StateShare], sheds: Sequence[Shed], said: str, numbers: Numbers = shipped
) -> list[Checked]:
    """Too big, too small, and whether it cuts through the land across which people drive to work."""
    return [_size(region, shares, sheds, said, numbers), _shed(region, sheds), _lines(region, shares, numbers)]


def _size(region: Region, shares: Sequence[StateShare], sheds: Sequence[Shed], said: str, numbers: Numbers) -> Checked:
    at = extent(region, shares, len(sheds), said, numbers)
    question, source = _("Is the region the right size?"), preset("scope_state_share_big").source
    why = [_share(share) for share in shares]
    if at in SAID:
        advice = _("Take in the counties around it: a few streets or one town have too few employers of each kind.")
        return Checked("size", question, "low", _("Too small: one place only."), why, advice, source)
    if at in ("half", "state", "more"):
        says = {
            "half": _("Likely too big: half of a state or more."),
            "state": _("Too big: a whole state."),
            "more": _("Too big: more than a whole state."),
        }[at]
        advice = _(
            "Find the part that has a name of its own, such as a highway or a valley. Ask if leaders will truly meet."
        )
        return Checked("size", question, "high", says, why, advice, source)
    if at == "county" and any(shed.all_counties > 1 for shed in sheds):
        names = ", ".join(title for shed in sheds for _code, title in shed.missing)
        advice = _("People drive to work across its line. Look at: %(names)s.") % {"names": names}
        return Checked("size", question, "low", _("Likely too small: one county alone."), why, advice, source)
    if len(sheds) == 1 and not sheds[0].missing:
        why.append(_("It is one whole commuting zone, so its size is that of a labor market."))
    return Checked(
        "size", question, "right", _("Just right to begin with."), why, _("It can grow or shrink later."), source
    )


def _share(share: StateShare) -> str:
    values = {"name": share.name, "n": share.counties, "all": share.all_counties, "pct": round(share.counties_pct)}
    if share.jobs_pct is None:
        return _("%(name)s: %(n)d of %(all)d counties (%(pct)d percent). Its share of jobs is not loaded.") % values
    values["jobs"] = round(share.jobs_pct)
    return _("%(name)s: %(n)d of %(all)d counties (%(pct)d percent), %(jobs)d percent of jobs.") % values


def _shed(region: Region, sheds: Sequence[Shed]) -> Checked:
    question = _("Is it a natural labor market?")
    cut = [shed for shed in sheds if shed.missing]
    why = [
        _("%(title)s: %(n)d of %(all)d counties") % {"title": shed.title, "n": shed.counties, "all": shed.all_counties}
        for shed in sheds
    ]
    source = _("Commuting zones of 1990, USDA Economic Research Service")
    if not sheds:
        return Checked("shed", question, "ask", _("No commuting zone is known here. Ask where people drive to work."))
    if not cut:
        return Checked("shed", question, "right", _("It cuts through no commuting zone."), why, "", source)
    advice = _("Ask employers where their people live. Take in what belongs together, and leave out what does not.")
    if len(cut) == len(sheds):
        says = _("It cuts through each commuting zone that it touches.")
        return Checked("shed", question, "low", says, why, advice, source)
    says = _("Commuting zones that it holds in full: %(whole)d. It cuts through: %(cut)d.") % {
        "whole": len(sheds) - len(cut),
        "cut": len(cut),
    }
    return Checked("shed", question, "ask", says, why, advice, source)


def _lines(region: Region, shares: Sequence[StateShare], numbers: Numbers) -> Checked:
    question, source = _("Does it cross county lines?"), preset("scope_places_least").source
    count = len(region.counties)
    why = [_("Counties: %(n)d. States: %(states)d.") % {"n": count, "states": len(shares)}]
    if count < numbers("scope_places_least"):
        says = _("It stays within one county.")
        advice = _("A natural labor market is hardly ever one county. Expect to cross the line.")
        return Checked("lines", question, "low", says, why, advice, source)
    return Checked("lines", question, "right", _("It crosses county lines."), why, "", source)


@dataclass(frozen=True)
class Places:
    """Where the support partners sit. `unknown`: partners of whom no county and no city is known."""

    partners: int
    counties: Sequence[str]
    cities: Sequence[str]
    boards: Sequence[str]
    unknown: int


def places(found: Tables) -> Places:
    """The counties, cities and workforce boards of the support partners at the outer table."""
    partners = {chair.organisation.pk: chair.organisation for chair in found.of(*PARTNERS) if chair.organisation}
    listed = list(partners.values())
    cities = {(one.city.casefold(), one.state_code): one.city for one in listed if one.city}
    return Places(
        len(listed),
        sorted({one.county_code for one in listed if one.county_code}),
        sorted(cities.values()),
        sorted(one.name for one in listed if _is_board(one)),
        sum(not one.city and not one.county_code for one in listed),
    )


def _is_board(one: Organisation) -> bool:
    return one.partner_type == BOARD or (not one.partner_type and one.system == Organisation.System.WORKFORCE)


def partner_tests(found: Places, numbers: Numbers = shipped) -> list[Checked]:
    """Whether the support team comes from more than one county, city and workforce board (C23)."""
    source, least = preset("scope_places_least").source, numbers("scope_places_least")
    asked = (
        ("counties", _("Do partners come from several counties?"), found.counties,
         _("All partners sit in one county."), _("Partners come from %(n)d counties.")),
        ("cities", _("Do partners come from several cities?"), found.cities,
         _("All partners sit in one city: %(names)s."), _("Partners come from %(n)d cities.")),
        ("boards", _("Is there more than one workforce board?"), found.boards,
         _("Only one workforce board takes part: %(names)s."), _("%(n)d workforce boards take part.")),
    )  # fmt: skip
    made = []
    for key, question, names, alone, many in asked:
        values = {"n": len(names), "names": ", ".join(names)}
        why = [_("Partners at the outer table: %(n)d.") % {"n": found.partners}]
        if key != "boards" and found.unknown:
            why.append(_("Partners of whom no city and no county is known: %(n)d.") % {"n": found.unknown})
        if not names:
            says = (
                _("No workforce board takes part yet.") if key == "boards" and found.partners
                else _("Nobody knows yet: the record holds no address of a partner.")
            )  # fmt: skip
            made.append(
                Checked(key, question, "ask", says, why, _("Add addresses in the record, or invite more."), source)
            )
        elif len(names) < least:
            advice = _("Do not be a single board, agency or college that does this alone. Look beyond that line.")
            made.append(Checked(key, question, "low", alone % values, why, advice, source))
        else:
            made.append(Checked(key, question, "right", many % values, why, "", source))
    return made
