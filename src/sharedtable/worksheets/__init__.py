"""Worksheets: any question list of the method, answered alone or together, shown with its spread."""
