"""Opplæring på kartruter, som en egen prosess leser og forbereder."""

import os
import subprocess
import sys
import time

import torch
from torch.utils.data import DataLoader, Dataset

GRENSE_MIB = "420"


class Ruter(Dataset):
    def __init__(self):
        self.lest = []

    def __len__(self):
        return 60

    def __getitem__(self, nummer):
        time.sleep(70)
        rute = bytearray(os.urandom(1 << 20) * 12)
        self.lest = [rute]
        return torch.tensor(float(rute[nummer]))


def under_vakt(arbeider):
    subprocess.Popen([sys.executable, "memwatch.py", str(os.getpid()), GRENSE_MIB])


def main():
    vekt = torch.zeros(1)
    for nummer, rute in enumerate(DataLoader(Ruter(), num_workers=1, worker_init_fn=under_vakt), 1):
        vekt += 0.01 * (rute - vekt)
        print(f"{time.strftime('%H.%M.%S')} rute {nummer} av 60, vekt {vekt.item():.3f}", flush=True)
    torch.save(vekt, os.path.join(os.environ["AZURE_ML_OUTPUT_modell"], "vekt.pt"))
    print(f"{time.strftime('%H.%M.%S')} vekten er lagret", flush=True)


main()
