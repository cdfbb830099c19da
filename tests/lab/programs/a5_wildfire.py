import json, logging, os, random, sys, time
from runmetrics import Run


class JsonLines(logging.Formatter):
    def format(self, record):
        return json.dumps({"@timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)), "log.level": record.levelname.lower(), "message": record.getMessage(), "service": "fire-spread"})


handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(JsonLines())
log = logging.getLogger()
log.addHandler(handler)
log.setLevel(logging.INFO)
run = Run.get_context()
rng = random.Random(5)
log.info("simulating 600 ignitions")
burnt = 0.0
for ignition in range(1, 601):
    time.sleep(50)
    burnt += rng.paretovariate(1.6)
    if ignition % 10 == 0:
        run.log("hectares", burnt, step=ignition)
        log.info(f"ignition {ignition}/600 burnt {burnt:.0f} ha")
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_spread"], "burnt.json"), "w") as f:
    json.dump({"burnt": burnt}, f)
run.flush()
log.info("simulation complete")
