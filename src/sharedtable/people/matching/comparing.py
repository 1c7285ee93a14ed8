"""The evidence of many pairs at once: one array of bits for each field, and with it the reasons of any single pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from sharedtable.people.matching import contacts, names
from sharedtable.people.matching.prepared import Firms, Floats, Humans, Ints, Numbering, Place, Rarity
from sharedtable.people.matching.weights import FIRM, HUMAN

ALIKE, NEAR = 88.0, 72.0  # percent of letters in their order
WORD_ALIKE, WORD_NEAR = 0.88, 0.75  # Jaro–Winkler of single names


@dataclass
class Evidence:
    """For each pair and field: the code of what was found ('' nothing), its bits, how alike in percent."""

    count: int
    number: Numbering
    codes: dict[str, np.ndarray[tuple[int], np.dtype[np.str_]]] = field(default_factory=dict)
    bits: dict[str, Floats] = field(default_factory=dict)
    pct: dict[str, Floats] = field(default_factory=dict)

    def put(self, name: str, choices: Sequence[tuple[Ints | np.ndarray, str, Floats | float]]) -> None:
        """The first choice whose condition holds counts, as `numpy.select` has it."""
        conditions = [np.asarray(condition, bool) for condition, _code, _bits in choices]
        self.codes[name] = np.select(conditions, [code for _condition, code, _bits in choices], "")
        self.bits[name] = np.select(conditions, [np.broadcast_to(b, self.count) for _c, _code, b in choices], 0.0)

    def total(self) -> Floats:
        """The sum of all bits of each pair."""
        return np.sum(list(self.bits.values()), axis=0) if self.bits else np.zeros(self.count)


def compare_firms(
    left: Firms, right: Firms, first: Ints, second: Ints, rarity: Rarity, numbering: Numbering | None = None
) -> Evidence:
    """What speaks for and against each pair of companies."""
    found = Evidence(len(first), numbering or Numbering())
    numbering = found.number
    _firm_names(found, left, right, first, second, rarity, numbering)
    _phones(found, left.phones, right.phones, first, second, FIRM)
    _shared(found, "domain", left.domains, right.domains, first, second, FIRM)
    _place(found, left.place, right.place, first, second, FIRM)
    mine, theirs = numbering.column(left.number)[first], numbering.column(right.number)[second]
    known = (mine > 0) & (theirs > 0)
    found.put(
        "number",
        [
            (known & (mine == theirs), "number_same", FIRM["number_same"]),
            (known, "number_differs", FIRM["number_differs"]),
        ],
    )
    return found


def _firm_names(
    found: Evidence, left: Firms, right: Firms, first: Ints, second: Ints, rarity: Rarity, numbering: Numbering
) -> None:
    """The best of the names that either company has."""
    best_bits = np.full(found.count, FIRM["name_differs"])
    best_code = np.full(found.count, "name_differs", dtype="<U16")
    best_pct = np.zeros(found.count)
    sides = [(left.names[0], right.names[0])]
    if any(left.other):
        sides.append((left.names[1], right.names[0]))
    if any(right.other):
        sides.append((left.names[0], right.names[1]))
    for mine_all, theirs_all in sides:
        words_left, titles_left = mine_all.words, mine_all.title
        words_right, titles_right = theirs_all.words, theirs_all.title
        there = np.flatnonzero(
            (numbering.column(titles_left)[first] > 0) & (numbering.column(titles_right)[second] > 0)
        )
        if not len(there):
            continue
        ones = [titles_left[row] for row in first[there]]
        others = [titles_right[row] for row in second[there]]
        sort = cpdist(ones, others, scorer=fuzz.token_sort_ratio, workers=-1)

        def same(left_column: list[str], right_column: list[str], there: Ints = there) -> np.ndarray:
            return np.equal(numbering.column(left_column)[first[there]], numbering.column(right_column)[second[there]])

        short = np.zeros(len(there), bool)
        part_bits = np.zeros(len(there))
        abridged, is_whole = np.zeros(len(there), bool), np.zeros(len(there), bool)
        # Only pairs that share some letters can be part or abridgement of one another.
        for at in np.flatnonzero(cpdist(ones, others, scorer=fuzz.token_set_ratio, workers=-1) >= 50):
            mine, theirs = words_left[first[there[at]]], words_right[second[there[at]]]
            typed = names.typed_alike(mine, theirs)
            shared, is_whole[at] = names.shared_part(mine, tuple(typed.get(word, word) for word in theirs))
            part_bits[at] = min(FIRM["name_part" if is_whole[at] else "name_near"], rarity.bits(shared, typed))
            abridged[at] = names.is_abridged(mine, theirs)
        for at in np.flatnonzero(sort < NEAR):
            mine, theirs = int(first[there[at]]), int(second[there[at]])
            short[at] = bool(left.initials[mine] and left.initials[mine] == titles_right[second[there[at]]]) or bool(
                right.initials[theirs] and right.initials[theirs] == titles_left[first[there[at]]]
            )
        worth = np.minimum(rarity.column(words_left)[first[there]], rarity.column(words_right)[second[there]])
        equal = same(mine_all.ordered, theirs_all.ordered) | same(mine_all.joined, theirs_all.joined)
        alike = (sort >= ALIKE) | abridged | (is_whole & same(mine_all.telling, theirs_all.telling) & (worth > 6))
        choices = [
            (equal, "name_equal", np.minimum(worth, FIRM["name_equal"])),
            (alike, "name_alike", np.minimum(worth, FIRM["name_alike"])),
            (is_whole, "name_part", part_bits),
            (short, "name_initials", np.full(len(there), FIRM["name_part"])),
            (part_bits > 0, "name_word", part_bits),
            (sort >= NEAR, "name_near", np.full(len(there), FIRM["name_near"])),
        ]
        bits = np.select([c for c, _n, _b in choices], [b for _c, _n, b in choices], FIRM["name_differs"])
        code = np.select([c for c, _n, _b in choices], [n for _c, n, _b in choices], "name_differs")
        better = bits > best_bits[there]
        best_bits[there[better]], best_code[there[better]] = bits[better], code[better]
        best_pct[there] = np.maximum(best_pct[there], sort)
    unknown = (numbering.column(left.title)[first] == 0) | (numbering.column(right.title)[second] == 0)
    best_bits[unknown], best_code[unknown] = 0.0, ""
    found.codes["name"], found.bits["name"], found.pct["name"] = best_code, best_bits, best_pct


def compare_humans(
    left: Humans, right: Humans, first: Ints, second: Ints, numbering: Numbering | None = None
) -> Evidence:
    """What speaks for and against each pair of people."""
    found = Evidence(len(first), numbering or Numbering())
    number = found.number
    given, given_other = number.column(left.given)[first], number.column(right.given)[second]
    family, family_other = number.column(left.family)[first], number.column(right.family)[second]
    words = (
        [left.given[row] for row in first], [right.given[row] for row in second],
        [left.family[row] for row in first], [right.family[row] for row in second],
    )  # fmt: skip
    near_given = cpdist(words[0], words[1], scorer=JaroWinkler.similarity, workers=-1)
    near_family = cpdist(words[2], words[3], scorer=JaroWinkler.similarity, workers=-1)
    across = (
        _cross(words[0], words[3], given, family_other),
        _cross(words[2], words[1], family, given_other),
    )
    crossed, crossing = np.minimum(*across), np.maximum(*across)
    known_given, known_family = (given > 0) & (given_other > 0), (family > 0) & (family_other > 0)
    straight = np.minimum(near_given, near_family)
    is_crossed = known_given & known_family & (straight < WORD_ALIKE) & (crossed > straight)
    swapped = is_crossed & (crossed >= WORD_ALIKE)
    swapped_near = is_crossed & (crossed >= WORD_NEAR) & (crossing >= WORD_ALIKE)
    # One side has a single name, and it is the other field's: "Mary" as a family name, "Geburt" as a first name.
    single = (given > 0) & (family > 0) & ((given_other > 0) != (family_other > 0))
    single |= ((given > 0) != (family > 0)) & (given_other > 0) & (family_other > 0)
    elsewhere = single & (crossing >= WORD_ALIKE) & (np.maximum(near_given, near_family) < WORD_ALIKE)
    initial = np.zeros(len(first), bool)
    nickname = np.zeros(len(first), bool)
    for at in np.flatnonzero(known_given & (given != given_other)):
        one, other = words[0][at], words[1][at]
        initial[at] = one[0] == other[0] and (len(one) == 1 or len(other) == 1)
        nickname[at] = names.are_nicknames(one, other)
    found.put(
        "given",
        [
            (swapped, "names_swapped", HUMAN["names_swapped"]),
            (swapped_near, "names_swapped", HUMAN["names_swapped_near"]),
            (elsewhere, "name_elsewhere", HUMAN["name_elsewhere"]),
            (known_given & (given == given_other), "given_equal", HUMAN["given_equal"]),
            (nickname, "given_nickname", HUMAN["given_nickname"]),
            (initial, "given_initial", HUMAN["given_initial"]),
            (known_given & _alike(words[0], words[1], near_given), "given_alike", HUMAN["given_alike"]),
            (known_given & (near_given >= WORD_NEAR), "given_near", HUMAN["given_near"]),
            (known_given, "given_differs", HUMAN["given_differs"]),
        ],
    )
    found.put(
        "family",
        [
            (swapped | swapped_near | elsewhere, "", 0.0),
            (known_family & (family == family_other), "family_equal", HUMAN["family_equal"]),
            (known_family & _alike(words[2], words[3], near_family), "family_alike", HUMAN["family_alike"]),
            (known_family & (near_family >= WORD_NEAR), "family_near", HUMAN["family_near"]),
            (known_family, "family_differs", HUMAN["family_differs"]),
        ],
    )
    found.pct["family"], found.pct["given"] = near_family * 100, near_given * 100
    _mails(found, left, right, first, second)
    _phones(found, left.phones, right.phones, first, second, HUMAN)
    _employer(found, left, right, first, second)
    _place(found, left.place, right.place, first, second, HUMAN)
    _colleagues(found)
    _near_number(found, "born", left.born, right.born, first, second)
    _near_number(found, "number", left.number, right.number, first, second)
    return found


def _cross(ones: list[str], others: list[str], known: Ints, known_other: Ints) -> Floats:
    """How alike a name is to the other field's name; 0 where one of them is missing."""
    found = cpdist(ones, others, scorer=JaroWinkler.similarity, workers=-1)
    return np.where((known > 0) & (known_other > 0), found, 0.0)


