"""How a count is read out of a line: labels in many languages, and what is counted on purpose."""
