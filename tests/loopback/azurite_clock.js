// Gives a request to Azurite a clock of its own, so that a blob can be as old as its scenario says.
//
// Loaded with `node -r`. A request with the header `x-loopback-clock: <epoch ms>` sees that moment wherever
// Azurite asks for the time; every other request, and everything outside of requests, sees the real one.
"use strict";
const { AsyncLocalStorage } = require("node:async_hooks");
const http = require("node:http");
const https = require("node:https");

const clock = new AsyncLocalStorage();
const RealDate = Date;

class ScenarioDate extends RealDate {
  constructor(...given) {
    const at = given.length === 0 ? clock.getStore() : undefined;
    if (at === undefined) super(...given);
    else super(at);
  }

  static now() {
    return clock.getStore() ?? RealDate.now();
  }
}

globalThis.Date = ScenarioDate;

for (const Server of [http.Server, https.Server]) {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (event, ...given) {
    const asked = event === "request" ? given[0].headers["x-loopback-clock"] : undefined;
    if (asked === undefined) return emit.call(this, event, ...given);
    return clock.run(Number(asked), () => emit.call(this, event, ...given));
  };
}

// Whoever started this holds the other end; when it is gone, nobody needs the blobs any more.
process.stdin.on("end", () => process.exit(0)).resume();
