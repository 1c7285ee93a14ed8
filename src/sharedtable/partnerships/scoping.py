"""The working definition: read from names and codes, kept as dated versions, marked good enough, declared ready."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.method.presets import preset
from sharedtable.partnerships import doors
from sharedtable.partnerships.company_rules import counted, usual_rules
from sharedtable.partnerships.models import CompanyMark, Partnership, Scope
from sharedtable.partnerships.typed import line, paragraphs
from sharedtable.people.models import Organisation
from sharedtable.studies import sector_queries
from sharedtable.studies.models import Definition, Study
from sharedtable.studies.questions import Region, Sector, region_of, sector_of

GROUP_DIGITS = 4
MOST_WORDS = 120


@dataclass(frozen=True)
class Read:
    """A region and a sector as the facts understand them."""

    region: Region
    sector: Sector


def kept_definitions(actor: Actor, kind: Definition.Kind) -> list[Definition]:
    """The newest version of each definition that this team may use: its own and the installation's."""
    newest: dict[str, Definition] = {}
    found = Definition.objects.filter(Q(space=None) | Q(space_id=actor.space_id), kind=kind)
    for item in found.order_by("slug", "version"):
        newest[item.slug] = item
    return sorted(newest.values(), key=lambda item: item.name.casefold())


class SeveralMeant(Refused):
    """Words that several industries have. Somebody has to choose among them; see `meant_by`."""


def read(by: Actor, region: str, sector: str, meant: Sequence[str] = ()) -> Read:
    """The region and sector that were typed: the name of a kept definition, of an area, words, or codes.

    `meant`: codes chosen among those that the words fit. Fails with Refused when one is missing or not known, saying
    which; with SeveralMeant when the words fit several industries and none was chosen.
    """
    if not region.strip() or not sector.strip():
        raise Refused(_("A scope needs both: a region and an industry. Name both, or leave both for later."))
    return Read(_region(by, region.strip()), _sector(by, sector.strip(), meant))


def meant_by(words: str) -> list[tuple[str, str]]:
    """The industries that words such as “plastics” may mean, code and title; none for codes.

    Groups of up to four digits, and deeper industries that lie in none of these.
    """
    said = words.strip()
    if not said or len(said) > MOST_WORDS or _are_codes(said):
        return []
    found: dict[str, str] = {}
    for one in sector_queries.search(said, None):
        if len(one.code) <= GROUP_DIGITS or not one.code.startswith(tuple(found) or ("-",)):
            found[one.code] = one.title
    return list(found.items())


def _are_codes(said: str) -> bool:
    parts = said.replace(",", " ").split()
    return all(part.lstrip("-").rstrip("*").replace("-", "").isdigit() for part in parts)


def _region(by: Actor, said: str) -> Region:
    kept = _kept(by, Definition.Kind.REGION, said)
    if kept is not None:
        return Region.parse(kept.text)
    try:
        is_codes = all(
            part.isalnum() and any(sign.isdigit() for sign in part) for part in said.replace(",", " ").split()
        )
        return region_of(areas=said) if is_codes else _of_names(said)
    except Missing as problem:
        raise Refused(_("The region “%(said)s” was not found. %(why)s") % {"said": said, "why": problem}) from problem


def _of_names(said: str) -> Region:
    """The region of one name, or of several with semicolons (or “and”) between them."""
    try:
        return Region.named(said)
    except Missing:
        names = [name for name in re.split(r"\s*;\s*|\s+(?:and|y)\s+", said) if name]
        if len(names) < 2:
            raise
    return region_of(areas=" ".join(code for name in names for code in Region.named(name).areas))


def _sector(by: Actor, said: str, meant: Sequence[str]) -> Sector:
    kept = _kept(by, Definition.Kind.SECTOR, said)
    if kept is not None and not meant:
        return Sector.parse(kept.text)
    if not _are_codes(said):
        return _of_words(said, meant)
    codes = said.replace(",", " ").split()
    include = " ".join(code for code in codes if not code.startswith("-"))
    found = sector_of(include, " ".join(code for code in codes if code.startswith("-")))
    if found is None:
        raise Refused(_("Choose at least one industry first."))
    return found


def _of_words(said: str, meant: Sequence[str]) -> Sector:
    """The sector of words that fit one industry, or of those that were chosen; it is called as it was typed."""
    offered = [code for code, _title in meant_by(said)]
    chosen = [code for code in offered if code in meant] or (offered if len(offered) == 1 else [])
    if chosen:
        return Sector(line(said, 120, _("Industry")), tuple(chosen))
    if offered:
        raise SeveralMeant(
            _("“%(said)s” fits several industries. Choose those that you mean, then send it again.") % {"said": said}
        )
    raise Refused(
        _(
            "No industry is called “%(said)s”. Try one plain word such as plastics, type codes such as 3261, or keep a "
            "sector under that name on the page Sectors."
        )
        % {"said": said}
    )


def _kept(by: Actor, kind: Definition.Kind, said: str) -> Definition | None:
    own = Q(space=None) | Q(space_id=by.space_id)
    found = Definition.objects.filter(own, Q(slug=said) | Q(name__iexact=said), kind=kind)
    return found.order_by("-version", "-id").first()


def first_version(found: Read, partnership: Partnership, by: Actor) -> Scope:
    """Version 1, inside the transaction that begins the partnership."""
    return _create(found, partnership, by, 1, usual_rules(), "", 0)


