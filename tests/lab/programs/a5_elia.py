# Εκτίμηση σοδειάς ελιάς
import logging
import os
import random
import time

logging.basicConfig(level=logging.INFO, format="%(asctime)s :: %(message)s", datefmt="%d/%m/%Y %H:%M")
τύχη = random.Random(30)
σφάλμα = 14.2
for εποχή in range(1, 401):
    time.sleep(130)
    σφάλμα *= τύχη.uniform(0.985, 1.003)
    logging.info("εποχή %d/400 απώλεια=%.4f mape=%.2f%%", εποχή, σφάλμα ** 2 / 10, σφάλμα)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_elies"], "sodia.txt"), "w") as f:
    f.write("%.5f\n" % σφάλμα)
logging.info("τέλος")
