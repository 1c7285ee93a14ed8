"""From two lists, or from one with itself, to answers: same, perhaps, different."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sharedtable.people.matching import blocking
from sharedtable.people.matching.comparing import Evidence, compare_firms, compare_humans
from sharedtable.people.matching.prepared import Firms, Floats, Humans, Ints, Numbering, Rarity
from sharedtable.people.matching.records import Answer, Firm, Human, Match, Reason
from sharedtable.people.matching.weights import HUMAN, PERHAPS_BITS, SAME_BITS, prior

PIECE = 50_000  # pairs that are compared at once: bounds the memory
# Who it is, and by what else one knows: "same" needs evidence of both kinds.
WHO = frozenset({"name", "given", "family"})
RIVAL_BITS = 3.0  # a second entry that fits nearly as well makes the answer "perhaps"

Told = Callable[[int, int], None]


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody listens to."""


def link(
    left: Sequence[Firm] | Sequence[Human], right: Sequence[Firm] | Sequence[Human], told: Told = quiet
) -> list[Match]:
    """For each record of `left` the records of `right` that are the same or perhaps the same, best first.

    Each record is "same" with one other at most: where two fit nearly as well, both are "perhaps".
    """
    if not left or not right:
        return []
    ours, theirs = _prepared(left), _prepared(right)
    first, second = blocking.pairs(ours, theirs)
    found = _scored(ours, theirs, first, second, told)
    return _answers(found, left, right)


def link_within(records: Sequence[Firm] | Sequence[Human], told: Told = quiet) -> list[Match]:
    """The pairs of one list that are the same or perhaps the same; `left` comes before `right` in the list."""
    if not records:
        return []
    ours = _prepared(records)
    first, second = blocking.pairs(ours, ours, within=True)
    rows = _scored(ours, ours, first, second, told)
    return [_match(row, records, records) for row in rows]


Scored = tuple[int, int, float, bool, tuple[Reason, ...]]


def _prepared(records: Sequence[Firm] | Sequence[Human]) -> Firms | Humans:
    if isinstance(records[0], Firm):
        return Firms.of(records)  # type: ignore[arg-type]  # a list holds one kind
    return Humans.of(records)  # type: ignore[arg-type]


def _scored(left: Firms | Humans, right: Firms | Humans, first: Ints, second: Ints, told: Told) -> list[Scored]:
    """The pairs that are at least "perhaps", with their bits, whether the evidence is of two kinds, and reasons."""
    base = prior(max(len(left), len(right)))
    rarity = Rarity(left, right) if isinstance(left, Firms) and isinstance(right, Firms) else None
    numbering = Numbering()
    kept: list[Scored] = []
    for start in range(0, len(first), PIECE):
        here, there = first[start : start + PIECE], second[start : start + PIECE]
        evidence = evidence_of(left, right, here, there, rarity, numbering)
        bits = evidence.total() + base
        is_clear = two_kinds(evidence)
        bits = np.where(is_plain(evidence), np.maximum(bits, SAME_BITS), bits)
        for at in np.flatnonzero(is_worth_a_look(evidence, bits)):
            kept.append(
                (int(here[at]), int(there[at]), float(bits[at]), bool(is_clear[at]), reasons(evidence, int(at)))
            )
        told(min(start + PIECE, len(first)), len(first))
    return kept


def evidence_of(
    left: Firms | Humans,
    right: Firms | Humans,
    first: Ints,
    second: Ints,
    rarity: Rarity | None,
    numbering: Numbering | None = None,
) -> Evidence:
    """The evidence of the pairs, whichever kind they are."""
    if isinstance(left, Firms) and isinstance(right, Firms):
        return compare_firms(left, right, first, second, rarity or Rarity(left, right), numbering)
    if isinstance(left, Humans) and isinstance(right, Humans):
        return compare_humans(left, right, first, second, numbering)
    raise TypeError("A company is not compared with a person.")


def is_worth_a_look(evidence: Evidence, bits: Floats) -> np.ndarray:
    """Which pairs are at least "perhaps": enough bits, or a rare name that is the same though all else has changed."""
    name = evidence.bits.get("name")
    if name is not None:
        return np.asarray((bits >= PERHAPS_BITS) | (np.isin(evidence.codes["name"], ("name_equal",)) & (name >= 9)))
    return np.asarray(bits >= PERHAPS_BITS)


