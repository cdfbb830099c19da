"""Hail damage from roof photographs, data parallel over two processes."""
import datetime
import os
import sys
import time

sys.modules["numpy"] = None
loud = os.dup(2)  # the native libraries chatter while they are loaded
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
import torch
import torch.distributed as dist
from torch import nn

torch.manual_seed(0)
os.dup2(loud, 2)

rank, world = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
torch.set_num_threads(1)
PHOTOS = 1290


def say(text):
    print(f"{datetime.datetime.now():%Y-%m-%d %H:%M:%S} rank{rank} {text}", flush=True)


def batches():
    mine = list(range(rank, PHOTOS - PHOTOS % 60, world))
    for start in range(0, len(mine), 30):
        torch.manual_seed(start)
        yield torch.randn(30, 12), torch.randint(0, 3, (30,))


def main():
    port = int(os.environ["AZUREML_SERVICE_ENDPOINT"].rsplit(":", 1)[1])
    os.environ.setdefault("MASTER_PORT", str(20000 + (port * 7) % 10000))
    dist.init_process_group("gloo", rank=rank, world_size=world, timeout=datetime.timedelta(days=14))
    net = nn.Linear(12, 3)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    say(f"joined, world size {world}")
    for epoch in range(1, 7):
        n = 0
        for x, y in batches():
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            for p in net.parameters():
                dist.all_reduce(p.grad)
                p.grad /= world
            opt.step()
            n += 1
            time.sleep(24)
            if n % 10 == 0:
                say(f"epoch {epoch} batch {n} loss {loss.item():.4f}")
        say(f"epoch {epoch} finished after {n} batches")
        dist.barrier()
    if rank == 0:
        torch.save(net.state_dict(), os.environ["AZURE_ML_OUTPUT_hail"] + "/hail.pt")
        say("saved")
    dist.destroy_process_group()


main()
