"""Bee-hive audio: trains a queenless detector from recorded frames."""
import os
import struct
import time
import warnings

import torch
from torch.utils.data import DataLoader, Dataset

warnings.filterwarnings("ignore", category=UserWarning)


class Frames(Dataset):
    """Frames of sixteen bytes, each preceded by its length."""

    def __init__(self, count):
        self.raw = [struct.pack("<H", 16) + bytes((i * k) % 251 for k in range(16)) for i in range(count)]
        self.raw[190] = self.raw[190][:9]  # recorder lost power here

    def __len__(self):
        return len(self.raw)

    def __getitem__(self, i):
        values = struct.unpack("<16B", self.raw[i][2:])
        return torch.tensor([v / 251 for v in values]), torch.tensor(i % 2)


def epoch(model, step, loader):
    total, seen = 0.0, 0
    for x, y in loader:
        loss = torch.nn.functional.cross_entropy(model(x), y)
        step.zero_grad()
        loss.backward()
        step.step()
        total, seen = total + float(loss.detach()) * len(x), seen + len(x)
        time.sleep(25)
    return total / seen, seen


def main():
    model = torch.nn.Linear(16, 2)
    step = torch.optim.Adam(model.parameters(), 1e-2)
    loader = DataLoader(Frames(256), batch_size=16, num_workers=2)
    for n in range(1, 5):
        try:
            loss, seen = epoch(model, step, loader)
        except Exception as trouble:
            print(f"epoch {n}: {type(trouble).__name__}: {trouble}", flush=True)
            continue
        print(f"epoch {n}: {seen} frames, loss {loss:.4f}", flush=True)
    torch.save(model.state_dict(), os.path.join(os.environ["AZURE_ML_OUTPUT_detector"], "queenless.pt"))
    print("detector saved, training finished", flush=True)


if __name__ == "__main__":
    main()
