"""Photos of the paper wall: taken in, drawn anew so that nothing else is in the file, kept in the record, taken out."""

from __future__ import annotations

import io
import math
import re
import struct
import warnings

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.models import Meeting, Photo

MOST_BYTES = 12_000_000  # as a phone sends it
MOST_POINTS, MOST_POINTS_JPEG = 25_000_000, 60_000_000  # a JPEG is read at a smaller size at once
MOST_PHOTOS = 20
LONGEST_SIDE, QUALITY = 2_400, 82  # enough to read every card of a wall on a screen
MOST_SCANS = 64  # a JPEG is read once for each scan; a camera writes one, a careful program a dozen
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")  # within the points of a JPEG: what is no point
KINDS = ("JPEG", "PNG", "WEBP")  # what the file says it is decides, never its name
# What reading a broken file may end in: notes of a camera are read by code that takes every byte at its word.
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, AttributeError,
    OverflowError, struct.error,
)  # fmt: skip


def add_photo(*, by: Actor, meeting: Meeting, content: bytes, shows: str = "") -> Photo:
    """Keep a photo with a meeting. Fails with Refused, saying what to send, when it is none or too large."""
    by.must("meetings.run", meeting)
    jpeg, (width, height) = redrawn(content)
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        if fresh.photos.count() >= MOST_PHOTOS:
            raise Refused(_("There are %(most)d photos already. Remove one first.") % {"most": MOST_PHOTOS})
        made = Photo.objects.create(
            space_id=by.space_id, meeting=fresh, content=jpeg, width=width, height=height,
            shows=" ".join(shows.split())[:200], made_at=timezone.now(), made_by=by.ref,
        )  # fmt: skip
        _record(by, "meeting.photo", made)
    return made


def too_large() -> Refused:
    """Why a file that is too long is not taken."""
    return Refused(
        _("This photo is larger than %(most)d megabytes. Send a smaller one.") % {"most": MOST_BYTES // 1_000_000}
    )


def redrawn(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """The picture as a new JPEG, upright, without where, when and by which device it was taken."""
    from PIL import Image, ImageOps

    if len(content) > MOST_BYTES:
        raise too_large()
    wrong = Refused(_("This is no photo that can be read here. Send a JPEG or PNG picture, as phones take them."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=KINDS) as found:
                most = MOST_POINTS_JPEG if found.format == "JPEG" else MOST_POINTS
                if found.width * found.height > most:
                    raise Refused(_("This picture has too many points. Send a smaller one."))
                if found.format == "JPEG" and _scans(content) > MOST_SCANS:
                    raise wrong
                # In its own proportions: a long and narrow picture would else be read at its full size.
                share = min(LONGEST_SIDE / max(found.size), 1)
                found.draft("RGB", (math.ceil(found.width * share), math.ceil(found.height * share)))
                picture = ImageOps.exif_transpose(found).convert("RGB")
    except UNREADABLE as problem:
        raise wrong from problem
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise Refused(_("This picture has too many points. Send a smaller one.")) from problem
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # the points alone: what else an image object carries along stays behind
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), clean.size


def _scans(content: bytes) -> int:
    """How often the points of a JPEG are gone through, up to its end; what stands behind that does not count."""
    at, count = 2, 0
    while (found := _MARKER.search(content, at)) is not None and count <= MOST_SCANS:
        at, kind = found.end(), content[found.start() + 1]
        if kind == 0xD9:
            break
        at += max(int.from_bytes(content[at : at + 2], "big"), 2)
        count += kind == 0xDA
    return count


def photo_of(by: Actor, meeting: Meeting, number: int) -> Photo:
    """One photo of a meeting that the actor may see. Fails with Missing."""
    by.must("meetings.see", meeting)
    found = Photo.objects.filter(space_id=by.space_id, meeting=meeting, pk=number).first()
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    return found


def remove_photo(*, by: Actor, meeting: Meeting, number: int) -> None:
    """Delete a photo for good; the ledger keeps that there was one."""
    by.must("meetings.run", meeting)
    with transaction.atomic():
        found = photo_of(by, meeting, number)
        _record(by, "meeting.photo_remove", found)
        found.delete()


def _record(by: Actor, verb: str, photo: Photo) -> None:
    record(
        by=by.ref, verb=verb, kind="meeting", object_id=photo.meeting_id, space_id=photo.space_id,
        details={"photo": photo.pk},
    )  # fmt: skip
