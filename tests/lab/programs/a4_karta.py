"""Bygger den lokala artdatabasen till fältappen (SQLite) och lägger den i utdatamappen."""
import logging
import os
import random
import shutil
import sqlite3
import time
from pathlib import Path

logging.basicConfig(format="%(asctime)s %(levelname)s [%(funcName)s] %(message)s", level=logging.INFO)
logger = logging.getLogger(__name__)

ARTER = ["talgoxe", "blåmes", "koltrast", "rödhake", "bofink", "gråsparv", "nötväcka", "steglits", "domherre", "kaja"]
LOKAL = Path(os.environ.get("TMPDIR", "/tmp")) / f"arter_{os.environ['AZUREML_RUN_ID']}.db"
UT = Path(os.environ["AZURE_ML_OUTPUT_appdata"])


def oppna():
    LOKAL.unlink(missing_ok=True)
    db = sqlite3.connect(LOKAL)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA wal_autocheckpoint=0")  # snabbare inläsning
    return db


def las_in(db, rng):
    db.execute("CREATE TABLE fynd (id INTEGER PRIMARY KEY, art TEXT, rutnat TEXT, antal INTEGER, dag TEXT)")
    db.execute("CREATE INDEX fynd_art ON fynd (art)")
    for landskap in range(25):
        rader = [(rng.choice(ARTER), f"{rng.randint(61, 75)}{rng.randint(3, 9)}", rng.randint(1, 40), f"2026-{rng.randint(3, 10):02d}-{rng.randint(1, 28):02d}") for _ in range(600)]
        db.executemany("INSERT INTO fynd (art, rutnat, antal, dag) VALUES (?, ?, ?, ?)", rader)
        db.commit()
        time.sleep(75)
        logger.info("landskap %d/25: %d fynd inlästa", landskap + 1, len(rader))


def publicera(db):
    antal = db.execute("SELECT count(*) FROM fynd").fetchone()[0]
    logger.info("totalt %d fynd i databasen", antal)
    shutil.copyfile(LOKAL, UT / "arter.db")
    logger.info("arter.db kopierad")


if __name__ == "__main__":
    databas = oppna()
    las_in(databas, random.Random(44))
    publicera(databas)
    logger.info("klart")
