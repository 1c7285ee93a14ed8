"""Names of companies and people in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from cleanco import termdata

# "doing business as" and its relatives: what stands before and after are two names of one company.
_ALSO = re.compile(
    r"\b(?:d\s?[/.]?\s?b\s?[/.]?\s?a\b\.?|doing business as|a\s?[/.]\s?k\s?[/.]\s?a\b\.?|aka|also known as|"
    r"f\s?[/.]\s?k\s?[/.]\s?a\b\.?|fka|formerly|t/a|trading as)[\s:]",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_NO_WORD = re.compile(r"[^\w]+|_+")
_SMALL_WORDS = frozenset(["the", "and", "of", "a", "an", "at", "in", "for", "on", "de", "la", "el", "los", "las", "y"])
_SHORT = {
    "mfg": "manufacturing", "manuf": "manufacturing", "mfr": "manufacturing", "intl": "international",
    "int'l": "international", "natl": "national", "assoc": "associates", "assocs": "associates", "bros": "brothers",
    "svc": "service", "svcs": "services", "serv": "services", "tech": "technology", "techs": "technologies",
    "univ": "university", "ctr": "center", "centre": "center", "cntr": "center", "hosp": "hospital",
    "dept": "department", "mgmt": "management", "mgt": "management", "eng": "engineering", "engr": "engineering",
    "engrs": "engineers", "constr": "construction", "const": "construction", "dist": "distribution",
    "distr": "distribution", "ind": "industries", "inds": "industries", "indus": "industries", "equip": "equipment",
    "prod": "products", "prods": "products", "sys": "systems", "grp": "group", "labs": "laboratories",
    "lab": "laboratory", "med": "medical", "metro": "metropolitan", "amer": "american", "dev": "development",
    "ent": "enterprises", "gen": "general", "elec": "electric", "hdwe": "hardware", "whse": "warehouse",
    "trans": "transport", "transp": "transport", "auto": "automotive", "comm": "community", "cmty": "community",
    "coll": "college", "sch": "school", "govt": "government", "cty": "county", "st": "saint", "mt": "mount",
    "ft": "fort", "restaurante": "restaurant", "cia": "company", "hnos": "hermanos",
}  # fmt: skip
# Words that say what kind of firm it is, not which one: sharing them is weak evidence.
GENERIC = frozenset(
    [
        "company",
        "group",
        "services",
        "service",
        "industries",
        "industry",
        "manufacturing",
        "products",
        "international",
        "national",
        "american",
        "systems",
        "solutions",
        "technologies",
        "technology",
        "enterprises",
        "holdings",
        "partners",
        "associates",
        "brothers",
        "sons",
        "restaurant",
        "cafe",
        "bar",
        "grill",
        "grille",
        "kitchen",
        "house",
        "shop",
        "store",
        "stores",
        "market",
        "center",
        "college",
        "school",
        "university",
        "hospital",
        "medical",
        "health",
        "healthcare",
        "clinic",
        "care",
        "bank",
        "construction",
        "contractors",
        "building",
        "supply",
        "distribution",
        "transport",
        "trucking",
        "logistics",
        "equipment",
        "tool",
        "machine",
        "metal",
        "steel",
        "plastics",
        "electric",
        "electrical",
        "engineering",
        "consulting",
        "management",
        "development",
        "general",
        "united",
        "first",
        "new",
        "north",
        "south",
        "east",
        "west",
        "central",
        "community",
        "county",
        "city",
        "state",
        "hotel",
        "inn",
        "club",
        "foods",
        "food",
        "auto",
        "automotive",
        "design",
        "foundation",
        "department",
        "office",
        "bakery",
        "pizza",
    ]
)


def _legal_forms() -> frozenset[str]:
    """The one-word legal forms that cleanco knows, without dots."""
    forms = {form for listed in termdata.terms_by_type.values() for form in listed}
    forms |= {form for listed in termdata.terms_by_country.values() for form in listed}
    plain = {form.replace(".", "").replace(",", "").lower().strip() for form in forms}
    # Words that are a form in some country and a word in English names.
    return frozenset(form for form in plain if form.isalnum() and len(form) > 1) - frozenset(
        [
            "as",
            "an",
            "do",
            "is",
            "oh",
            "at",
            "spa",
            "kg",
            "ans",
            "sia",
            "dat",
            "ad",
            "ab",
            "asa",
            "and",
            "unlimited",
            "foundation",
            "bt",
            "pc",
            "nl",
            "sc",
        ]
    ) | frozenset(
        [
            "inc",
            "llc",
            "corp",
            "co",
            "ltd",
            "lp",
            "llp",
            "pllc",
            "lllp",
            "plc",
            "company",
            "incorporated",
            "corporation",
            "limited",
            "pc",
            "pa",
        ]
    )


LEGAL = _legal_forms()


def folded(text: str) -> str:
    """Lower case without accents, one space between words."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(text.casefold().split())


