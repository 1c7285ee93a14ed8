"""A partnership: its stage, its seats at two tables, its versioned scope, its decisions and its clock."""
