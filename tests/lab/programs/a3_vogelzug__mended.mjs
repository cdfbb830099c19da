// Vogeltrek: radarbeelden per nacht samenvatten
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";

const uit = process.env.AZURE_ML_OUTPUT_trek;
const wacht = (s) => execFileSync("sleep", [String(s)]);
const hartslag = { slagen: 0 };

function begin() {
  hartslag.klok = setInterval(() => { hartslag.slagen += 1; }, 250);
  console.log("radar: De Bilt, Den Helder, Herwijnen");
}

function nacht(n) {
  wacht(260);
  const vogels = Array.from({ length: 24 }, (_, u) => ({ uur: u, mtr: (n * 37 + u * 11) % 900 }));
  fs.writeFileSync(path.join(uit, `nacht_${String(n).padStart(2, "0")}.json`), JSON.stringify(vogels));
  console.log(`nacht ${n}/14: ${vogels.reduce((s, v) => s + v.mtr, 0)} trekkers`);
}

begin();
for (let n = 1; n <= 14; n++) nacht(n);
fs.writeFileSync(path.join(uit, "seizoen.json"), JSON.stringify({ nachten: 14, slagen: hartslag.slagen }));
clearInterval(hartslag.klok);
console.log("seizoen weggeschreven");
