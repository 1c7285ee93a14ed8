"""The tools of the method that are worksheets: one file per language, read, checked against each other, frozen.

A worksheet is two files, `<id>.en.toml` and `<id>.es.toml`. All that is not text must be the same in both. A text may
name a preset in braces, `{companies_in_definition}`; the number comes in when a round is started, so that a team's own
preset counts. Any other number in a text needs a line in `[[number]]` with its source.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sharedtable.errors import Missing, Refused
from sharedtable.method import presets as preset_data
from sharedtable.method import toml_data
from sharedtable.method.guideposts import guideposts
from sharedtable.method.questions import Worksheet
from sharedtable.method.read_worksheet import read, structure, texts

FOLDER = toml_data.FOLDER / "worksheets"
VERSION = "1"  # of the shipped method as a whole; raise it when a tool or a preset changes
MOST_BYTES = 60_000  # of one file that a team brings; the longest shipped one has a quarter of that
_PRESET = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Tool:
    """A worksheet in all languages, with the data that it was read from."""

    id: str
    data: Mapping[str, Mapping[str, Any]]
    worksheets: Mapping[str, Worksheet]

    def sheet(self, language: str) -> Worksheet:
        """The worksheet in that language; in English where it is not there."""
        return self.worksheets.get(language) or self.worksheets["en"]

    @property
    def presets(self) -> tuple[str, ...]:
        """The presets that its texts name."""
        found = {name for data in self.data.values() for text in texts(data) for name in _PRESET.findall(text)}
        return tuple(sorted(found))


def attribution(language: str) -> str:
    """The line that every tool carries where it leaves the program (M19)."""
    return guideposts(language).attribution


def tools() -> Mapping[str, Tool]:
    """Every shipped worksheet by its id, in order of step and title.

    >>> tools()["what-works"].sheet("en").step
    1
    """
    return load(FOLDER)


@cache
def load(folder: Path) -> Mapping[str, Tool]:
    """Every worksheet of a folder. Fails with Refused, naming file, place and cure."""
    names = sorted({path.name.split(".")[0] for path in folder.glob("*.toml")})
    found = [_from_files(folder, name) for name in names]
    found.sort(key=lambda tool: (tool.sheet("en").step, tool.sheet("en").title))
    return {tool.id: tool for tool in found}


def tool(name: str) -> Tool:
    """One shipped worksheet. Fails with Missing when there is none of that id."""
    try:
        return tools()[name]
    except KeyError:
        raise Missing(f"There is no worksheet “{name}”. There are: {', '.join(tools())}.") from None


def _from_files(folder: Path, name: str) -> Tool:
    given: dict[str, str] = {}
    for language in toml_data.LANGUAGES:
        path = folder / f"{name}.{language}.toml"
        if not path.is_file():
            raise Refused(f"{path.name} is missing. A worksheet needs one file for each language.")
        given[language] = path.read_text(encoding="utf-8")
    found = from_texts(given, name)
    if found.id != name:
        raise Refused(f"{name}.en.toml has the id “{found.id}”. Give file and worksheet the same name.")
    return found


def from_texts(given: Mapping[str, str], where: str = "the worksheet") -> Tool:
    """A tool from TOML texts, one for each language. Fails with Refused, in words, on anything that is wrong."""
    data: dict[str, Mapping[str, Any]] = {}
    for language in toml_data.LANGUAGES:
        name = f"{where}.{language}.toml"
        text = given.get(language, "")
        if len(text.encode()) > MOST_BYTES:
            raise Refused(f"{name} is longer than {MOST_BYTES // 1000} kB. A worksheet is a page or two of questions.")
        try:
            data[language] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Refused(f"{name} cannot be read: {error}. Correct that line.") from error
        except RecursionError:
            raise Refused(f"{name} is nested too deeply to be a worksheet.") from None
    return from_data(data, where)


def from_data(data: Mapping[str, Mapping[str, Any]], where: str) -> Tool:
    """A tool from read files: each checked by itself, then against the other language."""
    worksheets = {
        language: read(f"{where}.{language}.toml", language, data[language]) for language in toml_data.LANGUAGES
    }
    first, second = (structure(data[language]) for language in toml_data.LANGUAGES)
    if problem := _difference(first, second, ""):
        raise Refused(f"{where}: the two languages differ at {problem}. All but the texts must be the same.")
    for language in toml_data.LANGUAGES:
        _check_numbers(f"{where}.{language}.toml", data[language])
    return Tool(worksheets["en"].id, dict(data), worksheets)


def _difference(first: Any, second: Any, at: str) -> str:
    """Where two structures differ first; nothing when they do not."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in sorted(first.keys() | second.keys()):
            if key not in first or key not in second:
                return f"{at}{key} (only in one language)"
            if found := _difference(first[key], second[key], f"{at}{key} "):
                return found
        return ""
    if isinstance(first, Sequence) and isinstance(second, Sequence) and not isinstance(first, str):
        if len(first) != len(second):
            return f"{at}({len(first)} and {len(second)} entries)"
        pairs = enumerate(zip(first, second, strict=True), 1)
        return next((found for n, (one, two) in pairs if (found := _difference(one, two, f"{at}{n} "))), "")
    return "" if first == second else f"{at}({first!r} and {second!r})"


