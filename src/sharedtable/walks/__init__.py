"""The data walk: a meeting that looks at one figure after the other, marks it, and ends in a choice of industries."""
