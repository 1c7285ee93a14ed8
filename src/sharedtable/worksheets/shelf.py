"""What a team works with: the shipped method, its own tools and numbers on top, and what differs between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sharedtable.errors import Missing
from sharedtable.method import tools as shipped
from sharedtable.method.presets import Preset, presets
from sharedtable.method.tools import Tool
from sharedtable.worksheets.models import SpacePreset, SpaceTool


@lru_cache(maxsize=64)
def _read(en_text: str, es_text: str, name: str) -> Tool:
    return shipped.from_texts({"en": en_text, "es": es_text}, name)


@dataclass(frozen=True)
class Shelf:
    """The tools and numbers of a team. `own`: tools that it brought (also in place of shipped ones)."""

    tools: Mapping[str, Tool]
    own: Mapping[str, SpaceTool]
    changed: Mapping[str, SpacePreset]

    def tool(self, name: str) -> Tool:
        """One tool. Fails with Missing when it is not there."""
        found = self.tools.get(name)
        if found is None:
            raise Missing(f"“{name}” is not one of the worksheets here. Choose one from the list.")
        return found

    def number(self, key: str) -> float:
        """A number of the method as this team has it."""
        own = self.changed.get(key)
        return float(own.value) if own is not None and own.value is not None else presets()[key].value

    def numbers(self, tool: Tool) -> dict[str, float]:
        """The numbers that the texts of a tool name."""
        return {name: self.number(name) for name in tool.presets}

    def shown(self, name: str) -> Tool:
        """A tool to look at: with the team's numbers in its texts, and stand-ins for what a starter lists."""
        tool = self.tool(name)
        lists = {one.id: [f"{one.text} ({n})" for n in range(1, one.least + 1)] for one in tool.sheet("en").lists}
        return shipped.thaw(shipped.freeze(tool, self.numbers(tool), lists)) if tool.presets or lists else tool

    @property
    def replaced(self) -> set[str]:
        """Ids of shipped tools for which the team has its own edition."""
        return set(self.own) & set(shipped.tools())


def shelf(space_id: int) -> Shelf:
    """What a team works with, in two queries."""
    own = {tool.tool_id: tool for tool in SpaceTool.objects.filter(space_id=space_id, retired_at=None)}
    tools = dict(shipped.tools()) | {
        name: _read(tool.en_text, tool.es_text, name) for name, tool in own.items()
    }  # fmt: skip
    ordered = sorted(tools.values(), key=lambda tool: (tool.sheet("en").step, tool.sheet("en").title))
    changed: dict[str, SpacePreset] = {}
    for preset in SpacePreset.objects.filter(space_id=space_id).order_by("-id"):
        changed.setdefault(preset.key, preset)
    live = {key: preset for key, preset in changed.items() if preset.value is not None and key in presets()}
    return Shelf({tool.id: tool for tool in ordered}, own, live)


@dataclass(frozen=True)
class Difference:
    """A number that a team changed, beside the shipped one."""

    preset: Preset
    own: SpacePreset


def differences(found: Shelf) -> list[Difference]:
    """The numbers in which a team differs from the shipped method."""
    return [Difference(presets()[key], own) for key, own in sorted(found.changed.items())]
