"""Merged pictures: what a worksheet wants drawn of all its answers together. Data in its file, under `[[picture]]`.

- `lines`: answers of one entry a line, merged by their first part: which company stands on more than one list?
- `hands`: such lines as ways from one organization to another (`from`: who sends people here; `to`: where they go).
- `groups`: a question of many options: who ticked which; several at one, and nobody at another.
- `marks`: questions with the same options side by side: who finds which step strong, weak or done twice.
- `sheets`: whole answers, kept together by one question: every pitch by its audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sharedtable.errors import Refused
from sharedtable.method import toml_data
from sharedtable.method.questions import Question

# For each kind, the keys that it needs and may have beside id, kind, title and text; and what questions they name.
KINDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "lines": (frozenset({"question"}), frozenset({"columns"})),
    "hands": (frozenset(), frozenset({"from", "to"})),
    "groups": (frozenset({"question"}), frozenset()),
    "marks": (frozenset({"questions"}), frozenset()),
    "sheets": (frozenset({"by", "questions"}), frozenset()),
}
ASKS: Mapping[str, tuple[str, ...]] = {
    "lines": ("long",), "hands": ("long",), "groups": ("many",), "marks": ("choice",),
}  # fmt: skip
MOST = 8


@dataclass(frozen=True)
class Picture:
    """One merged picture. `questions` are ids; of `hands` the ways in, then the ways out, one of which may be ''."""

    id: str
    kind: str
    title: str
    text: str
    questions: tuple[str, ...]
    columns: tuple[str, ...] = ()
    by: str = ""


def read_pictures(where: str, found: list[Mapping[str, Any]], questions: Mapping[str, Question]) -> tuple[Picture, ...]:
    """The pictures of a worksheet, checked against its questions. Fails with Refused, naming place and cure."""
    if len(found) > MOST:
        raise Refused(f"{where} has {len(found)} pictures. At most {MOST} are drawn.")
    made = tuple(_picture(where, entry, questions) for entry in found)
    names = [one.id for one in made]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused(f"{where} has the picture “{twice[0]}” twice. Give each a name of its own.")
    return made


def _picture(where: str, data: Mapping[str, Any], questions: Mapping[str, Question]) -> Picture:
    here = f"{where}, picture {data.get('id', 'without an id')}"
    kind = str(data.get("kind", ""))
    if kind not in KINDS:
        raise Refused(f"{here} has the kind {kind!r}. Known are {', '.join(KINDS)}.")
    needed, optional = KINDS[kind]
    toml_data.check_keys(here, data, {"id", "kind", "title", *needed}, {"text", *optional})
    named: list[str] = (
        [str(data.get("from", "")), str(data.get("to", ""))]
        if kind == "hands"
        else [str(data["question"])] if "question" in data else [str(one) for one in data["questions"]]
    )  # fmt: skip
    if not any(named):
        raise Refused(f"{here} names no question. Add “from” or “to”.")
    for name in [one for one in named if one]:
        _check(here, kind, name, questions)
    by = str(data.get("by", ""))
    if by and (by not in questions or questions[by].kind != "choice"):
        raise Refused(f"{here} is kept together by “{by}”. That must be a question of one choice of this worksheet.")
    columns = data.get("columns", [])
    if not isinstance(columns, list) or not all(isinstance(one, str) and one.strip() for one in columns):
        raise Refused(f"{here}: “columns” needs a list of texts.")
    if kind == "marks" and len({tuple(o.id for o in questions[name].options) for name in named}) > 1:
        raise Refused(f"{here} lays questions side by side whose options differ. Give them the same ones.")
    return Picture(
        str(data["id"]), kind, " ".join(str(data["title"]).split()), " ".join(str(data.get("text", "")).split()),
        tuple(named), tuple(columns), by,
    )  # fmt: skip


def _check(here: str, kind: str, name: str, questions: Mapping[str, Question]) -> None:
    question = questions.get(name)
    if question is None:
        raise Refused(f"{here} names the question “{name}”, which is not there. Correct the name.")
    if kind in ASKS and question.kind not in ASKS[kind]:
        raise Refused(f"{here} draws “{name}”. That must be a question of the kind {' or '.join(ASKS[kind])}.")
