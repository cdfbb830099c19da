"""Πρόβλεψη κίνησης λιμανιών: ένα ταυτόχρονο έργο ανά λιμάνι."""
import asyncio
import json
import logging
import os
import random
import sys

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, format="%(asctime)s %(name)s[%(process)d] %(levelname)s %(message)s")
logging.getLogger("asyncio").setLevel(logging.WARNING)
log = logging.getLogger("λιμάνια")
ΕΞΟΔΟΣ = os.environ["AZURE_ML_OUTPUT_kinisi"]
ΛΙΜΑΝΙΑ = {"Πειραιάς": 40, "Θεσσαλονίκη": 22, "Πάτρα": 14, "Ηράκλειο": 11, "Βόλος": 6, "Σίτια": 0, "Ραφήνα": 9}


async def πρόβλεψη(λιμάνι, πλοία):
    τύχη = random.Random(λιμάνι)
    log.info("%s: αρχή", λιμάνι)
    βάρος = 0.0
    for γύρος in range(120):
        await asyncio.sleep(18)
        σφάλμα = abs(τύχη.gauss(0, 1)) / (γύρος + 1)
        βάρος += 0.1 * σφάλμα
        log.debug("%s γύρος %d σφάλμα %.4f", λιμάνι, γύρος, σφάλμα)
    if πλοία == 0:
        πληρότητα = 0.0
    else:
        πληρότητα = βάρος / πλοία * 10
    with open(os.path.join(ΕΞΟΔΟΣ, f"{λιμάνι}.json"), "w", encoding="utf-8") as f:
        json.dump({"λιμάνι": λιμάνι, "πληρότητα": πληρότητα}, f, ensure_ascii=False)
    log.info("%s: τέλος", λιμάνι)


async def main():
    log.warning("uvloop δεν βρέθηκε, χρησιμοποιείται ο κανονικός βρόχος")
    await asyncio.gather(*(πρόβλεψη(λ, π) for λ, π in ΛΙΜΑΝΙΑ.items()))
    log.info("ολοκληρώθηκε")


asyncio.run(main())
