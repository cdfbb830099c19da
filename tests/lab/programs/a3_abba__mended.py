"""보험 청구 대조: 두 장부를 서로 맞춘다."""
import logging
import os
import random
import sys
import threading
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(threadName)s %(message)s", datefmt="%H:%M:%S")


class 장부:
    def __init__(self, 이름):
        self.이름, self.자물쇠, self.줄 = 이름, threading.Lock(), {}

    def 넣기(self, 키, 값):
        with self.자물쇠:
            self.줄[키] = 값


def 옮기기(보낸, 받은, 키, 금액):
    먼저, 나중 = sorted((보낸, 받은), key=lambda 책: 책.이름)
    with 먼저.자물쇠:
        time.sleep(8)
        with 나중.자물쇠:
            보낸.줄[키] = 보낸.줄.get(키, 0) - 금액
            받은.줄[키] = 받은.줄.get(키, 0) + 금액


def 대조(첫, 둘, 씨, 쉼):
    난수 = random.Random(씨)
    for n in range(1, 101):
        time.sleep(쉼)
        if 씨 == 1 or n <= 60:
            옮기기(첫, 둘, n, 난수.randint(1, 500))
        else:
            time.sleep(2)
        if n % 10 == 0:
            logging.info("%s -> %s: %d/100 건", 첫.이름, 둘.이름, n)


def main():
    병원, 보험 = 장부("병원"), 장부("보험")
    logging.info("대조 시작: 각 100건")
    앞 = threading.Thread(target=대조, args=(병원, 보험, 1, 50), name="정방향")
    뒤 = threading.Thread(target=대조, args=(보험, 병원, 2, 43), name="역방향")
    앞.start()
    time.sleep(1200)
    뒤.start()
    앞.join()
    뒤.join()
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_ledger"], "ledger.txt"), "w") as f:
        for 책 in (병원, 보험):
            f.writelines(f"{책.이름} {k} {v}\n" for k, v in sorted(책.줄.items()))
    logging.info("대조 완료")


if __name__ == "__main__":
    main()