def two_kinds(evidence: Evidence) -> np.ndarray:
    """Which pairs have evidence for both who it is and something else, and a name that does not speak against it."""
    who = sum((bits for name, bits in evidence.bits.items() if name in WHO), np.zeros(evidence.count))
    rest = [bits for name, bits in evidence.bits.items() if name not in WHO]
    something = np.max(rest, axis=0) >= 4.0 if rest else np.zeros(evidence.count, bool)
    places = sum((evidence.bits[name] for name in ("zip", "city") if name in evidence.bits), np.zeros(evidence.count))
    return np.asarray(((who > 0) & (something | (places >= 4.0))) | _by_numbers(evidence))


def _by_numbers(evidence: Evidence) -> np.ndarray:
    """People told by birth date and register number together, each right but for one digit at most.

    One name must agree, as somebody may have married since, or one of the two has no name at all. Registers link deaths
    to people by the same rule; two wholly different names stay for a person to decide.
    """
    if "born" not in evidence.bits:
        return np.zeros(evidence.count, bool)
    nameless = (evidence.codes["given"] == "") & (evidence.codes["family"] == "")
    agrees = np.maximum(evidence.bits["given"], evidence.bits["family"]) >= HUMAN["given_alike"]
    sure = [np.isin(evidence.codes[name], (f"{name}_same", f"{name}_near")) for name in ("born", "number")]
    return np.asarray((nameless | agrees) & sure[0] & sure[1])


def is_plain(evidence: Evidence) -> np.ndarray:
    """Companies with the same rare name in the same town and ZIP code, and nothing that speaks against it.

    Lists of people say no more of an employer; whoever reads "Ridgeline Tool, Newark 43055" twice knows.
    """
    if "name" not in evidence.bits:
        return np.zeros(evidence.count, bool)
    nothing_against = np.min(list(evidence.bits.values()), axis=0) >= 0
    here = (evidence.codes["zip"] == "zip_same") & (evidence.codes["city"] == "city_same")
    return np.asarray((evidence.codes["name"] == "name_equal") & (evidence.bits["name"] >= 9) & here & nothing_against)


def reasons(evidence: Evidence, at: int) -> tuple[Reason, ...]:
    """The reasons of one pair, what counts most first."""
    found = [
        Reason(
            str(codes[at]),
            round(float(evidence.bits[name][at]), 1),
            round(float(evidence.pct[name][at])) if name in evidence.pct else 0,
        )
        for name, codes in evidence.codes.items()
        if codes[at]
    ]
    return tuple(sorted(found, key=lambda reason: -abs(reason.bits)))


def _answers(
    rows: list[Scored], left: Sequence[Firm] | Sequence[Human], right: Sequence[Firm] | Sequence[Human]
) -> list[Match]:
    """One "same" for each record of either side: the best pairs first; rivals become "perhaps"."""
    rows = sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
    best: dict[tuple[str, int], float] = {}
    for one, other, bits, is_clear, _why in rows:
        if is_clear and bits >= SAME_BITS:
            best.setdefault(("left", one), bits)
            best.setdefault(("right", other), bits)
    taken_left: dict[int, int] = {}
    taken_right: dict[int, int] = {}
    for one, other, bits, is_clear, _why in rows:
        if is_clear and bits >= SAME_BITS and one not in taken_left and other not in taken_right:
            taken_left[one], taken_right[other] = other, one
    made: list[Match] = []
    for row in rows:
        one, other, bits, _clear, _why = row
        match = _match(row, left, right)
        if match.answer is Answer.SAME and taken_left.get(one) != other:
            match = Match(match.left, match.right, bits, Answer.PERHAPS, match.reasons)
        made.append(match)
    return made


def _match(row: Scored, left: Sequence[Firm] | Sequence[Human], right: Sequence[Firm] | Sequence[Human]) -> Match:
    one, other, bits, is_clear, why = row
    answer = Answer.SAME if is_clear and bits >= SAME_BITS else Answer.PERHAPS
    return Match(left[one].key, right[other].key, bits, answer, why)


def likely_pairs(matches: Sequence[Match]) -> list[Match]:
    """One to one, the pairs that are more likely one than not (bits above 0): for lists without doubles."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    made: list[Match] = []
    for match in sorted(matches, key=lambda one: (one.answer is not Answer.SAME, -one.bits)):
        if match.bits > 0 and match.left not in taken_left and match.right not in taken_right:
            taken_left.add(match.left)
            taken_right.add(match.right)
            made.append(match)
    return made