def _alike(ones: list[str], others: list[str], near: Floats) -> np.ndarray:
    """Names that are the same but for spelling: most letters in their order, or one typing error in four or more."""
    found = np.asarray(near >= WORD_ALIKE)
    for at in np.flatnonzero(~found & (near >= WORD_NEAR)):
        found[at] = min(len(ones[at]), len(others[at])) > 3 and OSA.distance(ones[at], others[at]) == 1
    return found


def _mails(found: Evidence, left: Humans, right: Humans, first: Ints, second: Ints) -> None:
    number = found.number
    mine, theirs = number.columns(left.mails, 3)[first], number.columns(right.mails, 3)[second]
    equal = (mine[:, :, None] == theirs[:, None, :]) & (mine[:, :, None] > 0)
    same = equal.any(axis=(1, 2))
    known = (mine[:, 0] > 0) & (theirs[:, 0] > 0)
    office = np.zeros(len(first), bool)
    for at in np.flatnonzero(same):
        both = set(left.mails[first[at]]) & set(right.mails[second[at]])
        office[at] = all(contacts.is_office_box(mail) for mail in both)
    domains = number.columns(left.domains, 3)[first], number.columns(right.domains, 3)[second]
    domain = ((domains[0][:, :, None] == domains[1][:, None, :]) & (domains[0][:, :, None] > 0)).any(axis=(1, 2))
    found.put(
        "mail",
        [
            (same & office, "mail_office", HUMAN["mail_office"]),
            (same, "mail_same", HUMAN["mail_same"]),
            (domain, "mail_domain", HUMAN["mail_domain"]),
            (known, "mail_differs", HUMAN["mail_differs"]),
        ],
    )


