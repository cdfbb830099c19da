# Vekstmodell for oppdrettslaks
import json
import os
import time

vekt = 0.12
print("starter vekstmodell", flush=True)
kurve = []
for uke in range(60):
    time.sleep(45)
    vekt *= 1.061 - 0.0006 * uke
    kurve.append(round(vekt, 3))
    if uke % 6 == 5:
        print(f"uke {uke + 1}: {vekt:.2f} kg", flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_vekst"], "kurve.json"), "w") as f:
    json.dump(kurve, f)
print("ferdig", flush=True)
