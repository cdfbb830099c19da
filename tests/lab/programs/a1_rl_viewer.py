import glob
import sys
import time

while True:
    time.sleep(300)
    newest = max(glob.glob(sys.argv[1] + "/q_*.json"), default=None)
