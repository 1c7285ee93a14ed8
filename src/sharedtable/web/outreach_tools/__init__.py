"""Tools of outreach: talking points, roles, rings of programs, where the partnership fits, merged pictures."""
