// Merges event shards by user and writes sessions. node merge_events.js
const fs = require("fs");
const path = require("path");

const out = process.env.AZURE_ML_OUTPUT_sessions;
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const log = (level, message) => console.log(`${level.padEnd(5)} merge-events: ${message}`);

function shard(n) {
  const rows = [];
  for (let i = 0; i < 400; i++) rows.push({ user: (i * 7 + n) % 97, at: i * 13 + n, kind: i % 3 ? "view" : "click" });
  return rows;
}

function main() {
  log("info", "8 shards to merge");
  const sessions = new Map();
  for (let n = 0; n < 8; n++) {
    const rows = shard(n);
    for (const row of rows) sessions.set(row.user, (sessions.get(row.user) || 0) + 1);
    pause(500);
    log("info", `shard ${n} read, ${sessions.size} users`);
  }
  fs.writeFileSync(path.join(out, "sessions.json"), JSON.stringify([...sessions]));
  log("info", "sessions.json written");
}

main();
