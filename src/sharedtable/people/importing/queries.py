"""What the pages of importing show, one function a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.people import merging, moving
from sharedtable.people.import_models import Import, ImportRow, Merge, Twin
from sharedtable.people.importing import doubles, record
from sharedtable.people.importing.columns import BY_KEY, Field, fields_of
from sharedtable.people.importing.planning import entries_of, may_change
from sharedtable.people.importing.sentences import ABOUT_CONTACT, NOTES, PROBLEMS, REASONS, sentence
from sharedtable.people.models import Membership, Organisation, Person

PAGE = 25
LISTS = 30
OTHER_TITLES: dict[str, Any] = {
    "kind": _("Kind"), "system": _("System"), "partner_type": _("Type of partner"), "county_code": _("County"),
    "convenes": _("What it convenes"), "notes": _("Notes"), "name": _("Full name"), "assistant": _("Assistant"),
    "language": _("Language"),
}  # fmt: skip
CONTACT = frozenset({"phone", "email", "mobile", "assistant", "registry_number", "employees", "notes"})


@dataclass
class Doubt:
    """A row beside the entry, or the earlier row of its list, that it may be.

    `lines`: (title, what the row says, what the other says, is alike). `number`: of the earlier row, else 0.
    """

    thing: str
    name: str
    reasons: list[tuple[str, bool]]
    lines: list[tuple[Any, str, str, bool]]
    answer: str
    number: int = 0


@dataclass
class RowView:
    """One row as the review shows it."""

    row: ImportRow
    title: str
    about: str
    problems: list[str]
    changes: list[tuple[Any, str, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def lists(by: Actor) -> dict[str, Any]:
    """The page of past lists: those that the actor may see, and the agencies that a list can be for."""
    by.must_in_space("people.import")
    found = Import.objects.filter(space=by.space).select_related("agency").defer("content", "sample", "header")
    is_whole = by.may_everywhere("people.change")
    if not is_whole:
        found = found.filter(agency_id=by.agency_id or -1)
    agencies = Organisation.objects.none()
    if is_whole:
        agencies = Organisation.objects.filter(
            space=by.space, kind=Organisation.Kind.SUPPORT, merged_into=None, archived_at=None, erased_at=None
        ).order_by("name")[:200]
    own = Organisation.objects.filter(space=by.space, pk=by.agency_id).first() if not is_whole else None
    return {"lists": list(found[:LISTS]), "agencies": list(agencies), "own_agency": own, "is_whole": is_whole}


def columns(batch: Import) -> dict[str, Any]:
    """The look at the columns: each with its header, some values and the guess."""
    shown = []
    for place, (header, chosen) in enumerate(zip(batch.header, batch.columns, strict=True)):
        values = [row[place] for row in batch.sample if place < len(row) and row[place]][:3]
        shown.append({"place": place, "header": header, "chosen": chosen, "values": values})
    both: dict[str, tuple[Field, ...]] = {"companies": fields_of("companies"), "people": fields_of("people")}
    return {"columns": shown, "fields": both["people"], "notes": notes(batch)}


def notes(batch: Import) -> list[str]:
    """What was seen while the file was read."""
    return [sentence(NOTES, str(note["code"]), note) for note in batch.notes]


def review(by: Actor, batch: Import, show: str, number: int) -> dict[str, Any]:
    """One page of the dry run, with counts of each outcome."""
    by.must("people.import", batch)
    counts = dict.fromkeys(ImportRow.Outcome.values, 0)
    counts |= dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    if show not in counts and show != "all":
        show = "perhaps" if counts["perhaps"] else "all"
    rows = batch.rows.all() if show == "all" else batch.rows.filter(outcome=show)
    page: Page[ImportRow] = Paginator(rows, PAGE).get_page(number)
    shown = list(page.object_list)
    organisations = entries_of(Organisation, batch.space_id, {row.organisation_ref for row in shown})
    people = entries_of(Person, batch.space_id, {row.person_ref for row in shown})
    employers = _employers(batch.space_id, set(people))
    twins = {number for row in shown for number in (row.organisation_twin, row.person_twin)} - {0}
    earlier = {row.number: row for row in batch.rows.filter(number__in=twins)} if twins else {}
    views = [_row(by, batch, row, organisations, people, employers) for row in shown]
    for view in views:
        view.doubts += _doubles(view.row, batch.kind, earlier)
    waiting = counts["perhaps"]
    tabs = [("all", sum(counts.values()))] + list(counts.items())
    return {
        "rows": views, "page": page, "show": show, "counts": counts, "tabs": tabs, "waiting": waiting,
        "ready": counts["new"] + counts["update"] + counts["known"], "outcomes": dict(ImportRow.Outcome.choices),
        "notes": notes(batch),
    }  # fmt: skip


def _employers(space_id: int, people: set[int]) -> dict[int, str]:
    found = Membership.objects.filter(space_id=space_id, person_id__in=people, ended_on=None).order_by("is_main", "pk")
    return dict(found.values_list("person_id", "organisation__name"))


def _row(
    by: Actor,
    batch: Import,
    row: ImportRow,
    organisations: dict[int, Any],
    people: dict[int, Any],
    employers: dict[int, str],
) -> RowView:
    values = row.values
    is_people = batch.kind == "people"
    title = _name_of(row, "person" if is_people else "organisation")
    parts = [values.get("title"), values.get("company")] if is_people else []
    parts += [values.get("city"), values.get("email"), values.get("phone") or values.get("company_phone")]
    problems = [sentence(PROBLEMS, str(one["code"]), one) for one in row.problems]
    view = RowView(row, title or "–", " · ".join(part for part in parts if part), problems)
    for thing, entry, answer, reasons in (
        ("organisation", organisations.get(row.organisation_ref), row.organisation_answer, row.organisation_reasons),
        ("person", people.get(row.person_ref), row.person_answer, row.person_reasons),
    ):
        if entry is None:
            continue
        given = record.given_to(thing, values)
        if answer == "same" and may_change(by, entry):
            changes = record.differences(entry, given)
            view.changes += [(_title(thing, name), old, new) for name, (old, new) in changes.items()]
        elif answer in ("perhaps", "later"):
            view.doubts.append(_doubt(by, thing, entry, given, answer, reasons, employers, values))
    return view


def _doubt(
    by: Actor,
    thing: str,
    entry: Any,
    given: dict[str, str],
    answer: str,
    reasons: list[dict[str, Any]],
    employers: dict[int, str],
    values: dict[str, str],
) -> Doubt:
    sees = by.may("people.contact", entry)
    lines: list[tuple[Any, str, str, bool]] = []
    for one in fields_of("people"):
        if one.thing != thing or not one.attribute or (one.attribute == "name" and thing == "person"):
            continue
        theirs = record.text_of(getattr(entry, one.attribute))
        if one.attribute in CONTACT and not sees:
            theirs = ""
        mine = given.get(one.attribute, "")
        if mine or theirs:
            alike = bool(mine and theirs) and record.means_the_same(one.attribute, theirs, mine)
            lines.append((one.title, mine, theirs, alike))
    if thing == "person" and (values.get("company") or employers.get(entry.pk)):
        mine, theirs = values.get("company", ""), employers.get(entry.pk, "")
        lines.append((BY_KEY["company"].title, mine, theirs, record.means_the_same("name", mine, theirs)))
    return Doubt(thing, entry.name, words(reasons, sees_contact=sees), lines, answer)


def _doubles(row: ImportRow, kind: str, rows: dict[int, ImportRow]) -> list[Doubt]:
    """The earlier rows of the list that a row is, or may be, about; not while the record is still to be asked."""
    found: list[Doubt] = []
    for thing in ("organisation", "person") if row.outcome != ImportRow.Outcome.REFUSED else ():
        other = rows.get(getattr(row, f"{thing}_twin"))
        if other is None or getattr(row, f"{thing}_answer") in ("same", *doubles.OPEN):
            continue
        mine, theirs = record.given_to(thing, row.values), record.given_to(thing, other.values)
        lines = [
            (one.title, mine.get(one.attribute, ""), theirs.get(one.attribute, ""), _alike(one.attribute, mine, theirs))
            for one in fields_of("people")
            if one.thing == thing and (mine.get(one.attribute) or theirs.get(one.attribute))
        ]
        if thing == "person":
            firms = [{"name": one.values.get("company", "")} for one in (row, other)]
            if any(firm["name"] for firm in firms):
                title = BY_KEY["company"].title
                lines.append((title, firms[0]["name"], firms[1]["name"], _alike("name", firms[0], firms[1])))
        reasons = words(getattr(row, f"{thing}_twin_reasons"))
        answer = getattr(row, f"{thing}_twin_answer")
        found.append(Doubt(f"{thing}_twin", _name_of(other, thing), reasons, lines, answer, other.number))
    return found


def _alike(attribute: str, mine: dict[str, str], theirs: dict[str, str]) -> bool:
    one, other = mine.get(attribute, ""), theirs.get(attribute, "")
    return bool(one and other) and record.means_the_same(attribute, other, one)


def _name_of(row: ImportRow, thing: str) -> str:
    if thing == "organisation":
        return str(row.values.get("company", ""))
    return " ".join(row.values[key] for key in ("given_name", "family_name") if row.values.get(key))


def words(reasons: list[dict[str, Any]], *, sees_contact: bool = True) -> list[tuple[str, bool]]:
    """Reasons in words, each with whether it speaks for; those about contact details only to who may see these."""
    return [
        (sentence(REASONS, str(one["code"]), one), one["bits"] > 0)
        for one in reasons
        if sees_contact or one["code"] not in ABOUT_CONTACT
    ]


def _title(thing: str, attribute: str) -> Any:
    for one in fields_of("people"):
        if one.thing == thing and one.attribute == attribute:
            return one.title
    return attribute


def undo_preview(by: Actor, batch: Import) -> dict[str, Any]:
    """What an undo would do, in names."""
    from sharedtable.people.importing.undoing import preview

    by.must("people.import", batch)
    found = preview(batch)

    def named(change: Any) -> dict[str, Any]:
        thing = found.things.get((change.kind, change.object_id))
        name = "" if thing is None else getattr(thing, "name", "") or str(thing)
        return {"name": name, "kind": change.kind, "field": _title(change.kind, change.field), "change": change}

    removed = [change for change in found.removed if change.kind != "membership"]
    kept = [(named(change), why) for change, why in found.kept if change.kind != "membership"]
    return {
        "removed": [named(one) for one in removed[:PAGE]], "removed_count": len(removed),
        "restored": [named(one) for one in found.restored[:PAGE]], "restored_count": len(found.restored),
        "kept": kept[:100], "kept_count": len(kept),
    }  # fmt: skip


def twins(by: Actor, number: int) -> dict[str, Any]:
    """The pairs that may be one, the clearest first, and the joins that can be taken back."""
    by.must_everywhere("people.merge")
    open_pairs = Twin.objects.filter(space=by.space, state=Twin.State.OPEN).order_by("-is_sure", "-bits", "pk")
    page: Page[Twin] = Paginator(open_pairs, PAGE).get_page(number)
    pairs = list(page.object_list)
    names = _names(by, {(p.kind, pk) for p in pairs for pk in (p.first_id, p.second_id)})
    names = {key: one for key, one in names.items() if not (one.merged_into_id or one.erased_at or one.archived_at)}
    shown = [
        {"pair": p, "first": names.get((p.kind, p.first_id)), "second": names.get((p.kind, p.second_id)),
         "reasons": [text for text, is_for in words(p.reasons) if is_for][:4]}
        for p in pairs
    ]  # fmt: skip
    joins = list(Merge.objects.filter(space=by.space, undone_at=None)[:10])
    joined = _names(by, {(m.kind, pk) for m in joins for pk in (m.winner_id, m.loser_id)})
    looked = Twin.objects.filter(space=by.space).order_by("-found_at").values_list("found_at", flat=True).first()
    return {
        "pairs": [one for one in shown if one["first"] and one["second"]],
        "page": page,
        "joins": [
            {"join": m, "winner": joined.get((m.kind, m.winner_id)), "loser": joined.get((m.kind, m.loser_id))}
            for m in joins
        ],
        "looked_at": looked,
    }


def _names(by: Actor, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    for kind, model in merging.MODELS.items():
        numbers = [pk for one, pk in wanted if one == kind]
        if numbers:
            found |= {(kind, one.pk): one for one in model.objects.filter(space=by.space, pk__in=numbers)}
    return found


def twin(by: Actor, number: int) -> dict[str, Any]:
    """Two entries side by side: each field with both values and where they came from."""
    pair, first, second = merging.twin(by, number)
    if first.merged_into_id or second.merged_into_id:
        raise Missing(str(_("One of these two entries is not here any more.")))
    titles = {one.attribute: one.title for one in fields_of("people") if one.thing == pair.kind}
    sources = _sources(by, pair.kind, (first.pk, second.pk))
    rows = []
    for name in merging.CHOSEN[pair.kind]:
        mine, theirs = record.text_of(getattr(first, name)), record.text_of(getattr(second, name))
        if not (mine or theirs):
            continue
        rows.append(
            {
                "name": name, "title": titles.get(name) or OTHER_TITLES[name], "first": mine, "second": theirs,
                "is_same": mine == theirs, "is_text": name in ("notes", "convenes"),
                "first_source": sources.get((first.pk, name), first.source),
                "second_source": sources.get((second.pk, name), second.source),
                "choice": "loser" if theirs and not mine else "winner",
            }
        )  # fmt: skip
    follow = {one.pk: _following(by, one) for one in (first, second)}
    return {
        "pair": pair, "first": first, "second": second, "rows": rows, "reasons": words(pair.reasons),
        "first_follow": follow[first.pk], "second_follow": follow[second.pk],
    }  # fmt: skip


def _sources(by: Actor, kind: str, numbers: tuple[int, int]) -> dict[tuple[int, str], str]:
    from sharedtable.people.models import FieldSource

    column = f"{kind}_id"
    found = FieldSource.objects.filter(space=by.space, **{f"{column}__in": numbers}).order_by("at", "pk")
    return {(pk, name): source for pk, name, source in found.values_list(column, "field", "source")}


def _following(by: Actor, entry: Any) -> int:
    """How many rows lead to an entry and would follow it."""
    return sum(
        len(relation.rows(by.space_id, [entry.pk]))
        for relation in moving.relations_of(type(entry))
        if not moving.MOVERS.get(relation.label, moving.Mover()).stays
    )
