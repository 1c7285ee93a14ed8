"""Areas of the United States: counties, states, metropolitan areas, commuting zones, their names and shapes."""
