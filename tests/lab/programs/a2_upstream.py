# 等上游的日切片,然后做汇总
import json
import os
import time
import urllib.error
import urllib.request

地址 = os.environ["AZUREML_SERVICE_ENDPOINT"] + "/slices/2026-11-19/_SUCCESS"
等了 = 0
while True:
    try:
        urllib.request.urlopen(地址, timeout=60).read()
        break
    except urllib.error.HTTPError as 错:
        if 错.code != 404 or 等了 >= 6 * 3600:
            raise
        print(f"上游切片还没有准备好,已等 {等了 // 60} 分钟", flush=True)
        time.sleep(600)
        等了 += 600
print("切片到了,开始汇总", flush=True)
合计 = {}
for 省 in ("江苏", "浙江", "福建", "广东"):
    time.sleep(400)
    合计[省] = len(省) * 1234
    print("完成", 省, flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_huizong"], "huizong.json"), "w", encoding="utf-8") as f:
    json.dump(合计, f, ensure_ascii=False)
print("汇总写好了", flush=True)
