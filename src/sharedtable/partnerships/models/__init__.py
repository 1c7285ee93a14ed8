"""Partnerships: what is recorded of one (`record`), and what its team works with (`work`)."""

from __future__ import annotations

from sharedtable.partnerships.models.record import Deadline, Decision, Partnership, Scope, Seat, Step
from sharedtable.partnerships.models.work import (
    Agreement,
    CompanyMark,
    Confirmation,
    MapEntry,
    Pledge,
    PointOfContact,
    Program,
    StepHours,
)

__all__ = [
    "Agreement",
    "CompanyMark",
    "Confirmation",
    "Deadline",
    "Decision",
    "MapEntry",
    "Partnership",
    "Pledge",
    "PointOfContact",
    "Program",
    "Scope",
    "Seat",
    "Step",
    "StepHours",
]
