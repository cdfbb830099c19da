# حساب فواتير المياه للأحياء الثلاثين
import json
import os
import random
import time
from multiprocessing import Pool

المخرج = os.environ["AZURE_ML_OUTPUT_fawatir"]
الشرائح = [(10, 0.5), (25, 1.2), (60, 2.0), (200, 3.5), (float("inf"), 4.1)]


def فاتورة(كمية):
    for حد, سعر in الشرائح:
        if كمية <= حد:
            return كمية * سعر
    raise LookupError(كمية)


def حي(رقم):
    rng = random.Random(رقم)
    time.sleep(130)
    كميات = [rng.uniform(2, 90) for _ in range(300)]
    if رقم in (12, 26):
        كميات[77] = 204.5  # فندق
    return {"حي": رقم, "مشتركون": len(كميات), "مجموع": round(sum(map(فاتورة, كميات)), 2)}


def main():
    نتائج, وعود = [], []

    def استلام(نتيجة):
        نتائج.append(نتيجة)
        print("اكتمل الحي", نتيجة["حي"], "المجموع", نتيجة["مجموع"], flush=True)

    print("عدد الأحياء 30", flush=True)
    with Pool(3) as pool:
        for رقم in range(1, 31):
            وعود.append(pool.apply_async(حي, (رقم,), callback=استلام))
        for وعد in وعود:
            وعد.get()
    with open(os.path.join(المخرج, "fawatir.json"), "w", encoding="utf-8") as f:
        json.dump(sorted(نتائج, key=lambda x: x["حي"]), f, ensure_ascii=False, indent=1)
    print("تم حفظ fawatir.json", flush=True)


if __name__ == "__main__":
    main()
