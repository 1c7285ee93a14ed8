"""Signing in, setting up, who works here, and what each role can see."""
