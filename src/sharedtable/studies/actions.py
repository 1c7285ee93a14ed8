"""Every change of what a team keeps: each is one verb, one transaction, and checks itself whether its actor may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.studies.models import Definition, LocalNote, Study
from sharedtable.studies.tenancy import written_by

LONGEST_NOTE, LONGEST_NAME = 2_000, 120
Kind = Definition.Kind


@dataclass(frozen=True)
class NewNote:
    """A note to add. `measure` empty: about the whole profile. `said_by` may stay empty: nobody has to give a name."""

    text: str
    measure: str = ""
    kind: str = LocalNote.Kind.KNOWLEDGE
    said_by: str = ""


def save_region(region: Region, *, by: Actor, note: str = "") -> Definition:
    """Keep a region: its first version, or the next one when the name is taken.

    Gives the definition that stands now; the same areas under the same name give the one that is there. Fails with
    Refused when a next version has no note.
    """
    return _save(Kind.REGION, region, note, by)


def save_sector(sector: Sector, *, by: Actor, note: str = "") -> Definition:
    """Keep a sector; see `save_region`."""
    return _save(Kind.SECTOR, sector, note, by)


def _allowed(by: Actor, verb: str) -> None:
    """Fails with Refused for a person who may only read. The operator of the machine may always."""
    if not by.is_operator and not by.may(verb):
        raise Refused(_("Only those who work on the facts of a team can change that. Nothing was changed."))


def _save(kind: Definition.Kind, thing: Region | Sector, note: str, by: Actor) -> Definition:
    _allowed(by, "facts.define")
    slug = slugify(thing.name)[:80].strip("-")
    if not slug:
        raise Refused(_("Give it a name with letters or digits in it."))
    space = written_by(by)
    try:
        with transaction.atomic():
            newest = Definition.objects.filter(space=space, kind=kind, slug=slug).order_by("-version").first()
            version = 1 if newest is None else newest.version + 1
            if newest is not None:
                before = type(thing).parse(newest.text)
                if replace(before, name=thing.name, version=1, note="") == replace(thing, version=1, note=""):
                    return newest
                if not note.strip():
                    raise Refused(
                        _("“%(name)s” is already kept, as version %(version)d. Say in the note what changed and why.")
                        % {"name": newest.name, "version": newest.version}
                    )
            kept = replace(thing, version=version, note=note.strip())
            made = Definition.objects.create(
                space=space,
                kind=kind,
                slug=slug,
                version=version,
                name=kept.name,
                text=kept.to_text(),
                note=kept.note,
                created_on=timezone.localdate(),
                created_by=by.ref,
            )
            _record(by, "definition.keep", made, {"kind": str(kind), "version": version})
            return made
    except IntegrityError as error:
        raise Refused(
            _("Somebody else kept a version of “%(name)s” at the same moment. Look at it, then try again.")
            % {"name": thing.name}
        ) from error


def add_note(note: NewNote, *, by: Actor, region: Region, sector: Sector, study: Study | None = None) -> LocalNote:
    """Write down what people know about a sector in a region. Fails with Refused when the text is empty or too long."""
    _allowed(by, "facts.note")
    with transaction.atomic():
        made = _add_note(note, by, region, sector, study)
        _record(by, "note.add", made, {"kind": made.kind})
        return made


def _add_note(note: NewNote, by: Actor, region: Region, sector: Sector, study: Study | None) -> LocalNote:
    text = note.text.strip()
    if not text:
        raise Refused(_("The note is empty. Write what people know that the figures do not show."))
    if len(text) > LONGEST_NOTE or len(note.said_by) > LONGEST_NAME or len(note.measure) > 60:
        raise Refused(_("The note is too long. Keep it under %(most)d letters.") % {"most": LONGEST_NOTE})
    if "\0" in text + note.said_by + note.measure:
        raise Refused(_("The note holds signs that cannot be read. Write it again."))
    if note.kind not in LocalNote.Kind.values:
        raise Refused(_("A note is what people know, a caution, or a correction. Choose one of them."))
    return LocalNote.objects.create(
        space=written_by(by),
        kind=note.kind,
        areas=",".join(region.areas),
        region_name=region.name,
        sector=sector_key(sector),
        sector_name=sector.name,
        measure=note.measure,
        text=text,
        said_by=note.said_by.strip(),
        study=study,
        created_at=timezone.now(),
        created_by=by.ref,
    )


def withdraw_note(number: int, *, by: Actor) -> LocalNote:
    """Mark a note as no longer holding; it leaves the pages and stays on record. Fails with Missing without one."""
    _allowed(by, "facts.note")
    with transaction.atomic():
        # Only one's own: a team does not take back what the operator wrote for everybody, nor the other way round.
        rows = LocalNote.objects.select_for_update().filter(space=written_by(by), withdrawn_at=None)
        note = rows.filter(pk=number).first()
        if note is None:
            raise Missing(_("That note is not there any more."))
        note.withdrawn_at = timezone.now()
        note.save(update_fields=["withdrawn_at"])
        _record(by, "note.withdraw", note, {})
        return note


def freeze_study(
    *,
    by: Actor,
    title: str,
    question: Mapping[str, Any],
    answer: Mapping[str, Any],
    sources: Iterable[str],
    made_on: date | None,
    file_name: str,
    sha256: str,
    notes: Iterable[NewNote] = (),
    region: Region,
    sector: Sector,
) -> Study:
    """Keep the figures of a workbook as they are, with its notes. The same file a second time gives the first study."""
    _allowed(by, "facts.note")
    with transaction.atomic():
        space = written_by(by)
        kept = Study.objects.filter(space=space, sha256=sha256).first()
        if kept is not None:
            return kept
        study = Study.objects.create(
            space=space,
            title=title[:300],
            question=dict(question),
            answer=dict(answer),
            sources=list(sources),
            made_on=made_on,
            file_name=file_name[:200],
            sha256=sha256,
            created_at=timezone.now(),
            created_by=by.ref,
        )
        made = [_add_note(note, by, region, sector, study) for note in notes]
        _record(by, "study.freeze", study, {"notes": len(made)})
        return study


def _record(by: Actor, verb: str, thing: Definition | LocalNote | Study, details: Mapping[str, Any]) -> None:
    kind = str(thing._meta.model_name)
    record(by=by.ref, verb=verb, kind=kind, object_id=thing.pk, space_id=thing.space_id, details=details)


def sector_key(sector: Sector) -> str:
    """The codes of a sector in one order, so that notes about the same industries meet: '3261,333*,-3339'."""
    return ",".join([*sorted(sector.include), *(f"-{code}" for code in sorted(sector.exclude))])
