"""Everything of a team, or of one agency's list, in one file that can be read without this software, and back again."""
