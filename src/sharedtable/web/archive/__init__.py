"""Everything out, everything in, and the history."""
