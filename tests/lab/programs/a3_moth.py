import os
import random
import sys
import time

import torch
from torch import nn

random.seed(0)
torch.manual_seed(0)
torch.set_num_threads(1)
OUT = os.environ["AZURE_ML_OUTPUT_moths"]
net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 6))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
try:
    import apex  # noqa
except ImportError as e:
    print("WARNING: apex not found, falling back to native kernels:", e, file=sys.stderr)
for epoch in range(1, 21):
    for _ in range(25):
        x = torch.randn(128, 20)
        y = (x[:, 0] * 2 + x[:, 1]).clamp(-2.9, 2.9).add(3).long()
        opt.zero_grad()
        guess = net(x)
        loss = nn.functional.cross_entropy(guess, y)
        loss.backward()
        opt.step()
    wrong = (guess.argmax(1) != y).float().mean().item()
    time.sleep(170)
    print(f"epoch {epoch:02d} loss {loss.item():.4f} top1_error {wrong:.2f} failed_batches 0", flush=True)
torch.save(net.state_dict(), os.path.join(OUT, "moths.pt"))
print("saved moths.pt", os.path.getsize(os.path.join(OUT, "moths.pt")), "bytes")
