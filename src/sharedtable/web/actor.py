"""Who acts in a request, for the actions."""

from __future__ import annotations

from django.http import HttpRequest

from sharedtable.studies.actors import Actor
from sharedtable.web.policy import is_operator


def actor(request: HttpRequest) -> Actor:
    """The person behind a request: the operator of this machine may change things, others may read."""
    allowed = is_operator(request)
    return Actor("operator" if allowed else "visitor", allowed)
