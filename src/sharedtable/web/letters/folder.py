"""The mail folder of a machine without a mail server: how the person at it reads a sign-in code."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sharedtable.ledger import mail_folder


def folder(request: HttpRequest) -> HttpResponse:
    """GET: the newest letters, with links that work."""
    context = {"letters": mail_folder.newest(), "folder": mail_folder.folder(), "has_server": bool(settings.MAIL_HOST)}
    return render(request, "letters/folder.html", context)
