"""Phones, mail addresses and web addresses in the form in which they are compared."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Providers whose domain says nothing about an employer.
SHARED_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "ymail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "aol.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "comcast.net",
        "att.net",
        "sbcglobal.net",
        "verizon.net",
        "bellsouth.net",
        "cox.net",
        "charter.net",
        "earthlink.net",
        "protonmail.com",
        "proton.me",
        "gmx.com",
        "mail.com",
        "zoho.com",
        "rr.com",
        "frontier.com",
        "windstream.net",
        "juno.com",
        "yahoo.es",
        "hotmail.es",
        "facebook.com",
        "linkedin.com",
        "wixsite.com",
        "weebly.com",
        "wordpress.com",
        "squarespace.com",
        "instagram.com",
    ]
)
# Mail boxes of an office, not of a person.
OFFICE_BOXES = frozenset(
    [
        "info",
        "office",
        "contact",
        "admin",
        "sales",
        "hello",
        "mail",
        "support",
        "hr",
        "jobs",
        "careers",
        "team",
        "reception",
        "frontdesk",
        "service",
        "billing",
        "accounting",
        "help",
        "inquiries",
        "ventas",
    ]
)
_DIGITS = re.compile(r"\D+")
_EXTENSION = re.compile(r"(?:ext|x|#|;ext=)\.?\s*\d+\s*$", re.IGNORECASE)


@lru_cache(maxsize=65_536)
def phone_of(text: str) -> str:
    """Ten digits of a US number, without extension; '' for anything that cannot be one."""
    digits = _DIGITS.sub("", _EXTENSION.sub("", text))
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return digits if len(digits) == 10 and digits[0] not in "01" and len(set(digits)) > 2 else ""


def mail_of(text: str) -> str:
    """A mail address folded; '' for what is none."""
    found = text.strip().casefold()
    return found if found.count("@") == 1 and "." in found.rpartition("@")[2] else ""


def is_office_box(mail: str) -> bool:
    """Whether a mail address is one that several people read."""
    return mail.partition("@")[0] in OFFICE_BOXES


@cache
def _parts() -> TLDExtract:
    """Reads its own list of public suffixes, as shipped: nothing is fetched, nothing is written."""
    from tldextract import TLDExtract  # on first use: it brings a client for the web along, which nobody uses

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65_536)
def domain_of(text: str) -> str:
    """The registered domain of a website or mail address ("jobs.acme.co.uk/x": "acme.co.uk"); '' for shared ones."""
    host = text.strip().casefold().rpartition("@")[2]
    if "." not in host:
        return ""
    found = _parts()(host).top_domain_under_public_suffix
    return "" if found in SHARED_DOMAINS else found
