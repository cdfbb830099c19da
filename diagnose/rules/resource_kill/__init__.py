"""Memory, disk, node or quota ended the work."""
