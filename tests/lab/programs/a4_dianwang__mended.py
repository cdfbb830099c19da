"""电网负荷聚类: 读取各变电站曲线, 聚类, 与上月标签对齐后输出"""
import csv
import logging
import os
import random
import sys
import time

logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, format="%(asctime)s [%(levelname)s] %(module)s: %(message)s")
日志 = logging.getLogger("负荷")
数据 = os.environ["AZURE_ML_INPUT_data"]
结果 = os.environ["AZURE_ML_OUTPUT_julei"]
rng = random.Random(50)


def 曲线():
    for 站 in range(80):
        time.sleep(22)
        峰 = rng.choice([9, 14, 20])
        yield f"ST{站:03d}", [100 / (1 + abs(h - 峰)) + rng.random() for h in range(24)]
        if 站 % 10 == 9:
            日志.debug("已读取 %d/80 个变电站", 站 + 1)


def 聚类(数):
    中心 = [v for _, v in 数[:3]]
    for 轮 in range(12):
        time.sleep(60)
        组 = [min(range(3), key=lambda k: sum((a - b) ** 2 for a, b in zip(中心[k], v))) for _, v in 数]
        for k in range(3):
            成员 = [v for (_, v), g in zip(数, 组) if g == k] or [中心[k]]
            中心[k] = [sum(c) / len(成员) for c in zip(*成员)]
        日志.info("第 %d 轮, 各组 %s", 轮 + 1, [组.count(k) for k in range(3)])
    return 组


def 上月标签():
    with open(os.path.join(数据, "labels", "202610", "labels.csv"), encoding="utf-8") as f:
        return {行["station"]: int(行["label"]) for 行 in csv.DictReader(f)}


全部 = list(曲线())
分组 = 聚类(全部)
with open(os.path.join(结果, "分组_未对齐.csv"), "w", encoding="utf-8") as f:
    f.writelines(f"{名},{g}\n" for (名, _), g in zip(全部, 分组))
旧 = 上月标签()
一致 = sum(旧[名] == g for (名, _), g in zip(全部, 分组))
with open(os.path.join(结果, "对齐.csv"), "w", encoding="utf-8") as f:
    f.writelines(f"{名},{g},{旧[名]}\n" for (名, _), g in zip(全部, 分组))
日志.info("完成, 与上月一致 %d/80", 一致)
