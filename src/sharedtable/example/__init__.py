"""A made-up team to look around in: the fifteen counties of the shipped figures, with people who do not exist."""
