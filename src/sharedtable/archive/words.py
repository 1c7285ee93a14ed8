"""The page that is read first in an archive: what it holds, what it does not, and how to use it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sharedtable.archive.tables import Table, table
from sharedtable.exports import format_date
from sharedtable.exports.document import ATTRIBUTION
from sharedtable.privacy import Privacy

if TYPE_CHECKING:
    from sharedtable.archive.rows import Scope

WIDTH = 100


def row_words(one: Table) -> str:
    """What the rows of a table are called."""
    return one.title[:1].upper() + one.title[1:]


def readme(manifest: Mapping[str, Any], scope: Scope) -> str:
    """The text, in the language of the team."""
    language = "es" if scope.space.language == "es" else "en"
    with override(language):
        parts = [
            _title(manifest, scope),
            _contents(manifest),
            _left_out(manifest, scope),
            _how_to_read(),
            _how_to_bring_in(),
            ATTRIBUTION[language],
        ]
    return "\n\n".join(parts) + "\n"


def _title(manifest: Mapping[str, Any], scope: Scope) -> str:
    day = format_date(
        _moment(manifest).astimezone(scope.space.zone).date(), "es" if scope.space.language == "es" else "en"
    )
    words = {"space": scope.space.name, "day": day, "version": manifest["software"]}
    if manifest["holds"] == "agency":
        first = _("The list of one agency at %(space)s, as it was on %(day)s.") % words
    else:
        first = _("Everything that %(space)s keeps, as it was on %(day)s.") % words
    lines = [first, _("Made with Shared Table %(version)s. You need no special program to read it.") % words]
    if manifest["level"] == Privacy.NAMED:
        lines.append(_("CONFIDENTIAL: this file also holds what people said in confidence. Keep it as you keep keys."))
    else:
        lines.append(_("It names people and how to reach them. Keep it where only those who need it can open it."))
    return "\n".join(lines)


def _moment(manifest: Mapping[str, Any]) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(manifest["made_at"])


def _contents(manifest: Mapping[str, Any]) -> str:
    lines = [_("WHAT IS INSIDE")]
    if manifest["do_not_contact"]:
        lines.append("  " + _("do_not_contact: people who want no mail. Look there before you write to anybody."))
    for name, about in manifest["tables"].items():
        rows = ngettext("%(count)d row", "%(count)d rows", about["rows"]) % {"count": about["rows"]}
        note = " " + _("(to read only)") if about["is_history"] else ""
        lines.append(f"  {name}: {about['title']}, {rows}{note}")
    return "\n".join(lines)


def _left_out(manifest: Mapping[str, Any], scope: Scope) -> str:
    lines = [_("WHAT IS NOT INSIDE")]
    lines.append(
        _("  Passwords, sign-ins, personal links and the keys of the old machine: nobody needs them elsewhere.")
    )
    if manifest["level"] != Privacy.NAMED:
        lines.append(_("  What people wrote or said in confidence, unless it was you who wrote it."))
    if manifest["holds"] == "agency":
        lines.append(
            _("  What other agencies and the team itself keep. Of their entries that yours name, only the name.")
        )
    else:
        lines.append(_("  The public labor-market figures: they can be loaded again from their publishers."))
    lines.append(
        _("  The do-not-contact marks of people who were erased: of them there is only a code that one machine reads.")
    )
    for name, columns in manifest["left_out"]["values"].items():
        one = table(name)
        title = row_words(one) if one else name
        for column, count in columns.items():
            lines.append(
                "  "
                + ngettext(
                    "%(table)s, column %(column)s: %(count)d value was left empty.",
                    "%(table)s, column %(column)s: %(count)d values were left empty.",
                    count,
                )
                % {"table": title, "column": column, "count": count}
            )
    for name, count in manifest["left_out"]["rows"].items():
        one = table(name)
        lines.append(
            "  "
            + ngettext(
                "%(table)s: %(count)d row was left out.", "%(table)s: %(count)d rows were left out.", count
            )
            % {"table": row_words(one) if one else name, "count": count}
        )  # fmt: skip
    return "\n".join(lines)


def _how_to_read() -> str:
    return "\n".join(
        [
            _("HOW TO READ IT"),
            _("  csv/   one table a file, for Excel or any spreadsheet. A text that begins like a formula has an"),
            _("         apostrophe in front of it, so that it does not run."),
            _("  json/  the same tables for programs, exactly as they were kept."),
            _("  schema.json    what each column holds, which table it points to, and who may see it."),
            _("  manifest.json  how many rows there are, and a checksum (SHA-256) for each file."),
            _("  Where a column names another table, its number is the “id” of a row there."),
        ]
    )


def _how_to_bring_in() -> str:
    return "\n".join(
        [
            _("HOW TO BRING IT IN AGAIN"),
            _("  Install Shared Table, then: sharedtable archive in THIS-FILE.zip"),
            _("  It becomes a new team. It is taken whole or not at all, and nothing that is there is touched."),
        ]
    )
