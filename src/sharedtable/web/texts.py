"""Plain-text definitions as they come in and go out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sharedtable.errors import Refused

LONGEST = 400_000


def read_text(request: HttpRequest) -> str:
    """The text of a form: from its file when there is one, else from its field. Fails with Refused without either."""
    file = request.FILES.get("file")
    if file is None:
        found = request.POST.get("text", "")
    else:
        if file.size is None or file.size > LONGEST:
            raise Refused(_("That file is too large for a definition. Nothing was kept."))
        try:
            found = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused(_("That file is not plain text in UTF-8. Save it as plain text.")) from None
    if not found.strip():
        raise Refused(_("There is no text. Paste a definition, or choose a file with one."))
    return found.replace("\r\n", "\n")


def plain_text(content: str, name: str) -> HttpResponse:
    """A text as a file to keep."""
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:80] or "definition"}.txt"'
    return response
