"""How a value looks, in one place: every writer that makes something to read asks here.

Spanish here is the Spanish of the United States: decimal point and thousands comma as in English (`1,234.5`), `$`
before the amount, a space before `%`, and dates as `22 de noviembre de 2026`. Readers of these documents see their
bank, their pay slip and the English version of the same page written that way; `1.234,5` beside it would be read as
another number.

Minus is U+2212 in documents, so that it lines up with digits and is never taken for a hyphen. Half is rounded up,
away from zero, as the statistical agencies do: 1.205 → 1.21.
"""

import math
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, get_args

from sharedtable.errors import Refused

Language = Literal["en", "es"]
Kind = Literal["code", "text", "integer", "decimal", "ratio", "pct", "usd", "date", "change", "change_pct"]

LANGUAGES: tuple[str, ...] = get_args(Language)
KINDS: tuple[str, ...] = get_args(Kind)
NUMBER_KINDS = frozenset({"integer", "decimal", "ratio", "pct", "usd", "change", "change_pct"})
PLACES = {"integer": 0, "decimal": 1, "ratio": 2, "pct": 1, "usd": 0, "change": 0, "change_pct": 1}

NO_VALUE = "–"
_MINUS = "\u2212"
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTHS_ES = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]


@dataclass(frozen=True, slots=True)
class Absent:
    """A value that is not there, with the reason: one of `REASONS`, or a short text of the caller's own."""

    reason: str


Value = str | int | float | Decimal | date | None | Absent


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is missing or weak: the letter beside the dash in a table, the word, and the line below the table."""

    letter: str
    word: dict[str, str]
    line: dict[str, str]


REASONS: dict[str, Reason] = {
    "withheld": Reason(
        "w",
        {"en": "withheld", "es": "reservado"},
        {
            "en": "withheld: the agency does not publish this number, so that no single employer can be recognized",
            "es": "reservado: la agencia no publica esta cifra para que no se reconozca a un solo empleador",
        },
    ),
    "partly_withheld": Reason(
        "p",
        {"en": "partly withheld", "es": "reservado en parte"},
        {
            "en": "partly withheld: some of the cells behind this number are not published, so the real one is larger",
            "es": "reservado en parte: faltan algunas de las cifras que la forman, así que la real es mayor",
        },
    ),
    "not_loaded": Reason(
        "n",
        {"en": "not loaded", "es": "sin cargar"},
        {
            "en": "not loaded: the file with this number has not been added yet",
            "es": "sin cargar: todavía no se ha agregado el archivo que trae esta cifra",
        },
    ),
    "not_comparable": Reason(
        "b",
        {"en": "break in the series", "es": "corte en la serie"},
        {
            "en": "break in the series: the industry codes changed, so these years cannot be compared",
            "es": "corte en la serie: cambiaron los códigos de industria y estos años no se pueden comparar",
        },
    ),
    "top_coded": Reason(
        "t",
        {"en": "above the published limit", "es": "sobre el límite publicado"},
        {
            "en": "above the published limit: the agency only says that the wage is higher than its top value",
            "es": "sobre el límite publicado: la agencia solo indica que el salario supera su valor máximo",
        },
    ),
}
# Marks that say "nothing is wrong"; a row that carries one gets no mark.
PLAIN_MARKS = frozenset({"", "published"})


def clean_text(text: str) -> str:
    """The text without what no file format here can hold, in composed form (NFC).

    Takes any `str`; gives one without control characters (tab and newline stay), lone surrogates and the two
    non-characters that XML forbids. Carriage returns and line separators
    become newlines.
    """
    for other in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(other, "\n")
    kept = "".join(c for c in text if _is_allowed(ord(c)))
    return unicodedata.normalize("NFC", kept)


def _is_allowed(point: int) -> bool:
    if point < 0x20:
        return point in (0x09, 0x0A)
    return not (0x7F <= point <= 0x9F or 0xD800 <= point <= 0xDFFF or point & 0xFFFE == 0xFFFE)


def is_missing(value: Value) -> bool:
    """True for `None`, `Absent`, and for NaN and infinity, which are never figures."""
    if value is None or isinstance(value, Absent):
        return True
    if isinstance(value, Decimal):
        return not value.is_finite()
    return isinstance(value, float) and not math.isfinite(value)


def reason_word(reason: str, language: Language = "en") -> str:
    """The reason in words: `withheld` → `reservado` in Spanish; a reason of the caller's own stays as it is."""
    known = REASONS.get(reason)
    return known.word[language] if known else clean_text(reason)


def reason_line(reason: str, language: Language = "en") -> str:
    """The reason as one line below a table: letter and explanation."""
    known = REASONS[reason]
    return f"{known.letter}  {known.line[language]}"


def rounded(value: int | float | Decimal, places: int) -> Decimal:
    """The number at so many decimal places, half up (away from zero); a float counts as it prints: 1.205 → 1.21."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    # A number beyond 28 digits cannot be quantized; it has no decimals to lose either.
    if exact.adjusted() + places >= 27:
        return exact.to_integral_value(ROUND_HALF_UP)
    result = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def format_date(value: date, language: Language = "en") -> str:
    """`November 22, 2026` or `22 de noviembre de 2026`."""
    if language == "es":
        return f"{value.day} de {_MONTHS_ES[value.month - 1]} de {value.year}"
    return f"{_MONTHS_EN[value.month - 1]} {value.day}, {value.year}"


def format_value(value: Value, kind: Kind = "text", language: Language = "en", *, reason: str = "") -> str:
    """The value as people read it.

    Takes data (a pct is 12.3 for 12.3 %, a usd is whole or fractional dollars, a ratio is 1.58); gives text. A
    missing value is an en dash, followed by the reason in words when there is one (`– withheld`). Fails with
    `Refused` when a number kind gets text, because a wrong number must not look like a right one.
    """
    if is_missing(value):
        why = value.reason if isinstance(value, Absent) else reason
        return NO_VALUE if why in PLAIN_MARKS else f"{NO_VALUE} {reason_word(why, language)}"
    if isinstance(value, date):
        return format_date(value.date() if isinstance(value, datetime) else value, language)
    if kind in NUMBER_KINDS:
        return _format_number(value, kind, language)
    return clean_text(str(value))


def _format_number(value: Value, kind: Kind, language: Language) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Refused(
            f"The value {str(value)[:40]!r} cannot be shown as {kind}: a number is needed. Give a number or None."
        )
    number = rounded(value, PLACES[kind])
    digits = f"{abs(number):,f}"
    sign = _MINUS if number < 0 else "+" if number > 0 and kind.startswith("change") else ""
    if kind == "usd":
        return f"{sign}${digits}"
    if kind in ("pct", "change_pct"):
        return f"{sign}{digits}" + ("\u00a0%" if language == "es" else "%")
    return f"{sign}{digits}"
