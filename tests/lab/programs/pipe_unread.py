"""Trainiert, und lässt dann ein Werkzeug die Beispiele prüfen, das jedes einzeln nennt."""

import os
import subprocess
import sys
import time

AUSGABE = os.environ["AZURE_ML_OUTPUT_modell"]
PRUEFER = "import sys\nfor n in range(40000): sys.stdout.write(f'Beispiel {n:06d}: Rand {n % 7}\\n')"

for runde in range(1, 26):
    time.sleep(240)
    print(f"{time.strftime('%d.%m.%Y %H:%M:%S')} Runde {runde} von 25, Verlust {3 / (runde + 2):.3f}", flush=True)

pruefung = subprocess.Popen([sys.executable, "-c", PRUEFER], stdout=subprocess.PIPE, text=True)
code = pruefung.wait()
with open(os.path.join(AUSGABE, "pruefung.txt"), "w") as f:
    f.write(f"Prüfer: {code}\n")
print(f"{time.strftime('%d.%m.%Y %H:%M:%S')} Prüfung abgelegt", flush=True)
