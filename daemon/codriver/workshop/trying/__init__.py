"""Try a sentence without doing it: every candidate, what was chosen and why, and what the policy would say."""
