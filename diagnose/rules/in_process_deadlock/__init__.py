"""The main process itself is blocked for good."""
