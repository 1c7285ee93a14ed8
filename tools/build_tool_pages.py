"""Writes docs/tools.md, a part for every shipped tool, from its data. `--check` only tells whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from sharedtable.method.presets import presets
from sharedtable.method.questions import Question, Worksheet
from sharedtable.method.tools import attribution, freeze, thaw, tools

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tools.md"
WAYS = {
    "private": "each person alone",
    "group": "together on one screen",
    "organisation": "one person for each organization",
}
HEAD = """# The tools

Every worksheet that is shipped, from its data: `src/sharedtable/method/worksheets/`. Numbers are the shipped ones;
a team may have its own. How to use them stands in [Worksheets](worksheets.md).
"""


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
    text = page()
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") != text:
            sys.exit("docs/tools.md is not what the worksheets say. Run: .venv/bin/python tools/build_tool_pages.py")
        return
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
