"""Template tags and filters, built in to every template (see settings)."""
