"""The start-up check that no address was forgotten in the policy, and no row of the policy is left over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from sharedtable.web.policy import ROUTES


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str | None]]:
    """Walks every address of the site; yields its pattern and its name (with namespace), None without a name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.pattern}", entry.name
            continue
        space = f"{entry.namespace}:" if entry.namespace else ""
        for pattern, name in routes(entry, f"{prefix}{entry.pattern}"):
            yield pattern, f"{space}{name}" if name else None


@register("policy")
def every_route_has_a_rule(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Gives one error for each address without a name or a rule, and for each rule without an address."""
    found = list(routes())
    names = {name for _, name in found if name}
    return [
        *(
            Error(f"The address '{pattern}' has no name, so no rule can cover it.", id="sharedtable.E001")
            for pattern, name in found
            if not name
        ),
        *(
            Error(f"The route '{name}' has no rule in sharedtable.web.policy.ROUTES.", id="sharedtable.E002")
            for name in sorted(names - ROUTES.keys())
        ),
        *(
            Error(f"The rule '{name}' in sharedtable.web.policy.ROUTES has no address.", id="sharedtable.E003")
            for name in sorted(ROUTES.keys() - names)
        ),
    ]
