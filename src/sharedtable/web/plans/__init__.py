"""The pages about what came out of meetings: closing one, its shared product, priorities, who is missing."""
