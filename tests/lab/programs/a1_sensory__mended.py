# Агрегація показів датчиків; стан віддається на порт для моніторингу.
import http.server
import json
import os
import random
import statistics
import threading
import time
from functools import partial

ВИХІД = os.environ["AZURE_ML_OUTPUT_pokazy"]
стан = {"оброблено": 0, "помилок": 0}


class Стан(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        тіло = json.dumps(стан, ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(тіло)))
        self.end_headers()
        self.wfile.write(тіло)

    def log_message(self, *_):
        pass


def підняти_монітор():
    сервер = http.server.HTTPServer(("127.0.0.1", 0), Стан)
    threading.Thread(target=partial(сервер.serve_forever, 0.1), name="monitor").start()
    return сервер


def датчик(номер):
    р = random.Random(номер)
    return [р.gauss(18 + номер % 5, 2.2) for _ in range(288)]


def main():
    сервер = підняти_монітор()
    print("монітор слухає порт", "9108", flush=True)
    підсумки = {}
    for номер in range(1, 26):
        покази = датчик(номер)
        time.sleep(170)
        підсумки[номер] = [round(statistics.mean(покази), 3), round(statistics.pstdev(покази), 3)]
        стан["оброблено"] += 1
        if номер % 5 == 0:
            with open(os.path.join(ВИХІД, f"частина_{номер // 5}.json"), "w") as ф:
                json.dump(підсумки, ф)
            print(f"датчики {номер - 4}-{номер}: записано, помилок {стан['помилок']}", flush=True)
    сервер.shutdown()
    print("усі 25 датчиків оброблено, роботу завершено", flush=True)


main()
