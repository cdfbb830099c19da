"""設備異音検知: 学習ループと、スペクトログラムの保存(バックグラウンド)"""
import logging
import os
import queue
import random
import struct
import threading
import time

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(threadName)s %(levelname)s %(message)s", datefmt="%Y/%m/%d %H:%M:%S")
保存先 = os.environ["AZURE_ML_OUTPUT_spectra"]
待ち = queue.Queue()


def 保存係():
    while True:
        番号, 値 = 待ち.get()
        with open(os.path.join(保存先, f"spec_{番号:03d}.bin"), "wb") as f:
            f.write(b"SPEC" + struct.pack("<II", 番号, len(値)))
            for 始 in range(0, len(値), 512):
                f.write(struct.pack(f"<{len(値[始:始 + 512])}f", *値[始 : 始 + 512]))
                time.sleep(9)
        logging.info("spec_%03d.bin 保存 (残り %d)", 番号, 待ち.qsize())
        待ち.task_done()


def 学習():
    rng = random.Random(33)
    誤差 = 1.0
    for 回 in range(40):
        time.sleep(60)
        誤差 *= 0.93
        待ち.put((回, [rng.gauss(0, 1) for _ in range(4096)]))
        logging.info("反復 %d/40 再構成誤差 %.4f AUC %.3f", 回 + 1, 誤差, 1 - 誤差 / 3)


threading.Thread(target=保存係, name="saver", daemon=True).start()
学習()
logging.info("学習終了")
