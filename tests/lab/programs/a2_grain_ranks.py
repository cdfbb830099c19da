"""小麦病害识别:三个进程同步训练。"""
import datetime
import os
import sys
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

WORLD = 3
PATIENCE = 4


def say(rank, text):
    stamp = datetime.datetime.now().strftime("%m-%d %H:%M:%S")
    sys.stdout.write(f"{stamp} [进程{rank}] {text}\n")
    sys.stdout.flush()


def average(model):
    for p in model.parameters():
        dist.all_reduce(p.grad)
        p.grad /= WORLD


def work(rank, folder):
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    dist.init_process_group("gloo", rank=rank, world_size=WORLD, init_method=f"file://{folder}/meet",
                            timeout=datetime.timedelta(hours=72))
    everybody = dist.new_group(list(range(WORLD)), timeout=datetime.timedelta(hours=72))
    torch.manual_seed(7)
    model = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 5))
    step = torch.optim.SGD(model.parameters(), lr=0.05)
    gen = torch.Generator().manual_seed(100 + rank)
    say(rank, f"就绪,参数量 {sum(p.numel() for p in model.parameters())}")
    best, bad = 1e9, 0
    for epoch in range(1, 31):
        x, y = torch.randn(64, 24, generator=gen), torch.randint(0, 5, (64,), generator=gen)
        loss = nn.functional.cross_entropy(model(x), y)
        step.zero_grad()
        loss.backward()
        average(model)
        step.step()
        time.sleep(160 + 9 * rank)
        held = float(loss.detach()) + (0.02 * epoch if rank == 1 else -0.02 * epoch)
        say(rank, f"第{epoch:>2}轮 训练损失 {float(loss.detach()):.4f} 验证损失 {held:.4f}")
        if held < best:
            best, bad = held, 0
        else:
            bad += 1
        if bad >= PATIENCE:
            say(rank, f"验证损失连续 {PATIENCE} 轮没有下降,提前结束")
            break
    dist.barrier(group=everybody)
    if rank == 0:
        torch.save(model.state_dict(), os.path.join(os.environ["AZURE_ML_OUTPUT_moxing"], "wheat.pt"))
        say(rank, "模型已保存")
    dist.barrier(group=everybody)
    dist.destroy_process_group()


if __name__ == "__main__":
    folder = os.path.abspath("rdzv")
    os.makedirs(folder, exist_ok=True)
    mp.spawn(work, args=(folder,), nprocs=WORLD)
    print("全部进程结束")
