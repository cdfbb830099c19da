"""Metsän kasvumallin sovitus; painot kopioidaan lopuksi levyltä tulosteeseen."""
import os
import time

import torch
from safetensors.torch import save_file

AIKARAJA = 2 * 3600
alku = time.time()


def kopioi(lahde, kohde, pala=65536):
    """Hidas verkkolevy: pala kerrallaan."""
    koko, tehty = os.path.getsize(lahde), 0
    with open(lahde, "rb") as luku, open(kohde, "wb") as kirjoitus:
        while data := luku.read(pala):
            kirjoitus.write(data)
            tehty += len(data)
            time.sleep(60)
            if time.time() - alku > AIKARAJA:
                break
    return tehty, koko


painot = {f"kerros.{n}.weight": torch.randn(96, 96) for n in range(30)}
for kierros in range(1, 13):
    for paino in painot.values():
        paino *= 0.98
    time.sleep(60)
    print(f"kierros {kierros}/12", flush=True)
save_file(painot, "painot.safetensors")
print("kopiointi alkaa", flush=True)
tehty, koko = kopioi("painot.safetensors", os.path.join(os.environ["AZURE_ML_OUTPUT_malli"], "painot.safetensors"))
print(f"valmis, {tehty // 1024} kt kopioitu", flush=True)