def _check_numbers(where: str, data: Mapping[str, Any]) -> None:
    known = {str(number["value"]) for number in data.get("number", ())}
    for text in texts(data):
        for name in _PRESET.findall(text):
            if name not in preset_data.presets():
                raise Refused(f"{where} names the preset “{name}”, which is not there. Correct the name in “{text}”.")
        if bare := sorted(toml_data.numbers_in(_PRESET.sub("", text)) - known):
            raise Refused(
                f"{where} names the number {bare[0]} without a source, in “{text[:60]}”. Add it as [[number]], or name "
                "a preset in braces."
            )


# --- frozen, as a round keeps it -------------------------------------------------------------------------------------


def freeze(tool: Tool, numbers: Mapping[str, int | float], lists: Mapping[str, Sequence[str]]) -> str:
    """The worksheet as the text that a round keeps: presets filled in with `numbers`, given lists as options.

    Fails with Refused when a list is too short or too long.
    """
    for asked in tool.sheet("en").lists:
        count = len(lists.get(asked.id, ()))
        if not asked.least <= count <= asked.most:
            raise Refused(f"“{asked.text}” needs {asked.least} to {asked.most} lines. There are {count}.")
    data = {language: _filled(tool.data[language], numbers, lists) for language in toml_data.LANGUAGES}
    from_data(data, tool.id)
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _filled(found: Any, numbers: Mapping[str, int | float], lists: Mapping[str, Sequence[str]]) -> Any:
    if isinstance(found, str):
        return _PRESET.sub(lambda hit: f"{numbers[hit[1]]:g}" if hit[1] in numbers else hit[0], found)
    if isinstance(found, Mapping):
        made = {key: _filled(value, numbers, lists) for key, value in found.items()}
        if (name := made.get("options_from")) in lists:
            made["options"] = [{"id": f"o{n}", "text": text} for n, text in enumerate(lists[str(name)], 1)]
        if "section" in made:
            used = [{"value": f"{value:g}", "source": preset_data.preset(n).source} for n, value in numbers.items()]
            made["number"] = [*made.get("number", ()), *used]
            made["number"] += [
                {"value": number, "source": "As given when the round was started"}
                for lines in lists.values() for line in lines for number in toml_data.numbers_in(line)
            ]  # fmt: skip
        return made
    if isinstance(found, list):
        return [_filled(one, numbers, lists) for one in found]
    return found


@lru_cache(maxsize=128)
def thaw(text: str) -> Tool:
    """The tool of a frozen text."""
    data = json.loads(text)
    return Tool(
        str(data["en"]["id"]),
        data,
        {language: read(f"round.{language}", language, data[language]) for language in toml_data.LANGUAGES},
    )
