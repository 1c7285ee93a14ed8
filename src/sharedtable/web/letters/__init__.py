"""The outbox and letters."""
