"""Which pairs are worth a comparison: those that share at least one key.

Comparing everybody with everybody would be 40 billion pairs for two lists of 200,000. Each record gives a handful of
keys; a key that very many share is left out, because its pairs are found by another key when they are the same. How
much that loses is measured by a test against the twin that compares all pairs.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np

from sharedtable.people.matching import names
from sharedtable.people.matching.prepared import Firms, Humans, Ints

MOST_OF_A_KEY = 1_000  # pairs
_NONE = np.array([], np.int64)


def firm_keys(side: Firms) -> Iterator[tuple[int, str]]:
    """The keys of each company, as (row, key)."""
    place = side.place
    for row, words in enumerate(side.words):
        for phone in side.phones[row]:
            yield row, f"p{phone}"
        for domain in side.domains[row]:
            yield row, f"d{domain}"
        if side.number[row]:
            yield row, f"n{side.number[row]}"
        where = place.zip[row][:3] or place.city[row][:5]
        house, road = place.house[row], place.road[row]
        if road:
            yield row, f"s{house}|{road[:4]}"
            if house and place.zip[row]:
                yield row, f"z{house}|{place.zip[row]}"
        for named in (words, side.other_words[row]):
            if not named:
                continue
            core = names.core(named)
            joined = "".join(named)
            yield row, f"w{''.join(sorted(core))}"
            yield row, f"j{joined[:6]}"
            if side.initials[row]:
                yield row, f"i{side.initials[row]}"
            elif len(named) == 1 and 3 <= len(joined) <= 6:
                yield row, f"i{joined}"
            for word in core:
                if len(word) > 2:
                    yield row, f"t{word}"
                    yield row, f"l{word[:4]}|{where}"
                    # a typo in the first letters leaves the last ones alone
                    yield row, f"e{word[-4:]}|{where}"


def human_keys(side: Humans) -> Iterator[tuple[int, str]]:
    """The keys of each person, as (row, key)."""
    place = side.place
    for row, (given, family) in enumerate(zip(side.given, side.family, strict=True)):
        for mail in side.mails[row]:
            yield row, f"m{mail}"
        for phone in side.phones[row]:
            yield row, f"p{phone}"
        if side.number[row]:
            yield row, f"n{side.number[row]}"
        born = side.born[row]
        if born:
            yield row, f"b{born}"
        where = place.zip[row] or place.city[row][:5]
        if where and given and family:
            # whose name, date and number all have a typing error still begin with the same letters
            yield row, f"a{where}|{''.join(sorted((given[0], family[0])))}"
        for one, other in ((given, family), (family, given)):
            if one:
                yield row, f"f{one}|{other[:1]}"
                yield row, f"k{_sound(one)}|{other[:3]}"
                yield row, f"l{one[:4]}|{where}"
                if born:
                    yield row, f"y{one[:3]}|{born[:4]}"
                    yield row, f"x{one[:3]}|{born[4:]}"
        if family:
            for group in names.NICKNAMES.get(given, ()):
                yield row, f"c{family}|{group}"
            if side.firm[row]:
                yield row, f"o{family}|{side.firm[row][:4]}"
            for domain in side.domains[row]:
                yield row, f"o{family[:3]}|{domain}"
        if place.road[row]:
            yield row, f"s{place.house[row]}|{place.road[row][:4]}"


_SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556", "aeiouyhw")


def _sound(word: str) -> str:
    """The first letter and the sounds of the next consonants, as Soundex has them, without doubles."""
    rest = word[1:].translate(_SOUNDS)
    made = "".join(sign for number, sign in enumerate(rest) if number == 0 or sign != rest[number - 1])
    return word[:1] + made[:3]


def pairs(
    left: Firms | Humans, right: Firms | Humans, *, most: int = MOST_OF_A_KEY, within: bool = False
) -> tuple[Ints, Ints]:
    """The rows of both sides that share a key; with `within`, both sides are one list and each pair comes once."""
    left_rows, left_keys = _indexed(left)
    right_rows, right_keys = (left_rows, left_keys) if within else _indexed(right)
    found, dense = np.unique(np.concatenate((left_keys, right_keys)), return_inverse=True)
    left_keys, right_keys = dense[: len(left_keys)], dense[len(left_keys) :]
    order_left, order_right = np.argsort(left_keys, kind="stable"), np.argsort(right_keys, kind="stable")
    left_rows, left_keys = left_rows[order_left], left_keys[order_left]
    right_rows, right_keys = right_rows[order_right], right_keys[order_right]
    total = len(found)
    count_left, count_right = np.bincount(left_keys, minlength=total), np.bincount(right_keys, minlength=total)
    start_right = np.concatenate(([0], np.cumsum(count_right)[:-1]))
    used = (count_left * count_right <= (2 * most if within else most)) & (count_left > 0) & (count_right > 0)
    keep = used[left_keys]
    left_rows, left_keys = left_rows[keep], left_keys[keep]
    repeats = count_right[left_keys]
    first = np.repeat(left_rows, repeats)
    offsets = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    second = right_rows[np.repeat(start_right[left_keys], repeats) + offsets]
    if within:
        ordered = first < second
        first, second = first[ordered], second[ordered]
    codes = np.unique(first * max(len(right), 1) + second)
    return codes // max(len(right), 1), codes % max(len(right), 1)


def _indexed(side: Firms | Humans) -> tuple[Ints, Ints]:
    """Row and key of each, the key as the 64 bits of its hash: a million texts would take more memory than all else.

    Two keys with one hash only cost a comparison too many.
    """
    found = firm_keys(side) if isinstance(side, Firms) else human_keys(side)
    rows, keys = array("q"), array("q")
    for row, key in found:
        rows.append(row)
        keys.append(hash(key))
    return np.frombuffer(rows, np.int64) if rows else _NONE, np.frombuffer(keys, np.int64) if keys else _NONE
