"""Reads one language of a worksheet from its data, and refuses what is wrong in it by naming place and cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sharedtable.errors import Refused
from sharedtable.method import toml_data
from sharedtable.method.pictures import read_pictures
from sharedtable.method.questions import (
    AUDIENCES,
    DECIDES,
    KINDS,
    OUTCOMES,
    POINTS,
    READY,
    SCALED,
    WAYS,
    WITH_OPTIONS,
    AskedList,
    Condition,
    Option,
    Question,
    Section,
    Worksheet,
)

# Keys that hold text, and so differ between languages; all others must be the same in each.
TEXTS = frozenset(
    {"title", "summary", "intro", "discuss", "text", "help", "left", "right", "unit", "anchors", "columns"}
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_ALL = frozenset({"id", "kind", "help", "discuss", "shown_if"})
MOST_QUESTIONS, MOST_OPTIONS, MOST_POINTS, MOST_CHARACTERS = 80, 40, 10, 1_200


def read(where: str, language: str, data: Mapping[str, Any]) -> Worksheet:
    """One language of a worksheet. Fails with Refused."""
    toml_data.check_keys(
        where,
        data,
        {"id", "version", "step", "rows", "source", "way", "minutes", "for", "title", "summary", "intro", "section"},
        {"is_anonymous", "outcome", "discuss", "list", "number", "picture", "decides", "ready_when"},
    )
    for number in _tables(where, data, "number"):
        toml_data.check_keys(f"{where}, number", number, {"value", "source"})
        toml_data.check_source(f"{where}, number {number['value']}", number["source"])
    lists = tuple(_list(where, entry) for entry in _tables(where, data, "list"))
    sections = tuple(_section(where, entry, {one.id for one in lists}) for entry in _tables(where, data, "section"))
    questions = [question for section in sections for question in section.questions]
    _unique(where, "list", [one.id for one in lists])
    _unique(where, "section", [section.id for section in sections])
    _unique(where, "question", [question.id for question in questions])
    if len(questions) > MOST_QUESTIONS:
        raise Refused(f"{where} has {len(questions)} questions. Nobody answers more than {MOST_QUESTIONS}; make two.")
    _check_conditions(where, questions)
    return Worksheet(
        id=_name(where, data["id"]),
        language=language,
        version=_whole(where, "version", data["version"], 1, 999),
        step=_whole(where, "step", data["step"], 1, 6),
        rows=tuple(_strings(where, "rows", data["rows"])),
        source=toml_data.check_source(where, data["source"]),
        way=_one_of(where, "way", data["way"], WAYS),
        is_anonymous=bool(data.get("is_anonymous", False)),
        minutes=_whole(where, "minutes", data["minutes"], 1, 240),
        audience=tuple(_one_of(where, "for", one, AUDIENCES) for one in _strings(where, "for", data["for"])),
        outcome=_one_of(where, "outcome", data.get("outcome", "none"), OUTCOMES),
        decides=_one_of(where, "decides", data.get("decides", "other"), DECIDES),
        ready_when=_one_of(where, "ready_when", data.get("ready_when", ""), READY),
        title=_text(where, "title", data["title"]),
        summary=_text(where, "summary", data["summary"]),
        intro=_text(where, "intro", data["intro"]),
        discuss=tuple(_strings(where, "discuss", data.get("discuss", []))),
        lists=lists,
        sections=sections,
        pictures=read_pictures(where, _tables(where, data, "picture"), {one.id: one for one in questions}),
        _by_id={question.id: question for question in questions},
    )


def structure(found: Any) -> Any:
    """What must be the same in each language: all that is not text. A text leaves its place, a list its length."""
    if isinstance(found, Mapping):
        return {
            key: (len(value) if isinstance(value, list) else True) if key in TEXTS else structure(value)
            for key, value in found.items()
        }
    return [structure(one) for one in found] if isinstance(found, list) else found


def texts(found: Any, *, is_text: bool = False) -> Iterator[str]:
    """Every text that people read, in order."""
    if isinstance(found, str):
        if is_text:
            yield found
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from texts(value, is_text=key in TEXTS)
    elif isinstance(found, list):
        for one in found:
            yield from texts(one, is_text=is_text)


def _section(where: str, data: Mapping[str, Any], lists: set[str]) -> Section:
    here = f"{where}, section {data.get('id', 'without an id')}"
    toml_data.check_keys(here, data, {"id", "title", "question"}, {"intro"})
    questions = tuple(_question(here, entry, lists) for entry in _tables(here, data, "question"))
    return Section(
        _name(here, data["id"]), _text(here, "title", data["title"]), _optional(here, data, "intro"), questions
    )


def _list(where: str, data: Mapping[str, Any]) -> AskedList:
    here = f"{where}, list {data.get('id', 'without an id')}"
    toml_data.check_keys(here, data, {"id", "text", "least", "most"})
    least = _whole(here, "least", data["least"], 1, MOST_OPTIONS)
    return AskedList(
        _name(here, data["id"]),
        _text(here, "text", data["text"]),
        least,
        _whole(here, "most", data["most"], least, MOST_OPTIONS),
    )


def _question(where: str, data: Mapping[str, Any], lists: set[str]) -> Question:
    here = f"{where}, question {data.get('id', 'without an id')}"
    kind = _one_of(here, "kind", data.get("kind"), tuple(KINDS))
    needed, optional = KINDS[kind]
    toml_data.check_keys(here, data, {"id", "kind", *needed}, set(_ALL | optional))
    points = _whole(here, "points", data.get("points", POINTS), 2, MOST_POINTS)
    anchors = tuple(_strings(here, "anchors", data.get("anchors", [])))
    if "anchors" in needed and len(anchors) not in (2, points):
        raise Refused(f"{here} has {len(anchors)} anchors. Give 2, for the ends, or {points}, one for each point.")
    return Question(
        id=_name(here, data["id"]),
        kind=kind,
        points=points if kind in SCALED else POINTS,
        anchors=anchors,
        options=_options(here, kind, data, lists),
        criteria=_choices(here, "criteria", data["criteria"]) if kind == "matrix" else (),
        options_from=str(data.get("options_from", "")),
        evidence=_name(here, data["evidence"]) if kind == "evidence" else "",
        least=_number(here, "least", data.get("least")),
        most=_number(here, "most", data.get("most")),
        shown_if=_condition(here, data.get("shown_if")),
        **{key: _optional(here, data, key) for key in ("text", "help", "discuss", "left", "right", "unit")},
    )


def _options(where: str, kind: str, data: Mapping[str, Any], lists: set[str]) -> tuple[Option, ...]:
    if kind not in WITH_OPTIONS:
        return ()
    named = data.get("options_from", "")
    if named and named not in lists:
        raise Refused(f"{where} takes its options from “{named}”, which is no [[list]] of this worksheet.")
    if "options" in data:
        return _choices(where, "options", data["options"])
    if not named:
        raise Refused(f"{where} lacks “options”. Add them, or name a [[list]] in “options_from”.")
    return ()


def _choices(where: str, key: str, found: Any) -> tuple[Option, ...]:
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_OPTIONS:
        raise Refused(f"{where} needs 1 to {MOST_OPTIONS} entries in “{key}”.")
    made = []
    for entry in found:
        if not isinstance(entry, Mapping):
            raise Refused(f"{where}, {key}: each entry needs an id and a text.")
        toml_data.check_keys(f"{where}, {key}", entry, {"id", "text"})
        made.append(Option(_name(where, entry["id"]), _text(where, key, entry["text"])))
    _unique(where, key, [option.id for option in made])
    return tuple(made)


def _condition(where: str, found: Any) -> Condition | None:
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise Refused(f"{where}: “shown_if” needs a question and the answers that show it.")
    toml_data.check_keys(f"{where}, shown_if", found, {"question", "is"})
    values = found["is"] if isinstance(found["is"], list) else [found["is"]]
    return Condition(str(found["question"]), tuple(v if isinstance(v, int) else str(v) for v in values))


def _check_conditions(where: str, questions: list[Question]) -> None:
    before: dict[str, Question] = {}
    for question in questions:
        rule = question.shown_if
        if rule is not None:
            other = before.get(rule.question)
            if other is None or other.kind not in ("rating", "choice", "pairs"):
                raise Refused(
                    f"{where}, question {question.id} shows if “{rule.question}” is answered in some way. That must be "
                    "a rating, pair or choice before it."
                )
            known: set[str | int] = {option.id for option in other.options} or set(other.steps)
            if not set(rule.values) <= known:
                raise Refused(f"{where}, question {question.id}: “{rule.question}” has no answer {rule.values}.")
        before[question.id] = question


def _tables(where: str, data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
        raise Refused(f"{where}: write each {key} under a line of its own, [[{key}]].")
    return found


def _name(where: str, found: Any) -> str:
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        raise Refused(f"{where} has the id {found!r}. An id is a word in small letters, up to 40, with - or _ in it.")
    return found


def _text(where: str, key: str, found: Any) -> str:
    if not isinstance(found, str) or not found.strip():
        raise Refused(f"{where} lacks the text “{key}”. Add it; it may not be empty.")
    if len(found) > MOST_CHARACTERS:
        raise Refused(f"{where}: the text “{key}” is longer than {MOST_CHARACTERS} letters. Nobody reads that.")
    return " ".join(found.split())


def _optional(where: str, data: Mapping[str, Any], key: str) -> str:
    return _text(where, key, data[key]) if key in data else ""


def _strings(where: str, key: str, found: Any) -> list[str]:
    if not isinstance(found, list):
        raise Refused(f"{where}: “{key}” needs a list of texts.")
    return [_text(where, key, one) for one in found]


def _one_of(where: str, key: str, found: Any, known: tuple[str, ...]) -> str:
    if found not in known:
        raise Refused(f"{where} has the {key} {found!r}. Known are {', '.join(known)}.")
    return str(found)


def _whole(where: str, key: str, found: Any, least: int, most: int) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise Refused(f"{where}: “{key}” is {found!r}. It must be a whole number from {least} to {most}.")
    return found


def _number(where: str, key: str, found: Any) -> float | None:
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Refused(f"{where}: “{key}” is {found!r}. It must be a number.")
    return float(found)


def _unique(where: str, what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise Refused(f"{where} has the {what} “{name}” twice. Give each a name of its own.")
