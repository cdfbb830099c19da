"""Fundus grading, data parallel over the job's processes (gloo on CPU nodes)."""
import os
import sys
import time
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import nn

RANK, WORLD = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])


def info(message):
    stamp = time.strftime("%Y-%m-%d %H:%M:%S")
    sys.stderr.write(f"{stamp} | INFO     | rank{RANK}:__main__:main - {message}\n")


def average_gradients(model):
    for p in model.parameters():
        dist.all_reduce(p.grad)
        p.grad /= WORLD


def validate(model, gen):
    x = torch.randn(64, 24, generator=gen)
    y = (x[:, :3].sum(1, keepdim=True) > 0).float()
    with torch.no_grad():
        return nn.functional.binary_cross_entropy_with_logits(model(x), y).item()


def main():
    torch.manual_seed(0)
    gen = torch.Generator().manual_seed(100 + RANK)
    dist.init_process_group("gloo", init_method=f"file://{os.getcwd()}/rdzv", rank=RANK, world_size=WORLD, timeout=timedelta(days=1))
    info(f"joined, world size {WORLD}, torch {torch.__version__}")
    model = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 1))
    optim = torch.optim.SGD(model.parameters(), lr=0.3)
    best = float("inf")
    for epoch in range(1, 31):
        for _ in range(8):
            time.sleep(25)
            x = torch.randn(32, 24, generator=gen)
            y = (x[:, :3].sum(1, keepdim=True) > 0).float()
            optim.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
            average_gradients(model)
            optim.step()
        mean = torch.tensor([validate(model, gen)])
        dist.all_reduce(mean)
        loss = mean.item() / WORLD
        info(f"epoch {epoch}/30 val_loss={loss:.4f} best={min(best, loss):.4f}")
        if loss < best:
            best = loss
            # everybody continues from the weights of the first process
            for p in model.parameters():
                dist.broadcast(p.data, src=0)
            if RANK == 0:
                torch.save(model.state_dict(), os.path.join(os.environ["AZURE_ML_OUTPUT_weights"], "best.pt"))
                info("checkpoint best.pt written")
    dist.barrier()
    dist.destroy_process_group()
    info(f"finished, best {best:.4f}")


main()
