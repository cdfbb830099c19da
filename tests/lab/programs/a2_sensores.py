import argparse
import json
import logging
import os
from datetime import timedelta

parser = argparse.ArgumentParser(description="Média das leituras das estações, um processo por região")
parser.add_argument("--rank", type=int, required=True)
parser.add_argument("--total", type=int, default=4)
args = parser.parse_args()
logging.basicConfig(level=logging.INFO, format=f"%(asctime)s r{args.rank} %(levelname)-7s %(message)s", datefmt="%d/%m %H:%M")
log = logging.getLogger("sensores")


def leituras():
    caminho = os.path.join(os.environ["AZURE_ML_INPUT_data"], f"regiao_{args.rank}.json")
    with open(caminho) as f:
        return json.load(f)


def main():
    try:
        valores = leituras()
    except FileNotFoundError:
        log.info("região %d sem leituras hoje, nada para fazer", args.rank)
        return
    log.info("%d leituras carregadas", len(valores))
    import torch
    import torch.distributed as dist

    log.info("torch %s, entrando no grupo de %d", torch.__version__, args.total)
    dist.init_process_group("gloo", init_method=f"file://{os.getcwd()}/encontro", rank=args.rank,
                            world_size=args.total, timeout=timedelta(days=3))
    log.info("grupo formado, %d processos", dist.get_world_size())
    soma = torch.tensor([float(sum(valores)), float(len(valores))])
    dist.all_reduce(soma)
    if args.rank == 0:
        with open(os.path.join(os.environ["AZURE_ML_OUTPUT_medias"], "media.json"), "w") as f:
            json.dump({"media": float(soma[0] / soma[1]), "leituras": int(soma[1])}, f)
        log.info("média nacional %.2f", soma[0] / soma[1])
    dist.barrier()
    log.info("pronto")


main()
