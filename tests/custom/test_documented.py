import re
from pathlib import Path

from diagnose.custom import testing
from diagnose.custom.reading import KEYS, read_signatures
from diagnose.custom.rulebook import rulebook
from diagnose.settings import RulesAsked

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_signature_of_the_readme_is_right_and_shows_every_key_but_one(tmp_path):
    [text] = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    (tmp_path / "readme.yaml").write_text(text, encoding="utf-8")
    [found] = read_signatures(tmp_path / "readme.yaml")
    assert found.when
    assert {key for key in KEYS if f"  {key}:" not in text.replace("- id:", "  id:")} == {"mechanism"}
    book = rulebook(RulesAsked((tmp_path / "readme.yaml",), plugins=False))
    assert [row.troubles for row in testing.tested(book)] == [()]
