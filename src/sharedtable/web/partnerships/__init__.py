"""Partnerships: home, seats, scope, decisions, clock."""
