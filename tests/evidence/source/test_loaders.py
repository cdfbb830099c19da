import pytest
from building import fact

from diagnose.evidence.code import Code, CodeKind

HEADER = "from torch.utils.data import DataLoader\n"


def details(text):
    return [f.detail for f in fact(Code, code={"train.py": HEADER + text}).of(CodeKind.LOADER_WORKERS_KEPT)]


@pytest.mark.parametrize(
    "text",
    [
        "loader = DataLoader(data, num_workers=4, persistent_workers=True)",
        "loader = DataLoader(data, num_workers=args.workers, persistent_workers=True)",
        "loaders = {k: DataLoader(d, num_workers=2, persistent_workers=True) for k, d in data.items()}",
        "loader = DataLoader(data, num_workers=2)\nbatches = iter(loader)\nfirst = next(batches)",
        "loader = DataLoader(data, 32, True, None, None, 4, persistent_workers=True)",
    ],
)
def test_a_loader_whose_workers_are_kept(text):
    assert len(details(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "loader = DataLoader(data)",
        "loader = DataLoader(data, num_workers=0, persistent_workers=True)",
        "loader = DataLoader(data, num_workers=4)\nfor batch in loader:\n    print(batch)",
        "loader = DataLoader(data, num_workers=4, persistent_workers=True)\ndel loader",
        "loader = DataLoader(data, num_workers=4)\nbatches = iter(loader)\ndel batches, loader",
        "loader = DataLoader(data, num_workers=4, persistent_workers=True)\nloader = None",
    ],
)
def test_a_loader_without_workers_or_one_that_is_let_go(text):
    assert not details(text)
