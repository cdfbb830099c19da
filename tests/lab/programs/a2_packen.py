"""Packt die Messreihen eines Monats; der letzte Schritt ist das Archiv und dauert."""
import hashlib
import os
import subprocess
import sys
import time

print("Messreihen werden gelesen", flush=True)
for tag in range(1, 31):
    time.sleep(30)
    if tag % 10 == 0:
        print(f"bis Tag {tag} gelesen", flush=True)
print("Archiv wird gepackt (Stufe 9, erfahrungsgemäß 4 bis 5 Stunden)", flush=True)
subprocess.run([sys.executable, "archiv.py", os.path.join(os.environ["AZURE_ML_OUTPUT_archiv"], "november.tar.z")], check=True)
print("Archiv fertig", flush=True)
