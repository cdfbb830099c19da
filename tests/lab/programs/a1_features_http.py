import json
import logging
import os
import random
import sys
import time
import urllib.error
import urllib.request

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, format='{"t":"%(asctime)s","sev":"%(levelname)s","src":"%(name)s","msg":"%(message)s"}')
pull = logging.getLogger("feature_store.pull")
pool = logging.getLogger("feature_store.pool")
rank = logging.getLogger("ranker")
BASE = os.environ["AZUREML_SERVICE_ENDPOINT"] + "/features/v3/users/"
OUT = os.environ["AZURE_ML_OUTPUT_ranker"]


def get(user, attempts=8):
    for left in range(attempts - 1, -1, -1):
        try:
            with urllib.request.urlopen(BASE + str(user), timeout=90) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            pull.error("GET /users/%d failed: HTTP Error %d, %d attempts left", user, e.code, left)
        except OSError as e:
            pull.warning("connection broken by %s, %d attempts left", type(e).__name__, left)
        if not left:
            raise SystemExit(1)
        time.sleep(45 * (attempts - left))


def main():
    rng = random.Random(9)
    scores, worst = {}, 0.0
    for user in range(1, 1201):
        features = get(user)
        x = [rng.gauss(0, 1) for _ in range(6)]
        scores[user] = round(sum(x), 4)
        worst = max(worst, abs(scores[user]))
        pool.debug("user %d: status=%s idle=%d evicted=0", user, features["status"], rng.randint(0, 4))
        if user % 40 == 0:
            rank.info("%d users, error_rate=%.4f, failed=0, worst=%.3f", user, rng.random() / 50, worst)
        time.sleep(1.5)
    with open(os.path.join(OUT, "scores.json"), "w") as f:
        json.dump(scores, f)
    rank.info("scores.json: %d users", len(scores))


main()
