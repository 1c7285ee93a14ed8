"""Answers as they come in: read from a form, checked by the kind of question, and said in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.method.questions import Question, Worksheet

LONGEST_SHORT, LONGEST_LONG, LONGEST_NAME = 300, 4_000, 200
LARGEST = 1e12
Value = Any  # what JSON can hold; each kind says below what


def field(question: Question, *more: str) -> str:
    """The name of a question's field in a form."""
    return "-".join(("q", question.id, *more))


def _is_whole(text: str) -> bool:
    """Digits as `int` reads them: not '²', and no thousand of them."""
    return text.isascii() and text.isdigit() and len(text) < 19


def from_form(question: Question, form: QueryDict) -> Value:
    """The answer to one question in a form; None when it is empty. Fails with Refused when it cannot be one."""
    name = field(question)
    if question.kind == "many":
        found: Value = [str(one) for one in form.getlist(name) if one]
    elif question.kind == "ranking":
        places = [(str(form.get(field(question, o.id), "")).strip(), n, o.id) for n, o in enumerate(question.options)]
        ranked = [(int(place), n, option) for place, n, option in places if _is_whole(place)]
        found = [option for _place, _n, option in sorted(ranked)]
    elif question.kind == "matrix":
        found = {
            row.id: {
                column.id: int(point)
                for column in question.criteria
                if _is_whole(point := str(form.get(field(question, row.id, column.id), "")))
            }
            for row in question.options
        }
    elif question.kind in ("person", "organisation"):
        chosen, written = str(form.get(name, "")), str(form.get(field(question, "name"), "")).strip()
        found = {"id": int(chosen)} if _is_whole(chosen) else {"name": written} if written else None
    else:
        found = str(form.get(name, ""))
    return check(question, found)


def check(question: Question, value: Value) -> Value:
    """The answer in its plain form, None for an empty one. Fails with Refused, in words, when it does not fit."""
    if value in (None, "", [], {}):
        return None
    return _CHECKS[question.kind](question, value)


def _refuse(question: Question, said: str) -> Refused:
    return Refused(f"“{question.title[:80]}”: {said}")


def _point(question: Question, value: Value) -> Value:
    if isinstance(value, str) and _is_whole(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value not in question.steps:
        raise _refuse(question, _("choose a number from 1 to %(most)d.") % {"most": question.points})
    return value


def _choice(question: Question, value: Value) -> Value:
    if not isinstance(value, str) or value not in {option.id for option in question.options}:
        raise _refuse(question, _("choose one of the answers that are given."))
    return value


def _many(question: Question, value: Value) -> Value:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _refuse(question, _("choose from the answers that are given."))
    chosen = [option.id for option in question.options if option.id in value]
    if len(chosen) != len(set(value)):
        raise _refuse(question, _("choose from the answers that are given."))
    if question.most and len(chosen) > question.most:
        raise _refuse(question, _("choose at most %(most)d.") % {"most": int(question.most)})
    return chosen


def _text(question: Question, value: Value) -> Value:
    longest = LONGEST_SHORT if question.kind == "short" else LONGEST_LONG
    if not isinstance(value, str):
        raise _refuse(question, _("write a text."))
    text = "".join(c for c in value.replace("\r\n", "\n") if c == "\n" or c.isprintable()).strip()
    if len(text) > longest:
        raise _refuse(question, _("this is too long. At most %(most)d letters fit.") % {"most": longest})
    return text or None


def _number(question: Question, value: Value) -> Value:
    try:
        number = float(str(value).replace(",", "").replace("\N{NO-BREAK SPACE}", "").strip())
    except ValueError:
        raise _refuse(question, _("write a number, such as 12 or 3.5.")) from None
    low = -LARGEST if question.least is None else question.least
    high = LARGEST if question.most is None else question.most
    if not math.isfinite(number) or not low <= number <= high:
        raise _refuse(
            question,
            _("the number must lie between %(low)s and %(high)s.") % {"low": f"{low:g}", "high": f"{high:g}"},
        )
    return int(number) if number.is_integer() else number


def _date(question: Question, value: Value) -> Value:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _refuse(question, _("write a date, such as 2027-03-15.")) from None


def _entry(question: Question, value: Value) -> Value:
    if isinstance(value, Mapping) and isinstance(value.get("id"), int) and len(value) == 1:
        return {"id": value["id"]}
    if isinstance(value, Mapping) and isinstance(value.get("name"), str) and len(value) == 1:
        name = " ".join(value["name"].split())
        if 0 < len(name) <= LONGEST_NAME:
            return {"name": name}
    raise _refuse(question, _("choose a name, or write one of at most %(most)d letters.") % {"most": LONGEST_NAME})


def _ranking(question: Question, value: Value) -> Value:
    known = {option.id for option in question.options}
    if not isinstance(value, list) or len(set(map(str, value))) != len(value) or not known.issuperset(value):
        raise _refuse(question, _("give each entry one place."))
    return value


def _matrix(question: Question, value: Value) -> Value:
    rows, columns = {o.id for o in question.options}, {c.id for c in question.criteria}
    if not isinstance(value, Mapping) or not rows.issuperset(value):
        raise _refuse(question, _("choose a number from 1 to %(most)d.") % {"most": question.points})
    kept = {}
    for row, cells in value.items():
        if not isinstance(cells, Mapping) or not columns.issuperset(cells):
            raise _refuse(question, _("choose a number from 1 to %(most)d.") % {"most": question.points})
        if cells:
            kept[row] = {column: _point(question, point) for column, point in cells.items()}
    return kept or None


_CHECKS: Mapping[str, Callable[[Question, Value], Value]] = {
    "rating": _point,
    "pairs": _point,
    "choice": _choice,
    "many": _many,
    "short": _text,
    "long": _text,
    "number": _number,
    "date": _date,
    "person": _entry,
    "organisation": _entry,
    "ranking": _ranking,
    "matrix": _matrix,
}


def is_shown(worksheet: Worksheet, question: Question, values: Mapping[str, Value]) -> bool:
    """Whether a question shows, given the other answers; what does not show does not count."""
    rule = question.shown_if
    if rule is None:
        return True
    other = worksheet.question(rule.question)
    return other is not None and is_shown(worksheet, other, values) and values.get(rule.question) in rule.values


def in_words(question: Question, value: Value, names: Mapping[int, str] | None = None) -> str:
    """An answer as people say it. `names`: of the people or organisations that an answer may point to."""
    if value is None:
        return ""
    titles = {option.id: option.text for option in question.options}
    if question.kind in ("rating", "pairs"):
        words = question.anchor(value)
        return f"{value} – {words}" if words else str(value)
    if question.kind == "choice":
        return titles.get(value, "")
    if question.kind == "many":
        return "; ".join(titles.get(one, "") for one in value)
    if question.kind == "ranking":
        return "; ".join(f"{place}. {titles.get(one, '')}" for place, one in enumerate(value, 1))
    if question.kind == "number":
        return f"{number_format(value, use_l10n=True, force_grouping=True)} {question.unit}".strip()
    if question.kind == "date":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if question.kind in ("person", "organisation"):
        return str(
            value.get("name") or (names or {}).get(value.get("id", 0), _("somebody who is not in the record now"))
        )
    if question.kind == "matrix":
        columns = {one.id: one.text for one in question.criteria}
        return "; ".join(
            f"{titles.get(row, '')}: " + ", ".join(f"{columns.get(c, '')} {point}" for c, point in cells.items())
            for row, cells in value.items()
        )
    return str(value)
