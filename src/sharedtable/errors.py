"""Exceptions whose message is a sentence for a person.

Every message says what happened, to which thing, and what to do next. Callers show it as it is:
a command prints it, a page renders it, nobody parses it.
"""

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SQLITE_FULL, _POSTGRESQL_FULL = 13, "53100"


class Refused(Exception):
    """The request was understood and will not be carried out; nothing was changed."""


class Missing(Refused):
    """Something that the request needs is not here: a file, a year, an area, a page."""


def is_full(problem: BaseException | None) -> bool:
    """Whether something failed because the disk is full: that of the files, or that of the database."""
    while problem is not None:
        if isinstance(problem, OSError) and problem.errno in _FULL:
            return True
        if getattr(problem, "sqlite_errorcode", None) == _SQLITE_FULL:
            return True
        if getattr(problem, "sqlstate", None) == _POSTGRESQL_FULL:
            return True
        problem = problem.__cause__
    return False
