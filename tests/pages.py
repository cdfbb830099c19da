"""Writes the rule pages in `docs/rules/`: `python -m tests.pages`. A test fails where they are not what the rules say."""

from pathlib import Path

from diagnose.catalogue import markdown, markdown_index
from diagnose.rules import all_rules

FOLDER = Path(__file__).parents[1] / "docs" / "rules"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    rules = all_rules()
    return {"README.md": markdown_index(rules)} | {f"{rule.name}.md": markdown(rule) for rule in rules}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
