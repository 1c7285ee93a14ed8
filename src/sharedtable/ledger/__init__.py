"""What happened, and what must still be sent: one append-only record of every write, and the outbox."""
