"""Dự báo công suất phòng khách sạn. Kết quả cũ được ghi đè nếu người chạy đồng ý."""
import argparse
import json
import os
import random
import time

ap = argparse.ArgumentParser()
ap.add_argument("--ghi-de", action="store_true", help="không hỏi trước khi ghi đè")
tuy_chon = ap.parse_args()
dich = os.environ["AZURE_ML_OUTPUT_dubao"]


def nhat_ky(noi_dung):
    print(time.strftime("%d/%m %Hh%M"), "-", noi_dung)


def du_bao(khach_san):
    ngau_nhien = random.Random(khach_san)
    time.sleep(180)
    return [round(ngau_nhien.betavariate(6, 3), 3) for _ in range(28)]


nhat_ky("bắt đầu, 24 khách sạn")
ket_qua = {}
for ks in range(1, 25):
    ket_qua[f"KS{ks:03d}"] = du_bao(ks)
    if ks % 6 == 0:
        nhat_ky(f"{ks}/24 xong")
nam_truoc = "KS007" in ket_qua and max(ket_qua["KS007"]) > 0.5
if nam_truoc and not tuy_chon.ghi_de:
    tra_loi = input("Dự báo tháng này đã có trong kho dữ liệu. Ghi đè? [c/K] ")
    if tra_loi.strip().lower() != "c":
        raise SystemExit("giữ nguyên dự báo cũ")
with open(os.path.join(dich, "cong_suat.json"), "w") as f:
    json.dump(ket_qua, f)
nhat_ky("đã ghi cong_suat.json")
