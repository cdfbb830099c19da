"""설비 진동 이상 탐지: 센서 파일을 작업자들이 읽어 특징을 뽑고, 본 프로세스가 모형을 맞춘다."""
import multiprocessing as mp
import os
import random
import time


def 읽기_작업(일감, 결과):
    while True:
        파일 = 일감.get()
        난수 = random.Random(파일)
        time.sleep(난수.uniform(15, 45))
        결과.put((파일, [난수.gauss(0, 1) for _ in range(6)]))


def 알림(말):
    print(time.strftime("[%m/%d %H:%M:%S]"), 말)


class 공급기:
    def __init__(self, 작업자수=4):
        self.일감, self.결과 = mp.Queue(), mp.Queue()
        self.작업자 = [mp.Process(target=읽기_작업, args=(self.일감, self.결과), name=f"읽기-{n}") for n in range(작업자수)]
        for p in self.작업자:
            p.start()

    def 특징들(self, 파일들):
        for f in 파일들:
            self.일감.put(f)
        for _ in 파일들:
            yield self.결과.get()

    def 닫기(self):
        for p in self.작업자:
            p.terminate()
            p.join()


def main():
    공급 = 공급기()
    알림("학습 시작: 파일 96개, 작업자 4명")
    가중 = [0.0] * 6
    for 회차 in range(1, 5):
        오차 = 0.0
        for n, (_, 특징) in enumerate(공급.특징들([f"vib_{i:04d}" for i in range(96)]), 1):
            for i, v in enumerate(특징):
                가중[i] += 0.01 * (v - 가중[i])
            오차 += sum(v * v for v in 특징) / 6
            if n % 32 == 0:
                알림(f"회차 {회차}/4  {n}/96  평균 오차 {오차 / n:.4f}")
    경로 = os.path.join(os.environ["AZURE_ML_OUTPUT_model"], "jangbi.csv")
    with open(경로, "w") as f:
        f.write(",".join(f"{w:.6f}" for w in 가중) + "\n")
    알림(f"모형 저장: {os.path.basename(경로)}")
    공급.닫기()
    알림("학습 종료")


if __name__ == "__main__":
    main()
