"""What a partnership does next: the tools of the step at hand, the timeline, the work session, the digest."""
