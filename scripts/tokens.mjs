import { readFileSync, writeFileSync } from "node:fs";
import { encode } from "gpt-tokenizer/encoding/o200k_base";

const words = JSON.parse(readFileSync("words.json", "utf8"));
const count = (text) => encode(text).length;
const seen = (t) => count(JSON.stringify({ name: t.name, description: t.description, input_schema: t.inputSchema }));
const bounds = { "all tools": 115, "--surface search": 1200 }; // a tool on average; in all
const answer = 6000; // tokens of one
const wire = 640; // bytes of a tool on average, with its title and hints
let over = false;

const table = ["| offered | tools | tokens | a tool |", "| --- | --- | --- | --- |"];
for (const [name, tools] of Object.entries(words).filter(([, v]) => Array.isArray(v))) {
  const sum = tools.reduce((n, t) => n + seen(t), 0);
  const each = sum / tools.length;
  table.push(`| ${name} | ${tools.length} | ${sum} | ${each.toFixed(1)} |`);
  if (name === "all tools") over ||= each > bounds[name] || Buffer.byteLength(JSON.stringify(tools)) > wire * tools.length;
  if (name === "--surface search") over ||= sum > bounds[name];
  if (name.startsWith("--toolsets")) over ||= tools.length >= 40;
}
console.log(table.join("\n"));
for (const page of ["README.md", "docs/tools.md"].map((name) => `${process.env.ROOT}/${name}`)) {
  const text = readFileSync(page, "utf8");
  const place = /(<!-- tokens -->\n)[^]*?(<!-- \/tokens -->)/;
  if (!place.test(text)) throw new Error(`${page} has no place for the table of tokens`);
  const fresh = text.replace(place, (_, open, close) => open + table.join("\n") + "\n" + close);
  if (process.env.UPDATE) writeFileSync(page, fresh);
  else if (fresh !== text) {
    console.error(`${page} shows other figures: make tokens writes them`);
    over = true;
  }
}

console.log("\n| answer, 500 servers | tokens |\n| --- | --- |");
for (const [name, text] of Object.entries(words).filter(([, v]) => typeof v === "string")) {
  console.log(`| ${name} | ${count(text)} |`);
  over ||= count(text) > answer;
}
console.log("\nbytes of the whole list:", Buffer.byteLength(JSON.stringify(words["all tools"])));
if (over) {
  console.error("a bound is passed, or a page is stale");
  process.exit(1);
}
