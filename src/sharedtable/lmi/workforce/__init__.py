"""Occupations, their pay, and where jobs are heading."""
