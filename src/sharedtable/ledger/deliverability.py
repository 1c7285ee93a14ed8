"""Whether other mail services have reason to trust mail from here: what the domain's name servers say of it.

SPF names who may send for the domain, DKIM signs each mail, DMARC says what to do with mail that fails both. The
lookups ask only for the domain of our own address. Where no name server answers, that is said, not guessed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from sharedtable.ledger import message

SECONDS = 4.0
# Under which names the usual providers keep their keys; there is no way to list them.
SELECTORS = ("default", "selector1", "selector2", "google", "k1", "k2", "k3", "s1", "s2", "mail", "dkim", "fm1", "pm")
NOT_PUBLIC = ("localhost", "local", "example", "invalid", "test", "internal")


@dataclass(frozen=True)
class Check:
    """One check: what it is about, how it came out, and a sentence on what to do."""

    name: str
    state: Literal["good", "weak", "missing", "unknown"]
    sentence: str
    record: str = ""


@dataclass(frozen=True)
class Report:
    """All checks of the address that our mail comes from."""

    address: str
    domain: str
    has_server: bool
    checks: tuple[Check, ...]

    @property
    def is_good(self) -> bool:
        return self.has_server and all(check.state == "good" for check in self.checks)


class NoAnswer(Exception):
    """No name server answered, so nothing is known."""


def report() -> Report:
    """Look at our own domain; at most a few seconds, whatever the network does."""
    address = message.from_address()
    domain = address.rpartition("@")[2].lower()
    has_server = bool(settings.MAIL_HOST)
    if "." not in domain or domain.rpartition(".")[2] in NOT_PUBLIC:
        said = _("“%(domain)s” is known on this machine alone. Set SHAREDTABLE_MAIL_FROM to an address of yours.")
        said %= {"domain": domain}
        return Report(address, domain, has_server, (Check(_("Address"), "missing", said),))
    with ThreadPoolExecutor(3) as pool:
        checks = tuple(pool.map(lambda check: check(domain), (_spf, _dkim, _dmarc)))
    return Report(address, domain, has_server, checks)


def _texts(name: str) -> list[str]:
    """The TXT records of a name; none when it has none. Fails with NoAnswer."""
    import dns.resolver

    resolver = dns.resolver.Resolver()
    resolver.lifetime = SECONDS
    try:
        found = resolver.resolve(name, "TXT", search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer(str(error)) from error
    return [b"".join(row.strings).decode("utf-8", "replace") for row in found]


def _unknown(name: str) -> Check:
    return Check(name, "unknown", _("No name server answered from here, so we could not look. Nothing is known."))


def _spf(domain: str) -> Check:
    import dns.resolver

    try:
        found = [text for text in _texts(domain) if text.lower().startswith("v=spf1")]
    except (NoAnswer, dns.resolver.NoResolverConfiguration):
        return _unknown("SPF")
    if not found:
        said = _("Nobody is named who may send for %(domain)s. Ask whoever runs the domain to add your mail server.")
        return Check("SPF", "missing", said % {"domain": domain})
    if len(found) > 1:
        said = _("There are %(n)d SPF entries. Only one counts: have them joined into one.") % {"n": len(found)}
        return Check("SPF", "weak", said, found[0])
    if found[0].split()[-1].lower() in {"+all", "all", "?all"}:
        said = _("It lets everybody send for this domain. Have it end in “~all” or “-all”.")
        return Check("SPF", "weak", said, found[0])
    said = _("It is there. Your mail server has to be one of those that it names.")
    return Check("SPF", "good", said, found[0])


def _dkim(domain: str) -> Check:
    import dns.resolver

    def key_of(selector: str) -> str:
        texts = _texts(f"{selector}._domainkey.{domain}")
        return next((text for text in texts if "p=" in text.replace(" ", "")), "")

    try:
        with ThreadPoolExecutor(len(SELECTORS)) as pool:
            found = [(name, text) for name, text in zip(SELECTORS, pool.map(key_of, SELECTORS), strict=True) if text]
    except (NoAnswer, dns.resolver.NoResolverConfiguration):
        return _unknown("DKIM")
    if found:
        said = _("A key is there, under “%(selector)s”. Your mail server has to sign with it.")
        return Check("DKIM", "good", said % {"selector": found[0][0]}, found[0][1])
    said = _("No key under the usual names. It may have another name: ask your mail provider whether it signs mail of "
             "%(domain)s.") % {"domain": domain}  # fmt: skip
    return Check("DKIM", "missing", said)


def _dmarc(domain: str) -> Check:
    import dns.resolver

    parts = domain.split(".")
    names = [domain] + ([".".join(parts[-2:])] if len(parts) > 2 else [])
    try:
        found = next(
            (text for name in names for text in _texts(f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")), ""
        )
    except (NoAnswer, dns.resolver.NoResolverConfiguration):
        return _unknown("DMARC")
    if not found:
        said = _(
            "There is no rule for mail that fails the other two. Large mail services want one: begin with “p=none”."
        )
        return Check("DMARC", "missing", said)
    return Check("DMARC", "good", _("It is there."), found)
