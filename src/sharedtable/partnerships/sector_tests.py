"""The tests of an industry cut and of the planned numbers: too broad, too narrow, too few, too many (C18, C21, C22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.method.presets import preset
from sharedtable.partnerships.courting import Courting
from sharedtable.partnerships.scope_tests import Checked, Numbers, shipped
from sharedtable.studies.scope_facts import SectorFacts


def figure(value: float, places: int = 0) -> str:
    """A number as people of this language read it."""
    return number_format(value, places, use_l10n=True, force_grouping=True)


def share_words(facts: SectorFacts) -> str:
    """The share of the region's jobs, as exact as the published figures are; '' when nothing can be said."""
    if facts.share_pct is None:
        return ""
    if facts.most_share_pct is not None:
        said = _("Between %(low)s and %(high)s percent of all jobs in the region; the rest is withheld.")
        return said % {"low": figure(facts.share_pct, 1), "high": figure(facts.most_share_pct, 1)}
    if facts.withheld_cells:
        said = _("At least %(low)s percent of all jobs in the region; the rest is withheld.")
        return said % {"low": figure(facts.share_pct, 1)}
    return _("%(pct)s percent of all jobs in the region.") % {"pct": figure(facts.share_pct, 1)}


def sector_tests(
    wide: Sequence[tuple[str, str]],
    groups: Sequence[tuple[str, str]],
    facts: SectorFacts,
    counts: Mapping[str, int] | None,
    numbers: Numbers = shipped,
) -> list[Checked]:
    """Too broad, too narrow, and enough employers and companies. `counts`: companies of the record, None: no scope."""
    return [_broad(wide, numbers), _narrow(groups, numbers), _employers(facts, numbers), _companies(counts, numbers)]


def _broad(wide: Sequence[tuple[str, str]], numbers: Numbers) -> Checked:
    question, source = _("Is it too broad?"), preset("scope_fields_broad").source
    why = [f"{title} ({code})" for code, title in wide]
    if len(wide) >= numbers("scope_fields_broad"):
        says = _("Likely too broad: it reaches into %(n)d unlike industries.") % {"n": len(wide)}
        advice = _(
            "Firms that share no concern do not stay at one table. Keep what one leader would call one industry."
        )
        return Checked("broad", question, "high", says, why, advice, source)
    if len(wide) > 1:
        says = _("It reaches into %(n)d unlike industries.") % {"n": len(wide)}
        return Checked(
            "broad", question, "ask", says, why, _("Ask leaders if they share more than one concern."), source
        )
    return Checked("broad", question, "right", _("No: its parts belong to one kind of work."), why, "", source)


def _narrow(groups: Sequence[tuple[str, str]], numbers: Numbers) -> Checked:
    question, source = _("Is it too narrow?"), preset("scope_groups_narrow").source
    why = [f"{title} ({code})" for code, title in groups[:6]]
    if len(groups) > 6:
        why.append(_("and %(n)d more") % {"n": len(groups) - 6})
    if len(groups) <= numbers("scope_groups_narrow"):
        says = ngettext(
            "Perhaps too narrow: it is one trade, with %(n)d group of industries.",
            "Perhaps too narrow: it is one trade, with %(n)d groups of industries.",
            len(groups),
        ) % {"n": len(groups)}
        advice = _(
            "One trade ends in one quick fix. Which neighbors share its concerns: suppliers, buyers, tool shops?"
        )
        return Checked("narrow", question, "low", says, why, advice, source)
    return Checked("narrow", question, "right", _("No: it holds several sorts of firms."), why, "", source)


def _employers(facts: SectorFacts, numbers: Numbers) -> Checked:
    question, source = _("Are there enough employers?"), preset("companies_in_definition").source
    least = int(numbers("companies_in_definition"))
    if facts.establishments is None:
        return Checked("employers", question, "ask", facts.problem or _("No figures are loaded."), (), "", source)
    why = [_("Places of work, QCEW %(year)d: %(n)s") % {"year": facts.year, "n": figure(facts.establishments)}]
    if facts.jobs is None:
        why.append(_("Jobs: all withheld, to protect single employers. Withheld is not zero."))
    elif facts.withheld_cells:
        said = _("Jobs: at least %(jobs)s. Cells that are withheld: %(n)d. Withheld is not zero.")
        why.append(said % {"jobs": figure(facts.jobs), "n": facts.withheld_cells})
    else:
        why.append(_("Jobs: %(jobs)s") % {"jobs": figure(facts.jobs)})
    if share := share_words(facts):
        why.append(share)
    if facts.establishments < least:
        says = _("Fewer than %(least)d: only %(n)s places of work.")
        values = {"least": least, "n": figure(facts.establishments)}
        advice = _("Widen the industry or the region until enough firms can be asked.")
        return Checked("employers", question, "low", says % values, why, advice, source)
    says = _("%(n)s places of work; the method asks for %(least)d firms.")
    return Checked(
        "employers", question, "right", says % {"n": figure(facts.establishments), "least": least}, why, "", source
    )


