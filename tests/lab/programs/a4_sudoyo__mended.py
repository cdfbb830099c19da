# 상수도 수요 예측 (일별, 배수지 12곳) - 선형 AR 모형 경사하강
import json
import math
import os
import random
import time

from runmetrics import Run

학습률 = float(os.environ.get("LR", "0.05"))
run = Run.get_context()
rng = random.Random(2026)


def 자료(n=900):
    값 = [100.0]
    for t in range(1, n):
        값.append(80 + 25 * math.sin(t / 58) + 8 * math.sin(t / 1.11) + rng.gauss(0, 4))
    return 값


def 학습(x, y, 에폭=30):
    w = [0.0] * len(x[0])
    for e in range(에폭):
        time.sleep(150)
        for _ in range(12):
            기울기 = [0.0] * len(w)
            손실 = 0.0
            for xi, yi in zip(x, y):
                오차 = sum(a * b for a, b in zip(w, xi)) - yi
                손실 += 오차 * 오차
                for j, v in enumerate(xi):
                    기울기[j] += 2 * 오차 * v / len(x)
            w = [a - 학습률 * g for a, g in zip(w, 기울기)]
        run.log("train_rmse", math.sqrt(손실 / len(x)), step=e)
        print(f"[{e + 1:02d}/{에폭}] 학습 RMSE {math.sqrt(손실 / len(x)):.4g}  (lr={학습률})", flush=True)
    return w


수요 = 자료()
평균 = sum(수요) / len(수요)
표준 = math.sqrt(sum((v - 평균) ** 2 for v in 수요) / len(수요))
z = [(v - 평균) / 표준 for v in 수요]
X = [z[t - 7 : t] + [1.0] for t in range(7, 700)]
Y = z[7:700]
print("표본", len(X), "개, 특성", len(X[0]), "개")
가중치 = 학습(X, Y)
with open(os.environ["AZURE_ML_OUTPUT_model"] + "/ar7.json", "w") as f:
    json.dump({"w": 가중치, "평균": 평균, "표준": 표준}, f, ensure_ascii=False)
run.flush()
print("저장 완료: ar7.json")
