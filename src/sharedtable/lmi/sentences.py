"""Plain sentences about figures, in English and Spanish, for a screen, a letter or a notebook.

Numbers are written the United States way in both languages (1,234.5): these readers live there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Language = Literal["en", "es"]

_TEXT: dict[str, dict[str, str]] = {
    "en": {
        "rank": "Number {rank} of {ranked}:",
        "apart": "Listed apart: too much of this industry is withheld to rank it fairly.",
        "unscored": "Listed apart: what the ranking goes by is not known for this industry.",
        "unclassified": "Listed apart: these places of work have no industry code yet.",
        "jobs": "{jobs} jobs",
        "at_least_jobs": "at least {jobs} jobs",
        "pay": "average pay of ${pay}",
        "lq_us": "{lq} times the national share of jobs",
        "lq_state": "{lq} times the state share of jobs",
        "growth": "{pct}% since {year}",
        "cut": "no comparable earlier figure, because the industry codes changed",
        "declining": "It is declining, so it is not a good first choice unless people here know better.",
        "and": "and",
        "us_published": "Quotients use the national file of the same year.",
        "us_implied": (
            "The national file is not loaded. National shares are worked out from the quotients that BLS prints for "
            "the loaded areas; each quotient shows how exact that is."
        ),
        "us_none": "There is no national base: load the national file, or areas with printed quotients.",
        "state_published": "Quotients use the state's own figures of the same year.",
        "state_none": "The state's own figures are not loaded, so there are no quotients against the state.",
        "letter_jobs": "{sector} has {jobs} {owners} jobs in {region}.",
        "letter_at_least_jobs": "{sector} has at least {jobs} {owners} jobs in {region}.",
        "letter_lq": "Its share of all jobs here is {at_least}{lq} times the national share.",
        "letter_lq_state": "Its share of all jobs here is {at_least}{lq} times the state share.",
        "letter_pay": "These jobs pay ${pay} a year on average.",
        "owners_private": "private",
        "owners_total": "public and private",
        "at_least": "at least ",
        "letter_source": "Source: {publisher}, {title}, {year} annual averages.",
        "shift_missing_us": (
            "A split of the change needs the national figures of {year} and of an earlier year. "
            "Load the national annual file of both years."
        ),
        "shift_missing_state": (
            "A split of the change needs the state's figures of {year} and of an earlier year. "
            "Load the state's annual file of both years."
        ),
    },
    "es": {
        "rank": "Lugar {rank} de {ranked}:",
        "apart": "Aparte: se reserva demasiada información de esta industria para ordenarla con justicia.",
        "unscored": "Aparte: de esta industria no se conoce aquello por lo que se ordena.",
        "unclassified": "Aparte: estos lugares de trabajo todavía no tienen código de industria.",
        "jobs": "{jobs} empleos",
        "at_least_jobs": "al menos {jobs} empleos",
        "pay": "un pago promedio de ${pay}",
        "lq_us": "{lq} veces la proporción nacional de empleos",
        "lq_state": "{lq} veces la proporción estatal de empleos",
        "growth": "{pct}% desde {year}",
        "cut": "sin cifra anterior comparable, porque cambiaron los códigos de la industria",
        "declining": "Va en descenso; no es buena primera opción, salvo que la gente de aquí sepa algo más.",
        "and": "y",
        "us_published": "Los cocientes usan el archivo nacional del mismo año.",
        "us_implied": (
            "El archivo nacional no está cargado. Las proporciones nacionales se deducen de los cocientes que el BLS "
            "publica para las áreas cargadas; cada cociente muestra su exactitud."
        ),
        "us_none": "No hay base nacional: cargue el archivo nacional o áreas con cocientes publicados.",
        "state_published": "Los cocientes usan las cifras del estado del mismo año.",
        "state_none": "Las cifras del estado no están cargadas; no hay cocientes contra el estado.",
        "letter_jobs": "{sector} tiene {jobs} empleos {owners} en {region}.",
        "letter_at_least_jobs": "{sector} tiene al menos {jobs} empleos {owners} en {region}.",
        "letter_lq": "Su proporción de los empleos de aquí es {at_least}{lq} veces la nacional.",
        "letter_lq_state": "Su proporción de los empleos de aquí es {at_least}{lq} veces la estatal.",
        "letter_pay": "Estos empleos pagan ${pay} al año en promedio.",
        "owners_private": "privados",
        "owners_total": "públicos y privados",
        "at_least": "al menos ",
        "letter_source": "Fuente: {publisher}, {title}, promedios anuales de {year}.",
        "shift_missing_us": (
            "Para dividir el cambio hacen falta las cifras nacionales de {year} y de un año anterior. "
            "Cargue el archivo nacional anual de ambos años."
        ),
        "shift_missing_state": (
            "Para dividir el cambio hacen falta las cifras del estado de {year} y de un año anterior. "
            "Cargue el archivo anual del estado de ambos años."
        ),
    },
}


def say(key: str, language: str = "en", /, **values: object) -> str:
    """The text `key` in a language (English for one that is not here), with values filled in."""
    return _TEXT.get(language, _TEXT["en"])[key].format(**values)


def why(row: Mapping[str, Any], ranked: int, *, base: str, language: str = "en") -> str:
    """Why an industry stands where it stands: its rank, its known figures, and a warning where it declines."""
    facts = _facts(row, base, language)
    if row["rank"] is None:
        key = "unclassified" if row["industry_code"].startswith("99") else None
        start = say(key or ("apart" if row["withheld_cells"] else "unscored"), language)
    else:
        start = say("rank", language, rank=row["rank"], ranked=ranked)
    parts = [start, _listed(facts, language) + "."] if facts else [start]
    if row["is_declining"]:
        parts.append(say("declining", language))
    return " ".join(parts)


def _facts(row: Mapping[str, Any], base: str, language: str) -> list[str]:
    facts = []
    if row["employment_jobs"] is not None:
        key = "jobs" if row["withheld_cells"] == 0 else "at_least_jobs"
        facts.append(say(key, language, jobs=f"{row['employment_jobs']:,}"))
    if row["average_annual_pay_usd"] is not None:
        facts.append(say("pay", language, pay=f"{row['average_annual_pay_usd']:,}"))
    if row["location_quotient_ratio"] is not None:
        facts.append(say(f"lq_{base}", language, lq=f"{row['location_quotient_ratio']:.2f}"))
    if row["is_cut"]:
        facts.append(say("cut", language))
    elif row["employment_change_10y_pct"] is not None:
        pct = f"{row['employment_change_10y_pct']:+.1f}"
        facts.append(say("growth", language, pct=pct, year=row["change_since_year"]))
    return facts


def _listed(parts: list[str], language: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    joiner = ", " if len(parts) > 2 else " "
    return ", ".join(parts[:-1]) + f"{joiner}{say('and', language)} {parts[-1]}"


def base_note(base: str, method: str | None, language: str = "en") -> str:
    """How the base of the location quotients was found."""
    return say(f"{base}_{method or 'none'}", language)


def fact_lines(
    row: Mapping[str, Any],
    *,
    sector: str,
    region: str,
    year: int,
    base: str,
    ownership: str,
    source: Mapping[str, Any],
    language: str,
) -> list[str]:
    """One or two sentences for a letter, with their source line last; empty when no jobs figure is published (C33)."""
    if row["employment_jobs"] is None:
        return []
    key = "letter_jobs" if row["withheld_cells"] == 0 else "letter_at_least_jobs"
    owners = say(f"owners_{ownership}", language)
    lines = [say(key, language, sector=sector, jobs=f"{row['employment_jobs']:,}", owners=owners, region=region)]
    quotient = row["location_quotient_ratio"]
    # A concentration below the base is no reason to write a letter; the pay is named instead.
    if quotient is not None and quotient > 1:
        floor = say("at_least", language) if row["withheld_cells"] else ""
        key = "letter_lq" if base == "us" else "letter_lq_state"
        lines.append(say(key, language, lq=f"{quotient:.1f}", at_least=floor))
    elif row["average_annual_pay_usd"] is not None:
        lines.append(say("letter_pay", language, pay=f"{row['average_annual_pay_usd']:,}"))
    return [*lines, say("letter_source", language, publisher=source["publisher"], title=source["series"], year=year)]
