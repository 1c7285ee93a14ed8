"""Lists of all shapes, and the same lists damaged or made hostile."""

from __future__ import annotations

import io
import random
import zipfile


def seeds() -> list[bytes]:
    rows = [
        ["Company", "Street", "City", "State", "ZIP", "Phone", "Website", "NAICS", "Employees"],
        ["Lakeside Plastics, Inc.", "1 Shore Rd", "Columbus", "OH", "43215", "614-555-0101", "a.example", "326199", ""],
        ["Panadería Ñandú", "2 Mill St", "Newark", "Ohio", "43055", "(614) 555-0102", "", "311811", ""],
    ]  # fmt: skip
    people = [
        ["First name", "Last name", "Employer", "Email"],
        ["Ann", "Example", "Lakeside Plastics", "ann@lakeside.example"],
    ]
    cards = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Example;Ann;;;\r\nORG:Lakeside\r\nEMAIL:a@b.example\r\n"
    cards += b"TEL;TYPE=CELL:6145550103\r\nEND:VCARD\r\n"

    def separated(table: list[list[str]], sign: str, encoding: str) -> bytes:
        return "\r\n".join(sign.join(f'"{cell}"' for cell in row) for row in table).encode(encoding)

    def workbook(table: list[list[str]]) -> bytes:
        import openpyxl

        book = openpyxl.Workbook()
        for row in table:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    made = [separated(t, s, e) for t in (rows, people) for s in ",;\t" for e in ("utf-8", "cp1252", "utf-16")]
    return [*made, workbook(rows), workbook(people), cards]


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            box.writestr(name, data)
    return out.getvalue()


def hostile(chance: random.Random, files: list[bytes]) -> bytes:
    """One damaged or hostile file."""
    kind = chance.randrange(12)
    data = bytearray(chance.choice(files))
    if kind == 0:
        return bytes(data[: chance.randrange(len(data))])
    if kind == 1:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(1, 3000)))
    if kind == 2 and data[:2] == b"PK":
        return _inside(bytes(data), chance)
    if kind == 3:
        return (
            _zipped({"xl/workbook.xml": b"<a/>", "xl/x.xml": b"0" * chance.choice([1_000, 60_000_000])})
            if chance.random() < 0.02
            else _zipped({"xl/workbook.xml": b"<!DOCTYPE a><a/>"})
        )
    if kind == 4:
        return ("a" + chance.choice(",;\t") * chance.choice([99, 101, 20_000])).encode() + b"\nx"
    if kind == 5:
        words = [
            "=cmd|' /C calc'!A0",
            "\0",
            "﻿",
            "𝒳" * 300,
            '"',
            "'; DROP TABLE people_person; --",
            "<script>",
            "#REF!",
            "999999999999",
            "x@y",
            "\u202egpj.exe",
        ]
        lines = ["Company,City,ZIP,NAICS,Employees,Email,Last name"]
        lines += [
            ",".join(chance.choice(words) for _ in range(chance.randrange(1, 9))) for _ in range(chance.randrange(30))
        ]
        return "\n".join(lines).encode("utf-8", "surrogatepass")
    if kind == 6:
        at = chance.randrange(len(data))
        return bytes(data[:at] + data[at:] * chance.randrange(2, 6))
    for _ in range(chance.randrange(1, 40)):
        at = chance.randrange(len(data))
        roll = chance.randrange(3)
        if roll == 0:
            data[at] = chance.randrange(256)
        elif roll == 1:
            del data[at]
        else:
            data.insert(at, chance.choice(b'\0",;\n\r<&\xff\xfe'))
        if not data:
            break
    return bytes(data)


def _inside(data: bytes, chance: random.Random) -> bytes:
    """Damage the XML inside of a workbook, so that the container is sound and the parser is what is tested."""
    box = zipfile.ZipFile(io.BytesIO(data))
    members = {name: bytearray(box.read(name)) for name in box.namelist()}
    name = chance.choice([*members])
    for _ in range(chance.randrange(1, 12)):
        if members[name]:
            members[name][chance.randrange(len(members[name]))] = chance.choice(b"<>&\"'/0a\0\xff")
    return _zipped({one: bytes(part) for one, part in members.items()})
