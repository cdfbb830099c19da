"""An output was not fully written, committed or uploaded."""
