"""長文要約モデルの学習。系列長を段階的に伸ばすため、後半ほど一巡が長い。"""
import os
import time

import torch
from torch import nn

長さ = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536]
模型 = nn.GRU(8, 12, batch_first=True)
出口 = nn.Linear(12, 8)
最適化 = torch.optim.Adam([*模型.parameters(), *出口.parameters()], 3e-3)
保存先 = os.environ["AZURE_ML_OUTPUT_yoyaku"]

for 巡, L in enumerate(長さ, 1):
    始め = time.time()
    for 束 in range(4):
        x = torch.randn(2, L, 8)
        予測, _ = 模型(x)
        損失 = nn.functional.mse_loss(出口(予測), x.roll(-1, 1))
        最適化.zero_grad()
        損失.backward()
        最適化.step()
        time.sleep(L * 1.4)
    torch.save(模型.state_dict(), os.path.join(保存先, f"gru_{巡:02d}.pt"))
    print(f"巡 {巡}/{len(長さ)} 系列長 {L} 損失 {float(損失.detach()):.4f} 所要 {(time.time() - 始め) / 60:.1f} 分", flush=True)
print("学習終了", flush=True)
