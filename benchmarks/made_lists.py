"""Made-up lists with known truth: companies as four agencies keep them, and people with the errors of FEBRL.

FEBRL's generator (Christen 2005) makes a copy of a record and damages it: a letter typed wrong, left out, doubled or
swapped with its neighbour, a value left out, two values exchanged; at most two damages a field and ten a record. The
same model is used here for the people, when the published list is not at hand.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

from sharedtable.people.matching.records import Firm, Human


def _words(text: str) -> list[str]:
    return text.split()


_HEADS = _words(
    "Lakeside Harborview Ridgeline Summit Keystone Pioneer Liberty Evergreen Cardinal Buckeye Heritage Prairie "
    "Granite Silver Falcon Titan Apex Vertex Beacon Frontier Sterling Crescent Redwood Cypress Willow Maple "
    "Hawthorn Juniper Dogwood Sycamore Bluestone Ironwood Copperfield Northstar Southgate Eastview Westbrook "
    "Midland Riverbend Stonegate Fairfield Greenfield Clearwater Springdale Oakmont Brookhaven Ashford "
    "Kingsley Thornton Whitaker Delgado Marquez Okafor Nakamura Petrov Lindqvist Kowalski Rosenberg Abernathy "
    "Castellano Montgomery Fitzgerald Vandermeer "
)
_SECONDS = _words(
    "Plastics Metals Tool Machine Foods Dairy Bakery Logistics Freight Transport Packaging Electric Controls "
    "Robotics Dental Orthopedic Pediatric Pharmacy Staffing Roofing Plumbing Concrete Paving Landscaping "
    "Insulation Millwork Cabinet Furniture Textile Printing Graphics Software Analytics Networks Optics "
    "Instruments Valve Pump Bearing Casting Forge Stamping Welding Coatings Chemical Polymer Rubber Glass "
    "Ceramics Paper Box Label Aviation Marine "
)
_KINDS = [
    "",
    "",
    "Group",
    "Services",
    "Industries",
    "Manufacturing",
    "Company",
    "Solutions",
    "Systems",
    "International",
    "Associates",
    "Supply",
]
_LEGAL = ["", "Inc", "Inc.", "LLC", "L.L.C.", "Co.", "Corp.", "Corporation", "Ltd", ", Inc.", ", LLC"]
_SHORT = {
    "Manufacturing": "Mfg",
    "International": "Intl",
    "Services": "Svcs",
    "Associates": "Assoc",
    "Industries": "Ind",
    "Company": "Co",
    "Group": "Grp",
}
_ROADS = _words(
    "Main High Broad Market Front Water Church Mill Elm Oak Maple Cedar Pine Walnut Chestnut Spring Park River "
    "Lake Hill Union Franklin Jefferson Washington Lincoln Commerce Industrial Enterprise Technology Airport "
)
_ROAD_KINDS = [("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Drive", "Dr."), ("Boulevard", "Blvd")]
_CITIES = _words(
    "Fairmont Kingsport Milford Oxford Clayton Dover Salem Ashland Newark Troy Marion Lima Canton Hudson "
    "Dayton Findlay Athens Delaware Lancaster Circleville "
)
_GIVEN = _words(
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan "
    "Joseph Jessica Thomas Sarah Carlos Maria Daniel Nancy Matthew Lisa Anthony Betty Mark Sandra Steven "
    "Ashley Paul Emily Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah "
    "Timothy Stephanie Jose Rebecca Luis Laura "
)


def _word(chance: random.Random) -> str:
    starts, vowels, ends = (
        ["b", "br", "c", "d", "dr", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w"],
        "aeiou",
        ["n", "r", "l", "nd", "rt", "x", "ck", "s", "m", "th"],
    )
    return (
        chance.choice(starts)
        + chance.choice(vowels)
        + chance.choice(starts[:12])
        + chance.choice(vowels)
        + chance.choice(ends)
    ).title()


def typo(text: str, chance: random.Random) -> str:
    """One wrong key, as FEBRL makes it."""
    if len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return (
        text[:at]
        + chance.choice("abcdefghijklmnopqrstuvwxyz0123456789"[: 26 if text[at].isalpha() else 36])
        + text[at + 1 :]
    )


def agencies(total: int, seed: int = 7) -> tuple[list[Firm], list[int]]:
    """Companies on four agencies' lists, `total` entries in all, and for each entry the number of the true company.

    One company in twelve has a branch: same name and website, another address and phone. One in thirty shares its
    phone and address with another company.
    """
    chance = random.Random(seed)
    entries: list[Firm] = []
    truth: list[int] = []
    company = 0
    previous: dict[str, str] = {}
    while len(entries) < total:
        head = chance.choice(_HEADS) if chance.random() < 0.45 else _word(chance)
        second = chance.choice(_SECONDS) if chance.random() < 0.85 else _word(chance)
        name = " ".join(part for part in (head, second, chance.choice(_KINDS)) if part)
        fact = _place(chance) | {
            "name": name,
            "phone": _phone(chance),
            "web": f"{head}{second}.com".lower()
            if chance.random() < 0.6
            else f"{_word(chance)}{chance.randrange(999)}.com".lower(),
        }
        if previous and chance.random() < 1 / 30:
            fact |= {key: previous[key] for key in ("house", "road", "kind", "city", "zip", "phone")}
        sites = [fact]
        if chance.random() < 1 / 12:
            sites.append(_place(chance) | {"name": name, "phone": _phone(chance), "web": fact["web"]})
        for site in sites:
            lists = chance.sample(range(4), chance.choices([1, 2, 3, 4], [45, 30, 17, 8])[0])
            for agency in lists:
                entries.append(_as_kept(site, agency, len(entries), chance))
                truth.append(company)
            company += 1
        previous = fact
    return entries[:total], truth[:total]


def _place(chance: random.Random) -> dict[str, str]:
    number = chance.randrange(len(_CITIES))
    road = chance.choice(_ROADS) if chance.random() < 0.6 else _word(chance)
    return {
        "house": str(chance.randrange(1, 9900)), "road": road, "kind": str(chance.randrange(5)),
        "city": _CITIES[number], "zip": f"4{3000 + number * 7 + chance.randrange(7):04d}",
    }  # fmt: skip


def _phone(chance: random.Random) -> str:
    return f"614{chance.randrange(200, 999)}{chance.randrange(10_000):04d}"


def _as_kept(fact: dict[str, str], agency: int, key: int, chance: random.Random) -> Firm:
    name = fact["name"]
    if chance.random() < 0.3:
        name = " ".join(_SHORT.get(word, word) for word in name.split())
    if chance.random() < 0.12:
        name = name.rsplit(" ", 1)[0] if name.count(" ") > 1 else name
    if chance.random() < 0.12:
        name = typo(name, chance)
    name = (name + " " + chance.choice(_LEGAL)).replace(" ,", ",").strip()
    if agency == 1:
        name = name.upper()
    if agency == 2 and chance.random() < 0.1:
        name = f"The {name}"
    long, short = _ROAD_KINDS[int(fact["kind"])]
    street = f"{fact['house']} {fact['road']} {chance.choice([long, short])}"
    if chance.random() < 0.08:
        street = typo(street, chance)
    if chance.random() < 0.15:
        street += f", Suite {chance.randrange(1, 400)}"
    if chance.random() < 0.06:
        street = f"{chance.randrange(1, 9900)} {chance.choice(_ROADS)} St"  # moved
    digits = fact["phone"] if chance.random() > 0.12 else _phone(chance)
    phone = [
        digits,
        f"({digits[:3]}) {digits[3:6]}-{digits[6:]}",
        f"+1 {digits[:3]}.{digits[3:6]}.{digits[6:]}",
        digits,
    ][agency]
    return Firm(
        key,
        name,
        "" if chance.random() < 0.15 else street,
        fact["city"],
        "OH",
        "" if chance.random() < 0.1 else fact["zip"],
        () if chance.random() < 0.3 else (phone,),
        () if chance.random() < 0.5 else (f"www.{fact['web']}" if agency % 2 else f"info@{fact['web']}",),
    )


def febrl(
    folder: Path | None, count: int = 5000, seed: int = 4
) -> tuple[list[Human], list[Human], set[tuple[int, int]], str]:
    """FEBRL4 from a folder that holds dataset4a.csv and dataset4b.csv, else people made by the same model of errors."""
    if folder is not None and (folder / "dataset4a.csv").is_file():
        return *_published(folder), "published FEBRL4"
    chance = random.Random(seed)
    left: list[Human] = []
    right: list[Human] = []
    surnames = [_word(chance) for _ in range(900)]
    for key in range(count):
        place = _place(chance)
        born = f"{chance.randrange(1900, 2000)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
        fields = {
            "given": chance.choice(_GIVEN), "family": chance.choice(surnames),
            "street": f"{place['house']} {place['road']} st",
            "city": place["city"], "zip_code": place["zip"], "born": born,
            "number": str(chance.randrange(1_000_000, 9_999_999)),
        }  # fmt: skip
        left.append(Human(key, **fields))
        right.append(Human(key, **_damaged(fields, chance)))
    chance.shuffle(right)
    return left, right, {(key, key) for key in range(count)}, "made by FEBRL's model of errors"


def _damaged(fields: dict[str, str], chance: random.Random) -> dict[str, str]:
    made = dict(fields)
    for _ in range(chance.randrange(1, 8)):
        name = chance.choice([*made])
        roll = chance.random()
        if roll < 0.12:
            made[name] = ""
        elif roll < 0.2:
            made["given"], made["family"] = made["family"], made["given"]
        elif sum(a != b for a, b in zip(made[name], fields[name], strict=False)) < 3:
            made[name] = typo(made[name], chance)
    return made


def _published(folder: Path) -> tuple[list[Human], list[Human], set[tuple[int, int]]]:
    sides: list[list[Human]] = []
    for name in ("dataset4a.csv", "dataset4b.csv"):
        with (folder / name).open(encoding="utf-8") as opened:
            rows = list(csv.DictReader(opened, skipinitialspace=True))
        sides.append(
            [
                Human(
                    int(row["rec_id"].split("-")[1]), row["given_name"].strip(), row["surname"].strip(),
                    street=f"{row['street_number'].strip()} {row['address_1'].strip()}", city=row["suburb"].strip(),
                    state_code=row["state"].strip(),
                    zip_code=f"0{row['postcode'].strip()}" if row["postcode"].strip() else "",
                    born=row["date_of_birth"].strip(), number=row["soc_sec_id"].strip(),
                )
                for row in rows
            ]
        )  # fmt: skip
    return sides[0], sides[1], {(one.key, one.key) for one in sides[0]}


def names_of_people(count: int, seed: int = 6) -> list[tuple[str, str, str, str]]:
    """Given name, family name, mail address and phone of made-up people."""
    chance = random.Random(seed)
    surnames = [_word(chance) for _ in range(4_000)]
    made = []
    for number in range(count):
        given, family = chance.choice(_GIVEN), chance.choice(surnames)
        mail = (
            f"{given}.{family}{number}@{_word(chance)}{number % 9000}.example".lower() if chance.random() < 0.8 else ""
        )
        made.append((given, family, mail, f"+1{_phone(chance)}" if chance.random() < 0.6 else ""))
    return made


def people_of_companies(rows: int) -> bytes:
    """A list of people with their employers; every third is in the record that `names_of_people(…, 6)` makes."""
    known, fresh = names_of_people(rows, 6), names_of_people(rows, 77)
    firms = agencies(max(rows // 4, 50), 5)[0]
    lines = ["First name,Last name,Email,Phone,Company,City,ZIP"]
    for number in range(rows):
        given, family, mail, phone = known[number] if number % 3 == 0 else fresh[number]
        firm = firms[number % len(firms)]
        lines.append(
            ",".join(f'"{cell}"' for cell in (given, family, mail, phone, firm.name, firm.city, firm.zip_code))
        )
    return "\n".join(lines).encode()
