"""Changes of the method by a team: its own tools, its own numbers, the version that a partnership works with."""

from __future__ import annotations

import math

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.method import tools as shipped
from sharedtable.method.presets import presets
from sharedtable.partnerships.models import Partnership
from sharedtable.worksheets.evidence import EVIDENCE, unknown_keys
from sharedtable.worksheets.models import SpacePreset, SpaceTool

MOST_TOOLS = 100
MOST_NUMBER = 100_000


def bring_tool(*, by: Actor, en_text: str, es_text: str) -> SpaceTool:
    """Add a worksheet of the team's own, or a new edition of one. Fails with Refused on anything wrong in it."""
    by.must_everywhere("method.change")
    tool = shipped.from_texts({"en": en_text, "es": es_text}, "worksheet")
    if unknown := unknown_keys(tool.sheet("en")):
        raise Refused(
            _("There is no evidence “%(key)s”. There are: %(known)s.")
            % {"key": unknown[0], "known": ", ".join(sorted(EVIDENCE))}
        )
    now = timezone.now()
    with transaction.atomic():
        mine = SpaceTool.objects.filter(space_id=by.space_id, retired_at=None)
        mine.filter(tool_id=tool.id).update(retired_at=now)
        if mine.count() >= MOST_TOOLS:
            raise Refused(_("The team has %(most)d tools of its own. Take one away first.") % {"most": MOST_TOOLS})
        made = SpaceTool.objects.create(
            space_id=by.space_id, tool_id=tool.id, en_text=en_text, es_text=es_text, made_at=now, made_by=by.ref
        )
        record(by=by.ref, verb="method.tool", kind="tool", object_id=made.pk, space_id=by.space_id,
               details={"tool": tool.id, "version": tool.sheet("en").version})  # fmt: skip
    return made


def retire_tool(*, by: Actor, tool_id: str) -> None:
    """Take a tool of the team's own off the shelf. Rounds that used it stay as they are."""
    by.must_everywhere("method.change")
    with transaction.atomic():
        tool = SpaceTool.objects.filter(space_id=by.space_id, tool_id=tool_id, retired_at=None).first()
        if tool is None:
            raise Missing(_("The team has no tool of its own by that name."))
        tool.retired_at = timezone.now()
        tool.save(update_fields=["retired_at"])
        record(by=by.ref, verb="method.tool_retire", kind="tool", object_id=tool.pk, space_id=by.space_id)


def change_preset(*, by: Actor, key: str, value: float | None, reason: str) -> SpacePreset:
    """Set a number of the method for this team, or, with None, take the shipped one again. A change needs a reason."""
    by.must_everywhere("method.change")
    if key not in presets():
        raise Missing(_("There is no number by that name in the method."))
    said = " ".join(reason.split())[:300]
    if value is not None and (not math.isfinite(value) or not 0 < value <= MOST_NUMBER):
        raise Refused(_("The number must be above zero, and at most %(most)d.") % {"most": MOST_NUMBER})
    if value is not None and not said:
        raise Refused(_("Say why this team works with another number. Nothing was changed."))
    with transaction.atomic():
        made = SpacePreset.objects.create(
            space_id=by.space_id, key=key, value=value, reason=said, made_at=timezone.now(), made_by=by.ref
        )
        record(by=by.ref, verb="method.preset", kind="preset", object_id=made.pk, space_id=by.space_id,
               details={"key": key, "value": value})  # fmt: skip
    return made


def take_version(*, by: Actor, partnership: Partnership) -> None:
    """Let a partnership work with the shipped version of the method from now on."""
    by.must("worksheets.run", partnership)
    with transaction.atomic():
        Partnership.objects.filter(pk=partnership.pk, space_id=by.space_id).update(method_version=shipped.VERSION)
        record(by=by.ref, verb="method.version", kind="partnership", object_id=partnership.pk, space_id=by.space_id,
               details={"version": shipped.VERSION})  # fmt: skip
