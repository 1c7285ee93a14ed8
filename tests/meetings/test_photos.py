"""Photos of the wall: drawn anew, without place and device; what is no photo is refused; in the archive; deletable."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings import photos
from sharedtable.meetings.models import Photo

pytestmark = pytest.mark.django_db


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#3366aa").save(out, kind, **more)
    return out.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Phone of Ann"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 57.0, 42.0)
    return picture(exif=exif, comment=b"taken at home")


def bomb() -> bytes:
    """A small PNG that says it has 30,000 by 30,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99_999))) + chunk(b"IEND", b"")
    )


def scanned(times: int) -> bytes:
    """A progressive JPEG whose last scan stands in it many times: each one is gone through."""
    whole = picture(size=(1_000, 1_000), progressive=True)
    scan = whole[whole.rfind(b"\xff\xda") : -2]
    return whole[:-2] + scan * times + b"\xff\xd9"


def png(*chunks: tuple[bytes, bytes], width: int = 10, height: int = 10) -> bytes:
    """A PNG of these chunks after its head."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in ((b"IHDR", head), *chunks, (b"IEND", b"")))


HOSTILE = {
    "half a million scans": scanned(500_000),
    "no points": png(),
    "no size": png((b"IDAT", zlib.compress(bytes(10))), width=0, height=0),
    "a size beyond all": png((b"IDAT", zlib.compress(bytes(10))), width=2**31 - 1, height=2**31 - 1),
    "a note that swells": png((b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000))), (b"IDAT", b"x")),
    "many notes that swell": png(*[(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000)))] * 80),
    "a profile that swells": png((b"iCCP", b"a\0\0" + zlib.compress(bytes(50_000_000))), (b"IDAT", b"x")),
    "a JPEG cut off": picture(size=(3_000, 3_000))[:2_000],
    "a WebP that lies": b"RIFF\xff\xff\xff\xffWEBPVP8L" + b"\xff" * 50,
    "a WebP of 16 million a side": (b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff" * 6),
    "heic": b"\0\0\0\x18ftypheic" + bytes(99),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "pdf": b"%PDF-1.7",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "empty": b"",
    "text after the head": b"\xff\xd8\xff\xe0<script>",
    "gif": picture("GIF"),
    "bomb": bomb(),
    "cut off": picture("PNG", (400, 400))[:200],
}


def test_a_photo_is_drawn_anew_upright_and_without_where_it_was_taken(cast, launch):
    made = photos.add_photo(by=cast.ohio.actor("convener"), meeting=launch, content=with_place(), shows=" Left  half ")
    with Image.open(io.BytesIO(bytes(made.content))) as kept:
        assert (kept.format, kept.size) == ("JPEG", (40, 60))
        assert dict(kept.getexif()) == {}
        assert "comment" not in kept.info
        assert "exif" not in kept.info
    assert b"Phone of Ann" not in bytes(made.content)
    assert (made.width, made.height, made.shows) == (40, 60, "Left half")
    assert Entry.objects.get(verb="meeting.photo").details == {"photo": made.pk}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_large_photo_becomes_one_that_a_screen_can_show(kind):
    content, size = photos.redrawn(picture(kind, (5_000, 1_000)))
    assert size == (2_400, 480)
    assert content[:3] == b"\xff\xd8\xff"


def test_a_transparent_picture_is_kept_without_its_transparency():
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    assert photos.redrawn(out.getvalue())[1] == (20, 20)


def test_a_long_and_narrow_picture_is_not_read_at_its_full_size(monkeypatch):
    """65,500 by 900 points are 177 MB before they are made smaller, and three times that while it is done."""
    content, sizes = picture(size=(65_500, 900)), []
    turned = ImageOps.exif_transpose
    monkeypatch.setattr(ImageOps, "exif_transpose", lambda one: sizes.append(one.size) or turned(one))
    assert photos.redrawn(content)[1] == (2_400, 33)
    assert sizes[0][0] * sizes[0][1] < 2_000_000


def test_scans_are_counted_up_to_the_end_of_the_picture_alone():
    assert photos._scans(picture()) == 1
    assert 2 <= photos._scans(picture(progressive=True)) <= 14
    behind = picture() + b"\xff\xda\0\x02" * 500  # as phones put a short film behind a photo
    assert photos._scans(behind) == 1 and photos.redrawn(behind)[1] == (60, 40)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_photo_is_refused_whatever_its_name(cast, launch, what):
    with pytest.raises(Refused):
        photos.add_photo(by=cast.ohio.actor("convener"), meeting=launch, content=HOSTILE[what])
    assert not Photo.objects.exists()


def test_what_stands_behind_the_picture_in_a_file_does_not_come_along():
    assert b"<script>" not in photos.redrawn(picture() + b"<script>alert(1)</script>")[0]


def test_too_many_bytes_are_refused_before_they_are_looked_at():
    with pytest.raises(Refused, match="12 megabytes"):
        photos.redrawn(bytes(photos.MOST_BYTES + 1))


def test_a_meeting_holds_so_many_photos_and_no_more(cast, launch, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    photos.add_photo(by=cast.ohio.actor("convener"), meeting=launch, content=picture())
    with pytest.raises(Refused, match="1 photos"):
        photos.add_photo(by=cast.ohio.actor("convener"), meeting=launch, content=picture())


def test_only_who_runs_the_meeting_adds_and_deletes_and_the_team_sees(cast, launch):
    by = cast.ohio.actor("convener")
    made = photos.add_photo(by=by, meeting=launch, content=picture())
    assert photos.photo_of(cast.ohio.actor("agency"), launch, made.pk) == made
    for actor in (cast.ohio.actor("agency"), cast.maine.actor("convener")):
        with pytest.raises(Missing):
            photos.add_photo(by=actor, meeting=launch, content=picture())
        with pytest.raises(Missing):
            photos.remove_photo(by=actor, meeting=launch, number=made.pk)
    with pytest.raises(Missing):
        photos.photo_of(cast.ohio.actor("economist"), launch, made.pk)
    photos.remove_photo(by=by, meeting=launch, number=made.pk)
    assert not Photo.objects.exists()
    assert Entry.objects.get(verb="meeting.photo_remove").details == {"photo": made.pk}


def test_a_photo_travels_in_the_archive_as_a_file_and_comes_back(cast, launch, tmp_path: Path):
    from django.utils import timezone

    from sharedtable.accounts.models import Space
    from sharedtable.archive.bringing import Bringing
    from sharedtable.archive.checking import Opened
    from sharedtable.archive.packing import write_archive
    from sharedtable.archive.rows import Scope

    made = photos.add_photo(by=cast.ohio.actor("convener"), meeting=launch, content=picture())
    path = tmp_path / "a.zip"
    with path.open("wb") as out:
        write_archive(Scope(cast.ohio.space, "operator"), out, timezone.now())
    new = Space.objects.create(slug="new", name="New", made_at=timezone.now())
    with Opened(path) as archive:
        assert archive.file(f"files/meetings.photo/{made.pk}.jpg", 1_000_000) == bytes(made.content)
        Bringing(archive, new, cast.ohio.actor("admin")).all()
    assert bytes(Photo.objects.get(space=new).content) == bytes(made.content)


def test_notes_of_a_camera_that_make_no_sense_are_refused_in_words(cast, launch):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "hello"
    broken = picture(exif=exif).replace(b"\x01\x0e\x00\x02", b"\x01\x01\x00\x02", 1)  # a text where a number goes
    with pytest.raises(Refused, match="no photo"):
        photos.add_photo(by=cast.ohio.actor("convener"), meeting=launch, content=broken)
    assert not Photo.objects.exists()
