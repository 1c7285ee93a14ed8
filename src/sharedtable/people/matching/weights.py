"""How much each agreement or disagreement counts, in bits: log2(share among the same ÷ share among others).

The shares are judgements made beforehand about lists that agencies keep, written down here so that anybody can argue
with them. They were not fitted to any list of true matches. Example: of two entries for one company that both have a
phone, about 80 % show the same number; of two entries for different companies about one in 4,000 does (switchboards,
shared offices): log2(0.8 ÷ 0.00025) ≈ 11.6.
"""

from __future__ import annotations

from math import log2

MANY = 10_000  # a list counts as at least this long, so that a name is not taken for common because the list is short
# Evidence that is needed: 2 to the power of 7 is 128 to 1.
SAME_BITS, PERHAPS_BITS = 7.0, -2.0
MOST_NAME_BITS = 13.0


def prior(count: int) -> float:
    """What speaks against two entries being one before anything is compared: one in as many as the list is long."""
    return -log2(max(count, MANY))


FIRM = {
    # The name. "equal" and "alike" are worth as much as the name is rare, up to the cap.
    "name_equal": MOST_NAME_BITS,
    "name_alike": MOST_NAME_BITS - 1.5,  # the same words but for spelling
    "name_part": 8.0,  # all words of one are in the other; worth no more than the shared words are rare
    "name_near": 3.0,
    "name_differs": -7.0,  # 0.8 % ÷ 99.9 %, with those that were renamed
    "phone_same": log2(0.8 / 0.00025),
    "phone_differs": log2(0.2),
    "domain_same": log2(0.85 / 0.0005),
    "domain_differs": log2(0.15),
    "street_same": log2(0.8 / 0.0005),
    "street_near": log2(0.8 / 0.01),  # the same road, a digit of the number off
    "road_same": 1.0,
    "street_differs": log2(0.15),
    "zip_same": 2.5,
    "zip_differs": -1.0,
    "city_same": 2.0,
    "city_differs": -1.5,
    "number_same": 14.0,
    "number_differs": -4.0,
}
HUMAN = {
    "family_equal": 9.0,
    "family_alike": 7.0,
    "family_near": 0.5,  # says nearly nothing: 1.5 % of the same have such a typing error, 1 % of others are so near
    "family_differs": -6.0,
    "given_equal": 7.0,
    "given_alike": 5.0,
    "given_nickname": 5.5,
    "given_initial": 2.5,
    "given_near": 0.5,
    "given_differs": -5.0,
    "names_swapped": 12.0,
    "names_swapped_near": 6.0,  # one of the two with more typing errors
    "name_elsewhere": log2(0.01 / 0.0003),  # the only name of an entry stands in the wrong field
    "mail_same": log2(0.9 / 0.00002),
    "mail_office": 6.0,  # an office's box that several people read
    "mail_domain": 4.5,
    "mail_colleague": log2(0.05 / 0.85),  # two addresses of one domain, at one employer
    "mail_differs": log2(0.35),
    "phone_same": 8.0,  # less than for a company: colleagues share a switchboard
    "phone_differs": log2(0.5),
    "firm_same": 7.0,
    "firm_differs": log2(0.3),
    "street_same": log2(0.8 / 0.001),
    "street_near": 5.0,
    "road_same": 4.0,
    "street_differs": log2(0.25),
    "zip_same": 3.5,
    "zip_differs": -1.0,
    "city_same": 2.5,
    "city_differs": -1.0,
    "born_same": 12.0,
    "born_near": 8.0,
    "born_rough": 0.0,  # two digits wrong: as usual among others, who share a century, as among the same
    "born_differs": -4.0,
    "number_same": 14.0,
    "number_near": 9.0,
    "number_rough": log2(0.01 / 0.0002),  # two digits wrong
    "number_differs": -4.0,
}
