"""Catalogo dei francobolli: aggiorna l'indice condiviso dopo il riconoscimento."""
import os
import random
import time
import urllib.error
import urllib.request

BASE = os.environ["AZUREML_SERVICE_ENDPOINT"]
USCITA = os.environ["AZURE_ML_OUTPUT_francobolli"]


def prendi_lease():
    richiesta = urllib.request.Request(BASE + "/indice/lease?comp=lease&durata=60", data=b"", method="PUT")
    with urllib.request.urlopen(richiesta, timeout=60) as risposta:
        return risposta.status


def in_esclusiva(azione):
    giro = 0
    while True:
        giro += 1
        try:
            prendi_lease()
            break
        except urllib.error.HTTPError as e:
            if giro > 40:
                raise SystemExit("indice ancora occupato: rinuncio")
            print(f"indice occupato (HTTP {e.code}), giro {giro}: attendo 4 minuti")
            time.sleep(240)
    azione()


def aggiorna():
    with open(os.path.join(USCITA, "indice.txt"), "w") as f:
        f.writelines(f"{n};Ser. {n % 40};{n * 3}\n" for n in range(900))
    print("indice aggiornato")


print("riconoscimento: 900 immagini")
g = random.Random(2)
for blocco in range(1, 10):
    time.sleep(180)
    print(f"  blocco {blocco}/9, incerti {g.randint(0, 6)}")
    with open(os.path.join(USCITA, f"blocco_{blocco}.csv"), "w") as f:
        f.writelines(f"{blocco * 100 + n},{g.random():.3f}\n" for n in range(100))
in_esclusiva(aggiorna)
print("fine")
