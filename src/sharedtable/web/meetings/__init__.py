"""The pages about meetings: planning one, its doors, joining it."""
