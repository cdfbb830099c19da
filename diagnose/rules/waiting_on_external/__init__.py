"""It waits for something outside."""
