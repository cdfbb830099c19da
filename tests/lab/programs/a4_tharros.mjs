// Ημερήσια αναφορά επισκεπτών μουσείων
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const out = process.env.AZURE_ML_OUTPUT_anafora;
const museums = ["Ακρόπολης", "Κυκλαδικής Τέχνης", "Μπενάκη", "Δελφών", "Ηρακλείου", "Θεσσαλονίκης"];
process.emitWarning("The `punycode` module is deprecated. Please use a userland alternative instead.", "DeprecationWarning", "DEP0040");
process.emitWarning("The fs.promises API is experimental and might change at any time", "ExperimentalWarning");

async function visits(name, attempt = 1) {
  await wait(350);
  if (name === "Δελφών" && attempt < 3) {
    console.error(`✖ ${name}: ECONNRESET (προσπάθεια ${attempt}/5)`);
    return visits(name, attempt + 1);
  }
  return Array.from({ length: 24 }, (_, hour) => (hour < 9 || hour > 19 ? 0 : (name.length * 37 + hour * 53) % 210));
}

const rows = [];
for (const name of museums) {
  const hours = await visits(name);
  rows.push({ museum: name, total: hours.reduce((a, b) => a + b, 0), hours });
  console.log(`✔ ${name}: ${rows.at(-1).total} επισκέπτες, 0 σφάλματα`);
}
fs.writeFileSync(path.join(out, "anafora.json"), JSON.stringify(rows, null, 1));
fs.writeFileSync(path.join(out, "anafora.html"), "<table>" + rows.map((r) => `<tr><td>${r.museum}<td>${r.total}`).join("") + "</table>\n");
console.log(`anafora.json, anafora.html: ${rows.length} μουσεία`);
