"""How hard a text is to read: the grade of a school for English, a score for Spanish. Both count words and syllables.

English: Flesch–Kincaid grade level (Kincaid et al. 1975). Spanish: the perspicuity score of Szigriszt-Pazos (1993) on
the INFLESZ scale (Barrio-Cantalejo 2008), where 55 to 65 is normal, 65 to 80 fairly easy, and above it very easy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

GRADE_AT_MOST = 8.0
EASE_AT_LEAST = 65.0
SHORTEST = 8  # words of a text that is read as a sentence
_WORD = re.compile(r"[a-záéíóúüñ]+(?:['’][a-z]+)?", re.IGNORECASE)
_END = re.compile(r"[.!?:;]+(?:\s|$)|\n+")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
# The last e of "made", "makes", "asked"; not that of "table", "see", "places", "needed".
_SILENT = re.compile(r"(?<![leio])e$|(?<![scgxzli])(?<!ch)(?<!sh)es$|(?<![tdei])ed$")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_STRONG = set("aeoáéóíú")


def prose(texts: Iterable[str]) -> list[str]:
    """The texts that are sentences: labels of a few words would make any page look easy."""
    return [text for text in texts if len(_WORD.findall(text)) >= SHORTEST]


def english_grade(texts: Iterable[str]) -> float:
    """The school grade at which a text is understood.

    >>> round(english_grade(["The cat sat on the mat. It was warm."]), 1) < 2
    True
    """
    words, sentences = _words_and_sentences(texts)
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def spanish_ease(texts: Iterable[str]) -> float:
    """How easy a text reads, from 0 to 100 and a little above.

    >>> spanish_ease(["El gato come. La casa es roja."]) > 80
    True
    """
    words, sentences = _words_and_sentences(texts)
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences


def _words_and_sentences(texts: Iterable[str]) -> tuple[list[str], int]:
    whole = "\n".join(text.strip() for text in texts)
    words = _WORD.findall(whole)
    return words or ["a"], max(1, sum(1 for part in _END.split(whole) if part and _WORD.search(part)))


def english_syllables(word: str) -> int:
    """Groups of vowels, less the silent e: 'people' has two, 'asked' one, 'area' three."""
    text = word.lower().split("'")[0].split("’")[0]
    count = len(_ENGLISH_VOWELS.findall(text))
    count -= _SILENT.search(text) is not None
    count += len(re.findall(r"i[ao](?!n)|eo(?!u)|ua[lt]|(?<![tcsg])ion$", text)) if len(text) > 4 else 0
    return max(1, count)


def spanish_syllables(word: str) -> int:
    """Nuclei of a Spanish word: two strong vowels are two syllables, a weak one leans on its neighbour."""
    text = re.sub(r"qu(?=[eiéí])", "q", word.lower())
    text = re.sub(r"gu(?=[eiéí])", "g", text)
    text = re.sub(r"y$", "i", text)
    count = 0
    for group in _SPANISH_VOWELS.findall(text):
        strong = sum(letter in _STRONG for letter in group)
        count += max(1, strong)
    return max(1, count)
