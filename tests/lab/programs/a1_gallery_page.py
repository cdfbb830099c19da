import os
import sys
import time

folder = sys.argv[1]
seen = None
while True:
    names = sorted(n for n in os.listdir(folder) if n.endswith(".pgm"))
    if names != seen:
        page = "<html><body>" + "".join(f'<img src="{n}">' for n in names) + "</body></html>\n"
        with open("gallery.html", "w") as f:
            f.write(page)
        seen = names
    time.sleep(60)
