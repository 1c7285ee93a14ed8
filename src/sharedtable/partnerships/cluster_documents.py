"""The sector-cluster map as a Word, PowerPoint or PDF file: the picture, and the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.exports import Column, Document, Figure, Paragraph, Table
from sharedtable.method.guideposts import guideposts
from sharedtable.partnerships import cluster_picture
from sharedtable.partnerships.documents import File, paper, reader_language
from sharedtable.partnerships.models import Partnership
from sharedtable.partnerships.team_queries import Place


def map_file(partnership: Partnership, places: Sequence[Place], kind: str) -> File:
    """The map as a file: docx, pptx or pdf."""
    return paper(kind, f"{partnership.slug}-map", map_document(partnership, places), slides=True)


def map_document(partnership: Partnership, places: Sequence[Place]) -> Document:
    """What surrounds the industry, as a picture and as a table."""
    scope = partnership.scopes.first()
    about = f"{scope.sector_name} · {scope.region_name}" if scope else partnership.name
    columns = (
        Column("place", _("Place on the map"), "text", 1.6),
        Column("name", _("Name"), "text", 2.4),
        Column("note", _("Note"), "text", 2.4),
    )
    rows = [
        {"place": place.title, "name": name, "note": note}
        for place in places
        for name, note in (place.rows or [("–", _("nobody yet"))])
    ]
    figure = Figure(cluster_picture.svg(cluster_picture.picture(places)), cluster_picture.words(places))
    return Document(
        _("What surrounds the industry"),
        timezone.localdate(),
        (Paragraph(about, "lead"), figure, Table(_("Who stands where"), columns, tuple(rows))),
        reader_language(),
        subject=partnership.name,
        footer=guideposts(reader_language()).attribution,
        is_landscape=True,
    )
