# Sulama tahmini: 4 süreç, her biri bir havzanın verisiyle eğitir, ağırlıklar ortalanır.
import logging, os, threading, time
from datetime import timedelta

import torch
import torch.distributed as dist

sira, toplam = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
logging.basicConfig(format=f"[%(asctime)s][süreç {sira}][%(levelname)s] %(message)s", level=logging.INFO, datefmt="%d.%m.%Y %H:%M:%S")
durum = {"adim": 0, "basladi": None}


def bekci():
    while True:
        time.sleep(1800)
        if durum["basladi"] and time.time() - durum["basladi"] > 1500:
            logging.warning("bekçi: adım %d ortalaması %.0f saniyedir sürüyor", durum["adim"], time.time() - durum["basladi"])


def ortala(vektor):
    durum.update(adim=durum["adim"] + 1, basladi=time.time())
    dist.all_reduce(vektor)
    durum["basladi"] = None
    return vektor / toplam


threading.Thread(target=bekci, daemon=True).start()
dist.init_process_group("gloo", init_method="file://" + os.path.join(os.getcwd(), "bulusma"), rank=sira, world_size=toplam, timeout=timedelta(days=2))
logging.info("gruba katıldı (%d/%d)", sira + 1, toplam)
torch.manual_seed(sira)
agirlik = torch.zeros(12)
for donem in range(1, 25):
    for _ in range(10):
        time.sleep(30)
        agirlik = agirlik - 0.05 * ortala(agirlik - torch.randn(12) * 0.1 - 1)
    if donem % 6 == 0:
        # normalleştirme katsayıları: birinci süreç yazar, ötekiler okur
        yol = f"katsayi_{donem // 6}.pt"
        if sira == 0:
            torch.save(agirlik.abs().max(), yol + ".tmp")
            os.rename(yol + ".tmp", yol)
        else:
            while not os.path.exists(yol):
                time.sleep(20)
    logging.info("dönem %d/24 bitti, sapma %.5f", donem, float((agirlik - 1).abs().mean()))
dist.barrier()
if sira == 0:
    torch.save(agirlik, os.path.join(os.environ["AZURE_ML_OUTPUT_model"], "sulama.pt"))
    logging.info("model yazıldı")
logging.info("bitti")
