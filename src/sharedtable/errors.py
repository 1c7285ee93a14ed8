"""Exceptions whose message is a sentence for a person.

Every message says what happened, to which thing, and what to do next. Callers show it as it is:
a command prints it, a page renders it, nobody parses it.
"""


class Refused(Exception):
    """The request was understood and will not be carried out; nothing was changed."""


class Missing(Refused):
    """Something that the request needs is not here: a file, a year, an area, a page."""