def _colleagues(found: Evidence) -> None:
    """What one employer explains is no evidence of its own: the town, and a mail domain. Two different addresses at one
    employer speak for two people."""
    here = found.codes["firm"] == "firm_same"
    for name in ("zip", "city"):
        explained = here & (found.codes[name] == f"{name}_same")
        found.codes[name][explained], found.bits[name][explained] = "", 0.0
    two = here & (found.codes["mail"] == "mail_domain")
    found.codes["mail"] = np.where(two, "mail_colleague", found.codes["mail"])
    found.bits["mail"][two] = HUMAN["mail_colleague"]


def _employer(found: Evidence, left: Humans, right: Humans, first: Ints, second: Ints) -> None:
    ones, others = [left.firm[row] for row in first], [right.firm[row] for row in second]
    pct = cpdist(ones, others, scorer=fuzz.token_set_ratio, workers=-1)
    known = (found.number.column(left.firm)[first] > 0) & (found.number.column(right.firm)[second] > 0)
    found.put(
        "firm",
        [
            (known & (pct >= ALIKE), "firm_same", HUMAN["firm_same"]),
            (known, "firm_differs", HUMAN["firm_differs"]),
        ],
    )


def _phones(
    found: Evidence,
    left: list[tuple[str, ...]],
    right: list[tuple[str, ...]],
    first: Ints,
    second: Ints,
    weights: dict[str, float],
) -> None:
    """As `_shared`; two lines of one exchange (the first six digits) are no sign against it."""
    _shared(found, "phone", left, right, first, second, weights)
    neither = np.zeros(found.count, bool)
    for at in np.flatnonzero(found.codes["phone"] == "phone_differs"):
        neither[at] = left[first[at]][0][:6] == right[second[at]][0][:6]
    found.codes["phone"][neither], found.bits["phone"][neither] = "", 0.0


