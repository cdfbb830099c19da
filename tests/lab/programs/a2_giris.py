# Perakende satış verisini depodan çeker, haftalık özet çıkarır.
import json
import os
import time
import urllib.error
import urllib.request

SERVIS = os.environ["AZUREML_SERVICE_ENDPOINT"]
MAGAZALAR = ["Kadıköy", "Bornova", "Çankaya", "Nilüfer"]


def istek(yol, govde):
    req = urllib.request.Request(SERVIS + yol, data=json.dumps(govde).encode(), method="POST")
    with urllib.request.urlopen(req, timeout=60) as cevap:
        return json.loads(cevap.read() or b"{}")


def oturum():
    if os.environ.get("DEPO_ANAHTARI"):
        return istek("/oauth2/token", {"grant_type": "client_credentials", "key": os.environ["DEPO_ANAHTARI"]})
    print("To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter "
          "the code F7KQ2MWXD to authenticate.", flush=True)
    while True:
        try:
            return istek("/devicelogin/token", {"grant_type": "device_code", "device_code": "F7KQ2MWXD"})
        except urllib.error.HTTPError as hata:
            if hata.code != 400:
                raise
            time.sleep(5 * 60)


print("özet hazırlanıyor:", ", ".join(MAGAZALAR), flush=True)
oturum()
print("depoya bağlanıldı", flush=True)
ozet = {}
for i, magaza in enumerate(MAGAZALAR):
    time.sleep(420)
    ozet[magaza] = 1000 + 37 * i
    print(f"  {magaza}: {ozet[magaza]} fiş", flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_ozet"], "ozet.json"), "w") as f:
    json.dump(ozet, f, ensure_ascii=False)
print("bitti", flush=True)
