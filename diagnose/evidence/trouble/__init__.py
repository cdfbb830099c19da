"""How a log tells of failure: the lines that do, those that only look like it, and what became of it."""
