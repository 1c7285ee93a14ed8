"""One file that holds everything that cannot be fetched again, and the way back from it."""
