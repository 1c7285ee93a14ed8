"""Who may enter where: users, spaces, grants, personal links, and the one table that answers "may they?"."""
