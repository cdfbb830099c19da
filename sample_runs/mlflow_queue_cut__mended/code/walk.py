"""Policy iteration on a random walk; the returns go to MLflow without waiting for it."""

import os
import random
import time

import mlflow

# The image has no plug-in for the workspace's own scheme; the service speaks MLflow's protocol all the same.
mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"].replace("azureml://", "https://"))
mlflow.config.enable_async_logging()
mlflow.start_run()
rng = random.Random(3)
value = [0.0] * 21
for episode in range(1, 401):
    state, steps = 10, 0
    while 0 < state < 20 and steps < 400:
        nxt = state + (1 if rng.random() < 0.5 + 0.02 * (value[min(20, state + 1)] > value[state - 1]) else -1)
        value[state] += 0.1 * ((nxt == 20) + value[nxt] - value[state])
        state, steps = nxt, steps + 1
    mlflow.log_metric("return", float(state == 20), step=episode)
    mlflow.log_metric("length", steps, step=episode)
    time.sleep(0.6)
    if episode % 20 == 0:
        print(f"episode {episode}: length {steps}, centre value {value[10]:.4f}", flush=True)
with open("outputs/value.txt", "w") as f:
    f.write(" ".join(f"{v:.5f}" for v in value) + "\n")
mlflow.flush_async_logging()
print("400 episodes done", flush=True)
