"""The run's own Python source, read without running it: what it may leave open, swallow, or print."""
