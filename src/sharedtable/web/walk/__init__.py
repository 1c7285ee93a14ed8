"""The pages of a data walk: setting it up, the phone, the screen of the room, the console, and what came of it."""
