// Gazette: dédoublonnage + index of council minutes, one file per borough.
const fs = require("fs");
const path = require("path");
const { execFileSync } = require("child_process");

const out = process.env.AZURE_ML_OUTPUT_minutes;
const boroughs = ["Camden", "Hackney", "Lambeth", "Newham", "Sutton", "Barnet", "Merton", "Brent"];
const wait = (s) => execFileSync("sleep", [String(s)]);

function minutes(name, i) {
  const n = 40 + 13 * i;
  return Array.from({ length: n }, (_, k) => ({
    id: `${name}-${k}`,
    heading: k % 17 === 9 && name === "Sutton" ? undefined : `Item ${k}: motion on kerb ${k * 7}`,
  }));
}

async function index(name, i) {
  const rows = minutes(name, i);
  wait(420);
  const seen = new Map();
  for (const row of rows) seen.set((row.heading ?? row.id).toLowerCase(), row.id);
  fs.writeFileSync(path.join(out, `${name}.json`), JSON.stringify([...seen]));
  console.log(`[index] ${name}: ${rows.length} items, ${seen.size} distinct`);
}

(async () => {
  console.log("(node) DeprecationWarning: punycode is deprecated, ignore");
  const jobs = [];
  for (const [i, b] of boroughs.entries()) jobs.push(index(b, i));
  await Promise.all(jobs);
  fs.writeFileSync(path.join(out, "_boroughs.json"), JSON.stringify({ boroughs, built: "ok" }));
  console.log("[index] done, boroughs:", boroughs.join(", "));
})();
