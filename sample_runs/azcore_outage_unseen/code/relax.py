"""Relaxes a heat equation on a grid and follows the residual."""

import time

from azureml.core import Run

run = Run.get_context()
n = 24
grid = [[0.0] * n for _ in range(n)]
grid[0] = [100.0] * n
for iteration in range(1, 201):
    change = 0.0
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            new = (grid[i - 1][j] + grid[i + 1][j] + grid[i][j - 1] + grid[i][j + 1]) / 4
            change = max(change, abs(new - grid[i][j]))
            grid[i][j] = new
    run.log("residual", change, step=iteration)
    time.sleep(1.2)
    if iteration % 10 == 0:
        print(f"iteration {iteration}: residual {change:.5f}", flush=True)
with open("outputs/grid.txt", "w") as f:
    f.writelines(" ".join(f"{v:.2f}" for v in row) + "\n" for row in grid)
print("relaxed after 200 iterations", flush=True)
