"""Meetings of a partnership: when and where, the run of show, the code to join, the lobby, who came."""
