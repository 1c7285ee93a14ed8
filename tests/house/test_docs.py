"""What the documents say is true: commands and options exist, links lead somewhere, examples run."""

from __future__ import annotations

import functools
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sharedtable.cli import app

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WITH_COMMANDS = [*DOCUMENTS, ROOT / "docs" / "features.toml"]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str, language: str) -> Iterator[str]:
    for indent, kind, body in FENCE.findall(text):
        if kind == language:
            yield re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)


# --- commands ---------------------------------------------------------------------------------------------------------


def commands_in(text: str) -> list[list[str]]:
    """Every `sharedtable …` and `./go …` of a document, as words; variables set before a command are left out."""
    lines = [line for block in blocks(text, "bash") for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`((?:sharedtable|\./go)(?: [^`]+)?)`", FENCE.sub("", text))
    found = []
    for line in lines:
        words = shlex.split(line, comments=True)
        while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
            words = words[1:]
        if words and words[0] in ("sharedtable", "./go"):
            found.append(words)
    return found


def options_in(text: str) -> set[str]:
    """Every option that a document mentions outside of commands, such as `--areas` in a table."""
    return set(re.findall(r"`(--[a-z][a-z-]+)", FENCE.sub("", text)))


@functools.cache
def help_of(*command: str) -> str:
    done = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "300", "TERM": "dumb"})
    assert done.exit_code == 0, f"there is no command `sharedtable {' '.join(command)}`: {done.output[-300:]}"
    return done.output


def has_option(help_text: str, option: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", help_text) is not None


@functools.cache
def is_group(*command: str) -> bool:
    return re.search(r"Usage:.*COMMAND", help_of(*command)) is not None


def split_command(words: list[str]) -> tuple[str, ...]:
    """The names of a command without its arguments and options: `facts rank`."""
    names: list[str] = []
    for word in words:
        if word.startswith("-") or not is_group(*names):
            break
        names.append(word)
    return tuple(names)


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=name_of)
def test_every_command_in_the_documents_exists_with_its_options(path: Path) -> None:
    for words in commands_in(path.read_text()):
        if words[0] == "./go":
            script = (ROOT / "go").read_text()
            assert len(words) == 1 or re.search(rf"^  {words[1]}[ )|]", script, re.MULTILINE), " ".join(words)
            continue
        command = split_command(words[1:])
        for option in (word.split("=")[0] for word in words[1:] if word.startswith("--")):
            if option != "--help":
                assert has_option(help_of(*command), option), f"`{' '.join(words)}`: there is no option {option}"


def test_the_page_of_commands_names_every_command() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    for group in ((), ("facts",), ("mail",)):
        listed = help_of(*group).split("Commands", 1)[1]
        names = re.findall(r"^[│| ] ?([a-z][a-z-]*)\s{2,}", listed, re.MULTILINE)
        assert names, "the help lists no commands"
        for name in names:
            assert is_group(*group, name) or f"`sharedtable {' '.join([*group, name])}`" in text


def test_the_page_of_commands_names_only_options_that_exist() -> None:
    every = "".join(help_of("facts", name) for name in ("rank", "profile"))
    unknown = {o for o in options_in((ROOT / "docs" / "commands.md").read_text()) if not has_option(every, o)}
    assert unknown - {"--help"} == set()


def test_every_source_stands_in_the_guide_and_every_fetch_there_names_one() -> None:
    from sharedtable.lmi import SOURCES

    text = (ROOT / "docs" / "load-data.md").read_text()
    assert [name for name in SOURCES if f"`{name}`" not in text and name not in ("naics", "areas")] == []
    fetched = [
        words for path in DOCUMENTS for words in commands_in(path.read_text()) if words[1:3] == ["facts", "fetch"]
    ]
    named = [words[3] for words in fetched if len(words) > 3 and words[3] != "list"]
    assert named, "no document shows a fetch"
    assert [name for name in named if SOURCES[name].address is None] == []


# --- links ------------------------------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ +(.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def broken_links(path: Path) -> list[str]:
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", path.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        if not other.exists():
            found.append(f"{target}: there is no such file")
        elif anchor and anchor not in anchors(other.read_text()):
            found.append(f"{target}: there is no such heading")
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One thing\n[x](b.md) [y](#other) [z](#one-thing) [w](https://www.bls.gov)")
    assert len(broken_links(tmp_path / "a.md")) == 2


def test_every_page_of_the_guide_stands_in_the_navigation() -> None:
    navigation = set(re.findall(r'"([\w/-]+\.md)"', (ROOT / "zensical.toml").read_text()))
    assert navigation == {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}


# --- words ------------------------------------------------------------------------------------------------------------


def test_the_glossary_has_one_meaning_per_word() -> None:
    words = re.findall(r"^\| (\*\*.+?) \|", (ROOT / "GLOSSARY.md").read_text(), re.MULTILINE)
    names = [name for cell in words for name in re.findall(r"\*\*(.+?)\*\*", cell)]
    assert len(names) > 40
    assert len(names) == len(set(names))


# --- examples ---------------------------------------------------------------------------------------------------------

WITH_EXAMPLES = [path for path in DOCUMENTS if any(blocks(path.read_text(), "python"))]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name_of)
def test_the_examples_of_a_document_run(path: Path) -> None:
    """All blocks of one document, in order, in one fresh interpreter, as a reader would type them."""
    code = "\n".join(blocks(path.read_text(), "python"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]


@pytest.mark.parametrize("kind", ["region", "sector"])
def test_the_definitions_shown_in_the_guide_are_read_and_written_back(kind: str) -> None:
    from sharedtable.lmi.definitions import Region, Sector

    shown = [b for b in blocks((ROOT / "docs" / "definitions.md").read_text(), "toml") if f'kind = "{kind}"' in b]
    reader = {"region": Region, "sector": Sector}[kind]
    assert [reader.parse(text).to_text() for text in shown] == shown
    assert shown
