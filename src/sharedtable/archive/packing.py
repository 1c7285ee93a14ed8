"""Writes an archive: one ZIP with each table as JSON and CSV, what each column is, and a page to read first.

Nothing is held whole in memory: a row goes from the database into the file. What the file holds and its checksums
stand in `manifest.json`, which comes last because only then are they known.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from sharedtable import __version__
from sharedtable.archive.rows import Scope, has_open_name, plain
from sharedtable.archive.stops import COLUMNS, STOPS, stops_of
from sharedtable.archive.tables import USERS, Table, left_out
from sharedtable.archive.words import readme, row_words
from sharedtable.exports.format import clean_text
from sharedtable.exports.table_csv import BYTE_ORDER_MARK, csv_line
from sharedtable.privacy import Privacy

FORMAT, FORMAT_VERSION = "sharedtable-archive", 1
MANIFEST, SCHEMA, README = "manifest.json", "schema.json", "README.txt"
SPOOL_BYTES = 8_000_000


@dataclass
class Pack:
    """An archive while it is written."""

    zip: zipfile.ZipFile
    made_at: datetime
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one file from its pieces, and note its size and checksum."""
        info = zipfile.ZipInfo(name, self.made_at.timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.files[name] = {"bytes": size, "sha256": digest.hexdigest()}


def write_archive(scope: Scope, out: IO[bytes], made_at: datetime) -> dict[str, Any]:
    """Write the archive of a scope; gives its manifest."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        pack = Pack(zipped, made_at)
        counts = {one.name: _write_table(pack, scope, one) for one in scope.tables}
        for one in scope.tables:
            _write_files(pack, scope, one)
        users = _write_plain(pack, USERS, ("id", "email", "name", "language"), scope.users())
        counts[STOPS] = _write_plain(pack, STOPS, COLUMNS, stops_of(scope))
        pack.add(SCHEMA, [_json(_schema(scope.tables))])
        manifest = _manifest(scope, made_at, counts, users)
        pack.add(README, [readme(manifest, scope).replace("\n", "\r\n").encode("utf-8-sig")])
        manifest["files"] = dict(pack.files)
        pack.add(MANIFEST, [_json(manifest)])
    return manifest


def _write_table(pack: Pack, scope: Scope, one: Table) -> int:
    """One table in one pass: JSON goes into the archive at once, CSV waits in a file beside it."""
    count, has_written = 0, False
    names = _name_columns(one)
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as beside:
        beside.write(BYTE_ORDER_MARK + csv_line([*(column.name for column in one.columns), *names]))

        def pieces() -> Iterable[bytes]:
            nonlocal count, has_written
            for row, known in scope.rows(one):
                beside.write(
                    csv_line([*(_cell(value) for value in row.values()), *(known.get(name) for name in names)])
                )
                count += 1
                yield (b",\n" if has_written else b"[\n") + _compact({key: plain(value) for key, value in row.items()})
                has_written = True
            yield b"\n]\n" if has_written else b"[]\n"

        pack.add(f"json/{one.name}.json", pieces())
        beside.seek(0)
        pack.add(f"csv/{one.name}.csv", iter(lambda: beside.read(256 * 1024), b""))
    return count


def _write_files(pack: Pack, scope: Scope, one: Table) -> None:
    """What a table keeps as a file, such as photos: each under the number of its row. An agency's list has none."""
    if one.file is None or scope.agency_id:
        return
    column, ending = one.file
    found = one.model._default_manager.filter(space_id=scope.space.pk).order_by("pk")
    for number, content in found.values_list("pk", column).iterator(4):
        pack.add(file_name(one, number, ending), [bytes(content)])


def file_name(one: Table, number: int, ending: str) -> str:
    """Where the file of a row stands in an archive."""
    return f"files/{one.name}/{number}.{ending}"


def _name_columns(one: Table) -> list[str]:
    return [f"{column.name}_name" for column in one.columns if column.is_link and has_open_name(column)]


def _cell(value: Any) -> str | int | float | None:
    value = plain(value)
    if isinstance(value, list | dict):
        return clean_text(json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder))
    return clean_text(value) if isinstance(value, str) else value


def _compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder).encode("utf-8")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder) + "\n").encode("utf-8")


def _write_plain(pack: Pack, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """A short table that no model stands behind; without a row there is no file."""
    found = [[row[column] for column in columns] for row in rows]
    if found:
        lines = [_compact(dict(zip(columns, row, strict=True))) for row in found]
        pack.add(f"json/{name}.json", [b"[\n", b",\n".join(lines), b"\n]\n"])
        pack.add(f"csv/{name}.csv", [BYTE_ORDER_MARK, csv_line(columns), *(csv_line(map(_cell, row)) for row in found)])
    return len(found)


def _manifest(scope: Scope, made_at: datetime, counts: Mapping[str, int], users: int) -> dict[str, Any]:
    space = scope.space
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "software": __version__,
        "made_at": made_at.isoformat(),
        "made_by": scope.reader,
        "holds": "agency" if scope.agency_id else "space",
        "agency_id": scope.agency_id or None,
        "level": str(scope.most),
        "space": {
            "slug": space.slug,
            "name": space.name,
            "state_code": space.state_code,
            "language": space.language,
            "reply_to": "" if scope.agency_id else space.reply_to,
            "records_notice": space.records_notice,
            "is_example": space.is_example,
        },
        "tables": {
            one.name: {"rows": counts[one.name], "is_history": one.is_history, "title": row_words(one)}
            for one in scope.tables
        },
        "users": users,
        STOPS: counts[STOPS],
        "left_out": {
            "tables": {name: str(reason) for name, reason in left_out().items()} if not scope.agency_id else {},
            "values": scope.emptied,
            "rows": scope.missing,
        },
    }


def _schema(tables: Iterable[Table]) -> dict[str, Any]:
    """What each column holds, for somebody who reads the files without this software."""
    return {
        one.name: {
            "title": row_words(one),
            "columns": [
                {
                    "name": column.name,
                    "kind": column.field.get_internal_type(),
                    "points_to": column.target or None,
                    "who_may_see": str(Privacy(column.level)),
                    "choices": [str(value) for value, _title in column.field.choices or ()] or None,
                    "may_be_empty": column.field.null,
                    "longest": getattr(column.field, "max_length", None),
                }
                for column in one.columns
            ],
        }
        for one in tables
    }
