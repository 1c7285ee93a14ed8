"""The scope workshop: region, industry, champions and firms, each tested before a version is good enough."""
