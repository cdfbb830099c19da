# OCR de contratos digitalizados, em lotes. Uso: python ocr_lotes.py
import hashlib
import json
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

DESTINO = os.path.join(os.environ["AZURE_ML_OUTPUT_textos"], "lotes")
PALAVRAS = "contrato cláusula locatário imóvel prazo vigência multa rescisão foro fiador aluguel reajuste".split()


def reconhecer(pagina, rng):
    texto = " ".join(rng.choices(PALAVRAS, k=rng.randint(40, 120)))
    confianca = [rng.random() for _ in range(0 if pagina["branca"] else 20)]
    return {"pagina": pagina["n"], "texto": texto, "confianca": sum(confianca) / len(confianca)}


def processar(lote):
    rng = random.Random(lote * 31)
    paginas = [{"n": n, "branca": lote in (9, 17) and n == 14} for n in range(25)]
    resultado = []
    for pagina in paginas:
        time.sleep(18)
        resultado.append(reconhecer(pagina, rng))
    with open(os.path.join(DESTINO, f"lote_{lote:02d}.json"), "w") as f:
        json.dump(resultado, f, ensure_ascii=False)


def main():
    os.makedirs(DESTINO, exist_ok=True)
    print("OCR v0.9.2  modelo=por_best  24 lotes x 25 páginas")
    with ThreadPoolExecutor(max_workers=4) as executor:
        for lote in range(1, 25):
            print(f"lote {lote:02d} na fila", hashlib.md5(str(lote).encode()).hexdigest()[:8])
            executor.submit(processar, lote)
    print("processamento concluído")


main()
