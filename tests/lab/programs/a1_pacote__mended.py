# Monta o pacote de entrega (zip) com um relatório por município.
import io
import os
import random
import sys
import threading
import time
import zipfile

saida = os.environ["AZURE_ML_OUTPUT_pacote"]
municipios = "Recife Olinda Caruaru Petrolina Garanhuns Paulista Jaboatao Camaragibe Igarassu Gravata".split()


def relatorio(nome):
    r = random.Random(nome)
    linhas = ["mes;casos;internacoes"]
    for mes in range(1, 13):
        casos = r.randint(20, 900)
        linhas.append(f"2026-{mes:02d};{casos};{casos // r.randint(8, 20)}")
    return "\n".join(linhas) + "\n"


def pulso():
    while True:
        time.sleep(1200)
        sys.stderr.write("...ainda trabalhando\n")


threading.Thread(target=pulso).start()
pacote = zipfile.ZipFile(os.path.join(saida, "boletim.zip"), "w", zipfile.ZIP_DEFLATED)
for posicao, nome in enumerate(municipios, 1):
    time.sleep(420)
    pacote.writestr(f"{nome.lower()}.csv", relatorio(nome))
    print("%2d/%d %s" % (posicao, len(municipios), nome))
pacote.close()
print("boletim.zip pronto, %d municipios" % len(municipios))
sys.stdout.flush()
# o pulso nao para sozinho
os._exit(0)