def _companies(counts: Mapping[str, int] | None, numbers: Numbers) -> Checked:
    question, source = _("Are there enough companies in your record?"), preset("companies_in_definition").source
    least = int(numbers("companies_in_definition"))
    if counts is None:
        return Checked(
            "companies", question, "ask", _("Set a scope first, then companies can be counted."), (), "", source
        )
    why = [
        _("In: %(n)s") % {"n": figure(counts["in"])},
        _("Open, because something is not known: %(n)s") % {"n": figure(counts["open"])},
        _("Out: %(n)s") % {"n": figure(counts["out"])},
    ]
    if counts["in"] < least:
        says = _("Fewer than %(least)d: %(n)s companies of the record fit.")
        advice = _("Bring in lists of companies by industry code, or fill in what is open.")
        return Checked(
            "companies", question, "low", says % {"least": least, "n": figure(counts["in"])}, why, advice, source
        )
    says = _("%(n)s companies of the record fit; the method asks for %(least)d.")
    return Checked("companies", question, "right", says % {"least": least, "n": figure(counts["in"])}, why, "", source)


def launch_tests(
    planned: int | None, members: int | None, at_table: int, companies: int, numbers: Numbers = shipped
) -> list[Checked]:
    """The launch that is planned and the members hoped for, held against the method's numbers (C22)."""
    return [_launch(planned, at_table, numbers), _members(members, companies, numbers)]


def _launch(planned: int | None, at_table: int, numbers: Numbers) -> Checked:
    question = _("How many business leaders come to the launch?")
    source = preset("launch_businesses_too_many").source
    names = ("too_few", "red", "target", "aim_most", "note", "too_many")
    few, red, target, aim, note, many = (int(numbers(f"launch_businesses_{name}")) for name in names)
    why = [
        _("Aim for %(target)d to %(aim)d. Be glad of %(red)d or more.") % {"target": target, "aim": aim, "red": red},
        _("At the inner table now: %(n)d.") % {"n": at_table},
    ]
    if planned is None:
        return Checked(
            "launch", question, "ask", _("Type how many you plan for, or how many said yes."), why, "", source
        )
    values = {"n": planned, "few": few, "red": red, "target": target, "aim": aim, "note": note, "many": many}
    if planned <= few:
        says = _("Too small: that is a talk, not a launch.")
        advice = _(
            "Have that talk: sit down with them, hear them out, and ask them to help you build the list to invite."
        )
        return Checked("launch", question, "low", says % values, why, advice, source)
    if planned < red:
        says, advice = _("Thin: fewer than %(red)d."), _("Make calls this week, or choose a later day.")
        return Checked("launch", question, "low", says % values, why, advice, source)
    if planned < target:
        advice = _("Be glad, and ask who is still missing.")
        return Checked(
            "launch", question, "right", _("Enough to start: %(red)d or more.") % values, why, advice, source
        )
    if planned <= aim:
        return Checked("launch", question, "right", _("Just right."), why, "", source)
    if planned <= note:
        says = _("More than %(aim)d: still fine, when each can speak.")
        return Checked("launch", question, "right", says % values, why, _("Plan several small tables."), source)
    says = _("Too big: %(many)d or more is a crowd.") if planned >= many else _("Large: above %(note)d few can speak.")
    advice = _("Ask first those who would lead. Keep the others for a later day.")
    return Checked("launch", question, "high", says % values, why, advice, source)


def _members(members: int | None, companies: int, numbers: Numbers) -> Checked:
    question, source = _("How many companies will be members in time?"), preset("members_least").source
    least, most = int(numbers("members_least")), int(numbers("members_most"))
    why = [
        _("The method hopes for %(least)d to %(most)d, and in time for all or most.") % {"least": least, "most": most},
        _("Companies at the table now: %(n)d.") % {"n": companies},
    ]
    if members is None:
        return Checked("members", question, "ask", _("Type a number to try it."), why, "", source)
    if members < least:
        advice = _("Many can be members who never come to a meeting. Think of those whom you keep informed.")
        return Checked("members", question, "low", _("Fewer than %(n)d.") % {"n": least}, why, advice, source)
    if members > most:
        says = _("More than %(n)d: good in time. Begin with fewer.") % {"n": most}
        return Checked("members", question, "right", says, why, "", source)
    return Checked("members", question, "right", _("Just right."), why, "", source)


def courting_test(found: Courting, numbers: Numbers = shipped) -> Checked:
    """Whether several agencies call on this industry already (C18): a sign that one approach would help."""
    question, source = (
        _("Do several agencies call on this industry already?"),
        preset("courting_agencies_several").source,
    )
    count = len(found.agencies)
    why = [
        *(f"{line.agency}: {line.what}" for line in found.lines),
        *(
            [_("They call on others, or do not say: %(names)s.") % {"names": ", ".join(found.others)}]
            if found.others
            else []
        ),
    ]
    if not found.is_known:
        advice = _("Ask each partner which companies they call on, and register it.")
        return Checked("courting", question, "ask", _("No program is registered yet."), why, advice, source)
    values = {"n": count}
    if count >= numbers("courting_agencies_several"):
        says = _("Yes: %(n)d agencies do. Companies will be glad of one approach instead of many.")
        return Checked("courting", question, "right", says % values, why, "", source)
    says = ngettext("By the register, %(n)d agency names it.", "By the register, %(n)d agencies name it.", count)
    advice = _("Ask whether the other programs call on these companies too.") if found.others else ""
    return Checked("courting", question, "ask", says % values, why, advice, source)
