"""The pages of a live meeting: phone, screen of the room, console, and the lines between them and the log."""
