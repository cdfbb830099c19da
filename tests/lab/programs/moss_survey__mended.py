"""Takes the finds of a moss survey into a database, plot by plot."""

import os
import random
import sqlite3
import time

PATH = os.path.join(os.environ["AZURE_ML_OUTPUT_survey"], "finds.db")
SPECIES = ("Hylocomium splendens", "Pleurozium schreberi", "Polytrichum commune", "Sphagnum palustre")


def begin():
    connection = sqlite3.connect(PATH)
    connection.execute("CREATE TABLE finds (plot INTEGER, species TEXT, cover REAL)")
    connection.commit()
    return connection


def take_in(connection, plot, rng):
    rows = [(plot, rng.choice(SPECIES), rng.random()) for _ in range(rng.randrange(20, 60))]
    with connection:
        connection.executemany("INSERT INTO finds VALUES (?, ?, ?)", rows)
    return len(rows)


def main():
    connection, rng, taken = begin(), random.Random(17), 0
    for plot in range(1, 25):
        time.sleep(70)
        taken += take_in(connection, plot, rng)
        if plot % 8 == 0:
            print(f"plot {plot} of 24, {taken} finds so far", flush=True)
    (count,) = connection.execute("SELECT COUNT(*) FROM finds").fetchone()
    connection.close()
    print(f"survey closed with {count} finds in finds.db", flush=True)


main()
