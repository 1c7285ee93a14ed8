"""The library of a team: the shipped texts, its own answers, what its people have read, and the story of a partnership."""
