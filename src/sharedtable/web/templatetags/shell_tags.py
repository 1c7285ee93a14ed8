"""Small tags of the shell: pages of a long list."""

from __future__ import annotations

from collections.abc import Iterator

from django import template
from django.core.paginator import Page

register = template.Library()


@register.filter
def nearby(page: Page[object]) -> Iterator[int | str]:
    """Gives the page numbers to show for a page of a paginator, with an ellipsis where some are left out."""
    yield from page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
