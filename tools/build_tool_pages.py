"""Writes docs/tools.md (every worksheet) and docs/texts.md (every text of the library) from their data. `--check` only
tells whether they are current."""

from __future__ import annotations

import sys
from pathlib import Path

from sharedtable.method import articles
from sharedtable.method.presets import presets
from sharedtable.method.questions import Question, Worksheet
from sharedtable.method.tools import attribution, freeze, thaw, tools

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, TEXTS = DOCS / "tools.md", DOCS / "texts.md"
WAYS = {
    "private": "each person alone",
    "group": "together on one screen",
    "organisation": "one person for each organization",
}
HEAD = """# The tools

Every worksheet that is shipped, from its data: `src/sharedtable/method/worksheets/`. Numbers are the shipped ones;
a team may have its own. How to use them stands in [Worksheets](worksheets.md).
"""


TEXTS_HEAD = """# The texts of the library

Every shelf of the library, from its data: `src/sharedtable/method/library/`. Numbers of the method are the shipped
ones. How to use them stands in [The library](help-library.md).
"""
SHELF_TITLES = {
    "topics": "Help by topic",
    "questions": "Common questions",
    "glossary": "Words",
    "lessons": "Five lessons",
    "facts": "Fact cards",
    "reading": "Just enough reading",
    "stories": "Stories",
    "states": "For states",
    "prompts": "Story prompts",
}


def texts_page() -> str:
    """The page with every text of the library, in English."""
    parts = [TEXTS_HEAD]
    for shelf, title in SHELF_TITLES.items():
        parts += [f"## {title}", ""]
        for entry in articles.shelf(shelf).values():
            text = entry.text("en").replace("{", "`{").replace("}", "}`") if shelf == "prompts" else entry.text("en")
            figures = [f"- **{one.value}** {one.what('en')} ({one.source})" for one in entry.figures]
            about = f"`{entry.key}`, from {entry.source}. In Spanish: *{entry.title('es')}*."
            parts += [f"### {entry.title('en')}", "", about, "", text.replace("____", "\\_\\_\\_\\_"), ""]
            parts += [*figures, ""] if figures else []
    return "\n".join([*parts, f"*{attribution('en')}*\n"])


def page() -> str:
    """The whole page."""
    numbers = {key: preset.value for key, preset in presets().items()}
    parts = [HEAD]
    for tool in tools().values():
        lists = {one.id: [f"(entry {n})" for n in range(1, one.least + 1)] for one in tool.sheet("en").lists}
        shown = thaw(freeze(tool, numbers, lists))
        parts.append(_tool(shown.sheet("en"), shown.sheet("es")))
    return "\n".join([*parts, f"*{attribution('en')}*\n"])


def _tool(sheet: Worksheet, spanish: Worksheet) -> str:
    facts = [
        f"step {sheet.step}",
        f"for {', '.join(name.replace('_', ' ') for name in sheet.audience)}",
        f"about {sheet.minutes} minutes",
        WAYS[sheet.way] + (", without names" if sheet.is_anonymous else ""),
        f"rows {', '.join(sheet.rows)}",
        f"from {sheet.source}",
    ]
    lines = [
        f"## {sheet.title}",
        "",
        f"`{sheet.id}`: {'; '.join(facts)}. In Spanish: *{spanish.title}*.",
        "",
        sheet.summary,
    ]
    for section in sheet.sections:
        lines += ["", f"**{section.title}**", ""]
        lines += [f"- {_question(question)}" for question in section.questions]
    if sheet.discuss:
        lines += ["", "To talk about afterwards:", "", *(f"- {line}" for line in sheet.discuss)]
    return "\n".join([*lines, ""])


def _question(question: Question) -> str:
    if question.kind == "pairs" and not question.text:
        return f"{question.left} ↔ {question.right}"
    kind = "from the record" if question.kind == "evidence" else question.kind
    return f"{question.text} *({kind})*"


def main() -> None:
    made = {PAGE: page(), TEXTS: texts_page()}
    if "--check" in sys.argv:
        for path, text in made.items():
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                sys.exit(f"docs/{path.name} is not what the data say. Run: .venv/bin/python tools/build_tool_pages.py")
        return
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
