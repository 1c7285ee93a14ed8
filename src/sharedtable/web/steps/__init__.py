"""What a partnership does next: the tools of a step, its timeline, its meetings, the work session, the digest."""