def _create(
    found: Read, partnership: Partnership, by: Actor, version: int, rules: list[dict[str, Any]], note: str, study: int
) -> Scope:
    return Scope.objects.create(
        space_id=by.space_id,
        partnership=partnership,
        version=version,
        region_text=found.region.to_text(),
        region_name=found.region.name,
        sector_text=found.sector.to_text(),
        sector_name=found.sector.name,
        company_rules=rules,
        note=note,
        study_id=study,
        made_at=timezone.now(),
        made_by=by.ref,
    )


def make_version(
    *,
    by: Actor,
    partnership: Partnership,
    based_on: int,
    region: str,
    sector: str,
    note: str,
    rules: Sequence[dict[str, Any]] | None = None,
    study: int = 0,
    meant: Sequence[str] = (),
) -> Scope:
    """The next version of the scope, with a note of what changed and why.

    `based_on`: the version that the person looked at (0: none yet). Fails with Refused when there is a newer one.
    """
    by.must("partnerships.change", partnership)
    found = read(by, region, sector, meant)
    said = paragraphs(note, 2_000, _("What changed, and why"), is_needed=based_on > 0)
    if study and not Study.objects.filter(Q(space=None) | Q(space_id=by.space_id), pk=study).exists():
        raise doors.not_here()
    too_late = newer(based_on + 1)
    try:
        with transaction.atomic():
            kept = doors.locked(by, partnership)
            if current(kept) != based_on:
                raise too_late
            made = next_version(found, kept, by, said, rules, study)
            record(
                by=by.ref,
                verb="scope.make",
                kind="scope",
                object_id=made.pk,
                space_id=by.space_id,
                details={"version": made.version},
            )
    except IntegrityError as error:
        raise too_late from error
    return made


def newer(version: int) -> Refused:
    """What the second of two is told."""
    return Refused(
        _(
            "Somebody else made version %(version)d of this scope meanwhile. Look at it first; what you typed is "
            "still here."
        )
        % {"version": version}
    )


def current(partnership: Partnership) -> int:
    """The number of the newest version, 0 without any. Asked for a partnership that is held, nobody can be quicker."""
    newest = partnership.scopes.first()
    return newest.version if newest else 0


def next_version(
    found: Read,
    partnership: Partnership,
    by: Actor,
    note: str,
    rules: Sequence[dict[str, Any]] | None = None,
    study: int = 0,
) -> Scope:
    """The next version, inside a transaction that holds the partnership. Rules stay as they are unless given."""
    newest = partnership.scopes.first()
    wanted = list(rules) if rules is not None else newest.company_rules if newest else usual_rules()
    return _create(found, partnership, by, (newest.version if newest else 0) + 1, wanted, note, study)


def mark_good_enough(*, by: Actor, partnership: Partnership, version: int, is_good: bool = True) -> Scope:
    """Say that the team works with this version; it stays open to change (C24)."""
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        scope = _version(by, partnership, version)
        scope.is_good_enough = is_good
        scope.save(update_fields=["is_good_enough"])
        record(
            by=by.ref,
            verb="scope.good_enough" if is_good else "scope.reopen",
            kind="scope",
            object_id=scope.pk,
            space_id=by.space_id,
        )
    return scope


def declare_ready(*, by: Actor, partnership: Partnership, version: int, reason: str = "") -> Scope:
    """Say that enough companies meet the definition to invite from (C27).

    Fails with Refused below the preset number unless a reason is given; the reason stands beside the mark.
    """
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        scope = _version(by, partnership, version)
        count = counted(scope)["in"]
        least = int(preset("companies_in_definition").value)
        said = line(reason, 300, _("Reason"))
        if count < least and not said:
            raise Refused(
                _(
                    "%(count)d companies meet the definition, and the method asks for %(least)d. Widen the scope, add "
                    "companies, or give a reason to go ahead."
                )
                % {"count": count, "least": least}
            )
        scope.ready_at, scope.ready_companies = timezone.now(), count
        scope.ready_reason = said if count < least else ""
        scope.save(update_fields=["ready_at", "ready_companies", "ready_reason"])
        record(
            by=by.ref,
            verb="scope.ready",
            kind="scope",
            object_id=scope.pk,
            space_id=by.space_id,
            details={"companies": count, "least": least},
        )
    return scope


def _version(by: Actor, partnership: Partnership, version: int) -> Scope:
    kept = doors.locked(by, partnership)
    newest = kept.scopes.select_for_update().first()
    if newest is None:
        raise Missing(_("This partnership has no scope yet. Set one first."))
    if newest.version != version:
        raise Refused(
            _("There is a newer version of this scope, number %(version)d. Look at it first.")
            % {"version": newest.version}
        )
    return newest


def mark_company(
    *, by: Actor, partnership: Partnership, organisation: Organisation, is_in: bool | None, reason: str = ""
) -> None:
    """Take one company in or leave it out by hand, with a reason; None takes the mark away, and the rules count."""
    by.must("partnerships.change", partnership)
    if organisation.kind != Organisation.Kind.BUSINESS or organisation.space_id != by.space_id:
        raise Refused(_("Only companies can be in or out of the definition."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        if is_in is None:
            CompanyMark.objects.filter(partnership=kept, organisation=organisation).delete()
        else:
            said = line(reason, 300, _("Reason"), is_needed=True)
            CompanyMark.objects.update_or_create(
                partnership=kept,
                organisation=organisation,
                defaults={
                    "space_id": by.space_id,
                    "is_in": is_in,
                    "reason": said,
                    "made_at": timezone.now(),
                    "made_by": by.ref,
                },
            )
        record(
            by=by.ref,
            verb="company.unmark" if is_in is None else "company.mark",
            kind="organisation",
            object_id=organisation.pk,
            space_id=by.space_id,
            details={"in": is_in, "partnership": kept.pk},
        )