@lru_cache(maxsize=65_536)
def tokens_of(name: str) -> tuple[str, ...]:
    """The words that make a company's name, in its order: no legal form, no small words, abbreviations written out."""
    text = folded(name).replace("&", " and ").replace("'", "").replace("’", "").replace(".", "")
    words = _NO_WORD.sub(" ", text).split()
    words = _joined_letters(words)
    while len(words) > 1 and words[-1] in LEGAL:
        words.pop()
    kept = [_SHORT.get(word, word) for word in words if word not in _SMALL_WORDS]
    return tuple(kept or words)


def _joined_letters(words: list[str]) -> list[str]:
    """ "i b m" is "ibm"; a single letter between words stays."""
    made: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha() and word != "a":
            run += word
            continue
        if run:
            made.append(run)
            run = ""
        made.append(word)
    return [*made, run] if run else made


@lru_cache(maxsize=65_536)
def variants(name: str) -> tuple[tuple[str, ...], ...]:
    """The names of a company that one text holds, as words: "Acme LLC dba Roadrunner (Columbus)" has two."""
    parts = [part.strip(" ,;-") for part in _ALSO.split(f"{name} ")]
    found: list[tuple[str, ...]] = []
    for part in parts:
        plain = _ASIDE.sub(" ", part)
        words = tokens_of(plain) or tokens_of(part.strip("()[] "))
        if words and words not in found:
            found.append(words)
    return tuple(found[:2])


def core(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that tell which firm it is; all of them when there is no such word."""
    return tuple(word for word in words if word not in GENERIC) or words


def shared_part(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The words of the shorter name when the longer one has them all, and True; else the shorter one's telling words
    when the longer one has those, and False: "Lakeside Plastics" and "Lakeside College" share a word and no more."""
    fewer, more = sorted((one, other), key=len)
    if set(fewer) <= set(more):
        return fewer, True
    fewer, more = sorted((core(one), core(other)), key=len)
    return (fewer, False) if set(fewer) <= set(more) else ((), False)


def typed_alike(one: tuple[str, ...], other: tuple[str, ...]) -> dict[str, str]:
    """Words of the other name that are a word of the first but for one typing error: five letters and more, either
    the first or the last letter the same."""
    from rapidfuzz.distance import OSA  # loaded when lists are compared, not when the site starts

    alone = [word for word in one if len(word) >= 5 and word not in other]
    return {
        word: meant
        for word in other
        if alone and len(word) >= 5 and word not in one
        for meant in alone
        if (word[0] == meant[0] or word[-1] == meant[-1]) and OSA.distance(word, meant, score_cutoff=1) == 1
    }


def is_abridged(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether each word of one name begins the word of the other in its place: "Arts Deli", "Arts Delicatessen"."""
    return (
        len(one) == len(other)
        and any(a == b for a, b in zip(one, other, strict=True))
        and all(
            min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)) for a, b in zip(one, other, strict=True)
        )
    )


def initials_of(words: tuple[str, ...]) -> str:
    """The first letters of three or more words; '' of fewer, which would fit anything."""
    return "".join(word[0] for word in words) if len(words) >= 3 else ""


@lru_cache(maxsize=4096)
def parts_of_person(text: str) -> tuple[str, str]:
    """Given and family name of "Dr. Smith, Ann B." or "Ann B. Smith, Jr."; a single word is a family name."""
    from nameparser import HumanName

    parsed = HumanName(text)
    given, family = str(parsed.first or ""), str(parsed.last or "")
    return ("", given or family) if not (given and family) else (given, family)


@lru_cache(maxsize=65_536)
def plain_word(text: str) -> str:
    """Letters and digits of a name, folded."""
    return _NO_WORD.sub("", folded(text))


def _nicknames() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    lines = (Path(__file__).parent / "nicknames.txt").read_text("utf-8").splitlines()
    for number, line in enumerate(line for line in lines if line and not line.startswith("#")):
        for name in line.split():
            groups.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


NICKNAMES = _nicknames()


def are_nicknames(one: str, other: str) -> bool:
    """Whether two given names are used for the same people: Bob and Robert, Pepe and José."""
    return not NICKNAMES.get(one, frozenset()).isdisjoint(NICKNAMES.get(other, frozenset()))
