"""The wall: any round of cards, areas, sign-ups and names, as one numbered log and what follows from it."""