def _shared(
    found: Evidence,
    name: str,
    left: list[tuple[str, ...]],
    right: list[tuple[str, ...]],
    first: Ints,
    second: Ints,
    weights: dict[str, float],
) -> None:
    """Whether two sets of texts (of at most three) share one."""
    number = found.number
    mine, theirs = number.columns(left, 3)[first], number.columns(right, 3)[second]
    same = ((mine[:, :, None] == theirs[:, None, :]) & (mine[:, :, None] > 0)).any(axis=(1, 2))
    known = (mine[:, 0] > 0) & (theirs[:, 0] > 0)
    found.put(
        name,
        [(same, f"{name}_same", weights[f"{name}_same"]), (known, f"{name}_differs", weights[f"{name}_differs"])],
    )


def _place(found: Evidence, left: Place, right: Place, first: Ints, second: Ints, weights: dict[str, float]) -> None:
    number = found.number
    house, house_other = number.column(left.house)[first], number.column(right.house)[second]
    road, road_other = number.column(left.road)[first], number.column(right.road)[second]
    known = (road > 0) & (road_other > 0)
    pct = cpdist([left.road[row] for row in first], [right.road[row] for row in second], scorer=fuzz.ratio, workers=-1)
    contained = cpdist(
        [left.road[row] for row in first], [right.road[row] for row in second], scorer=fuzz.token_set_ratio, workers=-1
    )
    alike = known & ((pct >= 82) | (contained >= 99.9))
    numbered = (house > 0) & (house_other > 0)
    one_off = np.zeros(len(first), bool)
    for at in np.flatnonzero(alike & numbered & (house != house_other)):
        one_off[at] = OSA.distance(left.house[first[at]], right.house[second[at]]) == 1
    found.put(
        "street",
        [
            (alike & numbered & (house == house_other), "street_same", weights["street_same"]),
            (alike & one_off, "street_near", weights["street_near"]),
            (alike, "road_same", weights["road_same"]),
            (known, "street_differs", weights["street_differs"]),
        ],
    )
    found.pct["street"] = pct
    for name, mine, theirs in (("zip", left.zip, right.zip), ("city", left.city, right.city)):
        here, there = number.column(mine)[first], number.column(theirs)[second]
        both = (here > 0) & (there > 0)
        same = both & (here == there)
        if name == "city":
            ones, others = [mine[row] for row in first], [theirs[row] for row in second]
            same |= both & (cpdist(ones, others, scorer=fuzz.token_set_ratio, workers=-1) >= ALIKE)
        # A firm at another address is often in another town: one difference, counted once.
        moved = found.codes["street"] == "street_differs"
        against = np.where(moved, 0.0, weights[f"{name}_differs"])
        found.put(name, [(same, f"{name}_same", weights[f"{name}_same"]), (both, f"{name}_differs", against)])


def _near_number(found: Evidence, name: str, left: list[str], right: list[str], first: Ints, second: Ints) -> None:
    number = found.number
    mine, theirs = number.column(left)[first], number.column(right)[second]
    known = (mine > 0) & (theirs > 0)
    near, rough = np.zeros(len(first), bool), np.zeros(len(first), bool)
    for at in np.flatnonzero(known & (mine != theirs)):
        errors = OSA.distance(left[first[at]], right[second[at]], score_cutoff=2)
        near[at], rough[at] = errors <= 1, errors == 2
    found.put(
        name,
        [
            (known & (mine == theirs), f"{name}_same", HUMAN[f"{name}_same"]),
            (known & near, f"{name}_near", HUMAN[f"{name}_near"]),
            (known & rough, f"{name}_rough" if HUMAN[f"{name}_rough"] else "", HUMAN[f"{name}_rough"]),
            (known, f"{name}_differs", HUMAN[f"{name}_differs"]),
        ],
    )
