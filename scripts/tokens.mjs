// Counts what the published tools cost a model: the tokens (o200k_base) of each
// one's name, description and input schema, by tool and by group.
//
//   node scripts/tokens.mjs bin/vpsnet-mcp            the table
//   node scripts/tokens.mjs bin/vpsnet-mcp --readme   also writes it into the README
//
// The counter is the npm package gpt-tokenizer, put into a scratch folder.
import { execFileSync } from "node:child_process";
import { mkdirSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const version = "4.0.0";
const budget = 110; // tokens a tool, on average
const wireBudget = Math.floor((60 * 1024) / 98); // bytes a tool: 60 KB for the API's 98 functions

const [binary, ...flags] = process.argv.slice(2);
const scratch = join(tmpdir(), `vpsnet-tokens-${version}`);
if (!existsSync(join(scratch, "node_modules", "gpt-tokenizer"))) {
  mkdirSync(scratch, { recursive: true });
  execFileSync("npm", ["install", "--prefix", scratch, "--no-save", "--no-audit", "--no-fund", "--silent", `gpt-tokenizer@${version}`]);
}
const { encode } = createRequire(join(scratch, "x.js"))("gpt-tokenizer/encoding/o200k_base");

// ask gives the list as a client gets it.
const initialize = { jsonrpc: "2.0", id: 0, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "tokens", version: "1" } } };
const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
function ask(...args) {
  const input = `${JSON.stringify(initialize)}\n${JSON.stringify(list)}\n`;
  const out = execFileSync(binary, ["--sandbox", "--log-level", "error", ...args], { input, maxBuffer: 1 << 26, stdio: ["pipe", "pipe", "ignore"] });
  return out.toString().trim().split("\n").map((l) => JSON.parse(l)).find((a) => a.id === 1).result.tools;
}
const cost = (t) => encode(JSON.stringify({ name: t.name, description: t.description, inputSchema: t.inputSchema })).length;
const sum = (list, of) => list.reduce((n, t) => n + of(t), 0);

const all = ask();
const sets = ["servers", "nodes", "ips", "backups", "clouds", "dns", "tickets", "templates", "invoices", "profile", "journal"];
const jobs = ["operate", "dns", "billing", "support"];
const row = (name, list) => `| ${name} | ${list.length} | ${sum(list, cost)} | ${(sum(list, cost) / list.length).toFixed(1)} |`;
const table = [
  "| offered | tools | tokens | a tool |",
  "| --- | --- | --- | --- |",
  row("all", all),
  ...sets.map((s) => row(`\`--toolsets ${s}\``, ask("--toolsets", s))),
  ...jobs.filter((j) => !sets.includes(j)).map((s) => row(`\`--toolsets ${s}\``, ask("--toolsets", s))),
  row("`--surface search`", ask("--surface", "search")),
].join("\n");

if (!flags.includes("--brief")) {
  for (const t of [...all].sort((a, b) => cost(b) - cost(a))) console.log(String(cost(t)).padStart(5), t.name);
  console.log();
}
console.log(table);
const wire = Buffer.byteLength(JSON.stringify(all)) / all.length;
const average = sum(all, cost) / all.length;
console.log(`\n${average.toFixed(1)} tokens a tool (budget ${budget}), ${wire.toFixed(0)} bytes a tool on the wire (budget ${wireBudget}), ${(wire * all.length).toFixed(0)} in all`);

if (flags.includes("--readme")) {
  const text = readFileSync("README.md", "utf8");
  const marked = /(<!-- tokens -->\n)[^]*?(<!-- \/tokens -->)/;
  if (!marked.test(text)) throw new Error("README.md has no place for the table of tokens");
  writeFileSync("README.md", text.replace(marked, (_, open, close) => open + table + "\n" + close));
}
if (average > budget || wire > wireBudget) process.exitCode = 1;
