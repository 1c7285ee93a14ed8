"""Worksheets: the library, rounds, answering, results."""
