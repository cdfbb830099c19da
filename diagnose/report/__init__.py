"""Views of one verdict record: HTML, terminal text, Markdown, JSON and JUnit, drawn from it alone."""
