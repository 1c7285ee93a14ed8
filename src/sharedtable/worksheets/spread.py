"""How far people stand apart, in a measure that can be said in one sentence: the distance of two answers by chance.

Pure functions of lists of answers. Every fast one has its slow twin in the tests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

FEWEST_TO_SPLIT = 5  # X16: a smaller group is not shown by itself
FEWEST_TO_COUNT = 3  # X16: a smaller count is not shown where nobody is named


def mean(values: Sequence[float]) -> float | None:
    """The average; None of nothing."""
    return sum(values) / len(values) if values else None


def median(values: Sequence[float]) -> float | None:
    """The middle one; None of nothing."""
    ordered, half = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def apart(values: Sequence[float]) -> float | None:
    """How far two different people stand apart on average; None of fewer than two.

    >>> apart([1, 1, 5])
    2.6666666666666665
    """
    n = len(values)
    if n < 2:
        return None
    return sum((2 * i - n + 1) * value for i, value in enumerate(sorted(values))) * 2 / (n * (n - 1))


def differ(values: Sequence[Hashable]) -> float | None:
    """The chance, from 0 to 1, that two different people chose different things; None of fewer than two."""
    n = len(values)
    if n < 2:
        return None
    return 1 - sum(count * (count - 1) for count in Counter(values).values()) / (n * (n - 1))


def share_apart(values: Sequence[float], points: int) -> float | None:
    """`apart` as a share of the largest distance on the scale, from 0 to 1, to lay beside other questions."""
    found = apart(values)
    return None if found is None else found / (points - 1)


def safe_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of an anonymous question: those under three become None, with others, so that no sum gives them away.

    One hidden count could be worked out from the total, so at least two are hidden, and together they hold three
    answers or more. Where that cannot be, every count is hidden.
    """
    small = {key for key, count in counts.items() if 0 < count < FEWEST_TO_COUNT}
    if not small:
        return dict(counts)
    hidden = set(small)
    rest = sorted(
        (key for key, count in counts.items() if count > 0 and key not in hidden), key=lambda key: counts[key]
    )
    while len(hidden) < 2 or sum(counts[key] for key in hidden) < FEWEST_TO_COUNT:
        if not rest:
            return dict.fromkeys(counts)
        hidden.add(rest.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}


def may_split(groups: Mapping[str, Sequence[object]]) -> bool:
    """Whether answers may be shown by group: two groups or more, and none of them smaller than five.

    One small group closes the whole split: its answers could be worked out from the total and the others.
    """
    sizes = [len(found) for found in groups.values() if found]
    return len(sizes) > 1 and min(sizes) >= FEWEST_TO_SPLIT
