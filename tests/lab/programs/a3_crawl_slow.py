"""지도 타일 받기: 느리지만 계속된다."""
import os
import random
import sys
import time
import urllib.error
import urllib.request

base = os.environ["AZUREML_SERVICE_ENDPOINT"]
곳 = os.environ["AZURE_ML_OUTPUT_tiles"]
전체 = 240
난수 = random.Random(4)


def 받기(n):
    for 시도 in range(1, 9):
        try:
            with urllib.request.urlopen(f"{base}/tiles/{n}", timeout=300):
                return
        except urllib.error.HTTPError as 오류:
            쉼 = 15 * 2 ** 시도
            sys.stderr.write(f"\n[경고] 타일 {n}: HTTP {오류.code}, {쉼}초 뒤 다시 ({시도}/8)\n")
            time.sleep(쉼)
    raise SystemExit(f"타일 {n} 실패")


for n in range(1, 전체 + 1):
    받기(n)
    time.sleep(70)
    with open(f"{곳}/{n:04d}.png", "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + 난수.randbytes(300) + b"IEND\xaeB`\x82")
    sys.stderr.write(f"\r{n:4d}/{전체} [{'=' * (n // 8):<30}]")
sys.stderr.write("\n끝\n")
