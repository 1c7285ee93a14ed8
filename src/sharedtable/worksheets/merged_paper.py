"""Merged pictures on paper: the same in words, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sharedtable.exports import Block, Bullets, Column, Heading, Paragraph, Table
from sharedtable.worksheets.merged import Merged

MOST_ROWS = 300


def picture_blocks(found: Sequence[Merged]) -> list[Block]:
    """The pictures of a result as blocks of a document."""
    blocks: list[Block] = []
    for one in found:
        if one.is_empty:
            continue
        blocks.append(Heading(1, one.picture.title))
        blocks += [Paragraph(one.picture.text)] if one.picture.text else []
        blocks += _inside(one)
    return blocks


def _inside(one: Merged) -> list[Block]:
    if one.entries:
        first = one.picture.columns[0] if one.picture.columns else _("What")
        columns = (Column("what", first, "text", 2), Column("who", _("Who"), "text", 4))
        return [_table(one, columns, [(entry.name, said_of(entry.said)) for entry in one.entries])]
    if one.ways:
        columns = (Column("what", _("From"), "text", 2), Column("who", _("To"), "text", 4))
        rows = [(way.start, way.end + (f" ({_('both say so')})" if way.is_sure else "")) for way in one.ways]
        return [_table(one, columns, rows)]
    if one.marked:
        columns = (Column("what", _("Answer"), "text", 2), Column("who", _("Who"), "text", 4))
        return [
            Table(
                marked.question.title, columns,
                tuple({"what": text, "who": ", ".join(names) or _("nobody")} for text, names in marked.options),
            )
            for marked in one.marked
        ]  # fmt: skip
    blocks: list[Block] = []
    for title, cards in one.cards:
        blocks.append(Heading(2, title))
        for card in cards:
            blocks.append(Bullets(tuple(f"{what}: {said}" for what, said in card.lines)))
            blocks += [Paragraph(card.who, "note")] if card.who else []
    return blocks


def _table(one: Merged, columns: tuple[Column, ...], rows: list[tuple[str, str]]) -> Table:
    return Table(one.picture.title, columns, tuple({"what": what, "who": who} for what, who in rows[:MOST_ROWS]))


def said_of(said: dict[str, list[tuple[str, ...]]]) -> str:
    """Who wrote an entry down, each with what stood beside it."""
    return "; ".join(
        who + (f" ({' / '.join(', '.join(parts) for parts in lines if parts)})" if any(lines) else "")
        for who, lines in said.items()
    )
