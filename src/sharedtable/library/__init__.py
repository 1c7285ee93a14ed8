"""The library: shipped texts, a team's own answers, what its people have read, the story of a partnership."""
