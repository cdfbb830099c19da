import sys
import time

rows = sum(1 for _ in open(sys.argv[1]))
time.sleep(60)
if sys.argv[2] == "1":
    print("index not ready: Connection refused", file=sys.stderr)
    sys.exit(1)
print(f"index agrees: {rows} rows")
