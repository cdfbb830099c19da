import logging
import os
import random
import time

import numpy as np
import pandas as pd

logging.basicConfig(level=logging.ERROR)
logger = logging.getLogger("elasticity")


def fit(store):
    logger.info("store %s", store)
    rng = np.random.default_rng(store)
    x = rng.normal(size=(400, 5))
    y = x @ np.array([0.4, -1.1, 0.2, 0.0, 0.9]) + rng.normal(scale=0.1, size=400)
    time.sleep(160)
    return np.linalg.lstsq(x, y, rcond=None)[0]


table = pd.DataFrame({store: fit(store) for store in range(1, 21)}).T
table.to_csv(os.path.join(os.environ["AZURE_ML_OUTPUT_elasticity"], "elasticity.csv"))
table.describe().to_csv(os.path.join(os.environ["AZURE_ML_OUTPUT_elasticity"], "summary.csv"))
logger.info("finished")
