"""A whole scan, shown: its page, its summaries, and how it compares with the scans before it."""
