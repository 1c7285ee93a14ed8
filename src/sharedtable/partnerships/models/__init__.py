"""Partnerships: what is recorded of one (`record`), and what its team works with (`work`, `workshop`)."""

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
    TurningPoint,
)
from sharedtable.partnerships.models.workshop import ScopeWorkshop

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
    "ScopeWorkshop",
    "Seat",
    "Step",
    "StepHours",
    "TurningPoint",
]
