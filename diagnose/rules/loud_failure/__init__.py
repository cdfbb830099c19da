"""It failed in the open: exit code and error say why."""
