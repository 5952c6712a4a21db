// A person's way through the pages, in Chromium.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const [url, token, owner, other, hook, state] = process.argv.slice(2);
const shots = process.env.SHOTS;

function check(what, ok, seen) {
  if (!ok) {
    console.error(`${what}: FAILED`, seen);
    process.exit(1);
  }
}

async function call(tool, args) {
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
  const response = await fetch(url + '/mcp', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': tool,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { _meta: meta, name: tool, arguments: args } }),
  });
  return response.text();
}

// What a chat gets.
const notices = [];
let told = () => {};
const chat = createServer((request, response) => {
  let body = '';
  request.on('data', (piece) => { body += piece; });
  request.on('end', () => { notices.push(JSON.parse(body)); response.end(); told(); });
}).listen(Number(hook), '127.0.0.1');
async function notice(id) {
  for (;;) {
    const found = notices.find((n) => n.id === id);
    if (found) return found;
    await new Promise((done) => { told = done; });
  }
}

// Chromium in a machine without a network of its own: it must not try to call home.
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const [name, width, height, scheme] of [['phone', 390, 844, 'light'], ['desktop', 1280, 900, 'dark']]) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  const foreign = [];
  const complaints = [];
  page.on('request', (r) => { if (!r.url().startsWith(url) && !r.url().startsWith('data:')) foreign.push(r.url()); });
  page.on('console', (m) => { if (!m.text().includes('status of 4')) complaints.push(m.text()); });
  const shows = async (what, ...words) => {
    const text = await page.textContent('body');
    for (const word of words) check(`${name}, ${what}`, text.includes(word), text);
    check(`${name}, ${what}: fits the width`, await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    if (shots) await page.screenshot({ path: `${shots}/${what.replaceAll(' ', '_')}_${name}.png`, fullPage: true });
  };
  const plan = async (tool, args) => /\/approve\/([a-z0-9]+)/.exec(await call(tool, args))[1];

  await page.goto(url);
  await shows('home', 'sandbox: nothing is real', '/mcp', '/sse', 'claude mcp add', 'Bearer TOKEN', 'httpUrl', 'serverUrl', 'bearer_token_env_var', 'tools');
  const person = name === 'phone' ? owner : other;
  const home = await page.content();
  check(`${name}, home: no secret`, !home.includes(token) && !home.includes(person));

  const label = name === 'phone' ? 'Web Server 01' : 'MySQL Server 01';
  const server = name === 'phone' ? 'web01' : 'mysql01';
  const id = await plan('delete_cloud_server', { server_id: server });
  const came = await notice(id);
  check(`${name}, notice`, came.text.includes(label) && came.link === `${url}/approve/${id}` && came.caller === 'owner', came);
  await page.goto(came.link);
  await page.fill('input[name=token]', 'vpsnet_person_WRONG');
  await page.press('input[name=token]', 'Enter');
  await page.waitForSelector('.wrong');
  await shows('sign in', 'Who are you?', 'This sign-in token is not known.');
  await page.fill('input[name=token]', token);
  await page.press('input[name=token]', 'Enter');
  await page.waitForSelector('.wrong');
  await shows('a token that calls tools', 'This token calls tools.');
  await page.fill('input[name=token]', person);
  await page.press('input[name=token]', 'Enter');
  await page.waitForSelector('.part');
  check(`${name}, plan: its title`, (await page.title()) === `Delete "${label}"?`, await page.title());
  await shows('plan', label, 'Lost with it', 'Undo', 'Downtime', 'To approve, type', 'min');
  await page.fill('input[name=typed]', 'something else');
  await page.press('input[name=typed]', 'Enter');
  await page.waitForSelector('.wrong');
  await shows('wrong name', 'Nothing was decided');
  await page.goto(`${url}/approve`);
  await shows('plans', 'wait', label, 'min left', 'Where you are signed in');
  await page.click(`a:has-text("${label}")`);
  await page.fill('input[name=typed]', label);
  await page.press('input[name=typed]', 'Enter');
  await page.waitForSelector('h1:has-text("Approved")');
  await shows('approved', 'once', 'say: continue');
  await page.goto(`${url}/approve/${id}`);
  await shows('approved already', 'Approved already by', 'Take the approval back');
  check(`${name}: carried out`, (await call('delete_cloud_server', { server_id: server })).includes('Done on account'));
  await page.click('button:has-text("Take the approval back")');
  await page.waitForSelector('h1:has-text("No such plan is waiting")');
  await shows('second click', 'This page does nothing more');
  check(`${name}: one notice`, notices.filter((n) => n.id === id).length === 1, notices);
  check(`${name}: once`, !(await call('delete_cloud_server', { server_id: server })).includes('Done on account'));

  const zone = '@ 86400 IN MX 10 mail\nwww 3600 IN A 192.0.2.9\nshop 3600 IN CNAME www\n';
  await page.goto(`${url}/approve/${await plan('apply_zone', { domain_id: 51, zone })}`);
  await shows('a zone', 'before', 'after', '192.0.2.9');

  const refused = await plan('delete_domain', { domain_id: name === 'phone' ? '51' : '52' });
  await page.goto(`${url}/approve/${refused}`);
  await page.click('button:has-text("Decline")');
  await page.waitForSelector('h1:has-text("Declined")');
  await shows('declined', 'Nothing is done.');
  check(`${name}: declined`, (await call('delete_domain', { domain_id: name === 'phone' ? '51' : '52' })).includes('declined'));

  const late = await plan('delete_ip', { ip_id: '5010' });
  await page.goto(`${url}/approve/${late}`);
  await shows('in time', 'min');
  const file = `${state}/pending/${late}.json`; // the ten minutes pass while the page is open
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file)), expires: new Date(Date.now() - 1000).toISOString() }));
  await page.click('button.yes');
  await page.waitForSelector('h1:has-text("No such plan is waiting")');
  await shows('too late', 'This page does nothing more');
  check(`${name}: too late`, !(await call('delete_ip', { ip_id: '5010' })).includes('Done on account'));

  check(`${name}: nothing from elsewhere`, foreign.length === 0, foreign);
  check(`${name}: nothing to complain of`, complaints.length === 0, complaints);
  await context.close();
  console.log(`pages, ${name}: ok`);
}
await browser.close();
chat.close();
