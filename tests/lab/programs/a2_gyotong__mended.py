"""교통량 예측용 특징 추출 — 구간별로 작업을 만들어 처리 스레드에 넘긴다."""
import faulthandler
import os
import queue
import random
import sys
import threading
import time

faulthandler.dump_traceback_later(5400, repeat=True, file=sys.stderr)
작업 = queue.Queue(maxsize=64)
결과 = []


def 기록(글):
    print(time.strftime("[%H:%M:%S]"), 글, flush=True)


def 처리():
    while (구간 := 작업.get()) is not None:
        time.sleep(30)
        결과.append((구간, random.Random(구간).random()))


def 준비(개수):
    for 구간 in range(개수):
        time.sleep(12)
        작업.put(구간)
        if 구간 % 10 == 9:
            기록(f"구간 {구간 + 1}/{개수} 등록")
    작업.put(None)


def main():
    일꾼 = threading.Thread(target=처리, name="처리", daemon=True)
    일꾼.start()
    준비(90)
    일꾼.join()
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_teukjing"], "teukjing.csv"), "w") as f:
        for 구간, 값 in 결과:
            f.write(f"{구간},{값:.5f}\n")
    기록(f"특징 {len(결과)}개 저장 완료")
    faulthandler.cancel_dump_traceback_later()


main()
