// The plan's app in a small host, in Chromium: real answers, shown and nothing more.
import { chromium } from 'playwright-core';

const [url, token] = process.argv.slice(2);
const shots = process.env.SHOTS;
const ui = 'io.modelcontextprotocol/ui';

function check(what, ok, seen) {
  if (!ok) {
    console.error(`${what}: FAILED`, seen);
    process.exit(1);
  }
}

async function rpc(method, params, name) {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': { extensions: { [ui]: { mimeTypes: ['text/html;profile=mcp-app'] } } },
  };
  const response = await fetch(url + '/mcp', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...(name ? { 'mcp-name': name } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta: meta, ...params } }),
  });
  const text = await response.text();
  return JSON.parse(text.slice(text.indexOf('{'))).result;
}
const call = (name, args) => rpc('tools/call', { name, arguments: args }, name);

const tool = (await rpc('tools/list', {})).tools.find((t) => t.name === 'delete_cloud_server');
const uri = tool._meta.ui.resourceUri;
const html = (await rpc('resources/read', { uri }, uri)).contents[0].text;
const evil = '<img src=x onerror=alert(1)>';
const answers = {
  delete: await call('delete_cloud_server', { server_id: 'web01' }),
  zone: await call('apply_zone', { domain_id: 51, zone: `www 3600 IN A 192.0.2.9\nt 3600 IN TXT "${evil}"\n` }),
};

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const [name, width, scheme] of [['phone', 390, 'dark'], ['desktop', 760, 'light']]) {
  for (const [what, answer] of Object.entries(answers)) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const page = await context.newPage();
    const foreign = [];
    const trouble = [];
    page.on('request', (r) => { if (!/^(about|data):/.test(r.url())) foreign.push(r.url()); });
    page.on('dialog', (d) => { trouble.push(d.message()); d.dismiss(); });
    page.on('pageerror', (e) => trouble.push(String(e)));
    await page.setContent('<!doctype html><iframe id="app" sandbox="allow-scripts" style="border:0;width:100%;height:850px"></iframe>');
    await page.evaluate(([source, result, theme]) => {
      window.came = [];
      addEventListener('message', (e) => {
        const m = e.data, frame = document.getElementById('app').contentWindow;
        window.came.push(m);
        if (m.method === 'ui/initialize') frame.postMessage({ jsonrpc: '2.0', id: m.id, result: { protocolVersion: '2026-01-26', hostInfo: { name: 'h', version: '1' }, hostCapabilities: {}, hostContext: { theme } } }, '*');
        if (m.method === 'ui/notifications/initialized') frame.postMessage({ jsonrpc: '2.0', method: 'ui/notifications/tool-result', params: result }, '*');
        if (m.method === 'ui/open-link') frame.postMessage({ jsonrpc: '2.0', id: m.id, result: {} }, '*');
      });
      document.getElementById('app').srcdoc = source;
    }, [html, answer, scheme]);
    const frame = page.frameLocator('#app');
    await frame.locator('button').click();
    const text = await frame.locator('body').innerText();
    for (const word of what === 'delete' ? ['Web Server 01', 'Lost with it', 'Undo', '/approve/'] : ['192.0.2.9', evil, 'What happens', '/approve/']) check(`app, ${name}, ${what}`, text.includes(word), text);
    const came = await page.evaluate(() => window.came);
    const link = came.find((m) => m.method === 'ui/open-link');
    check(`app, ${name}, ${what}: the link`, link && link.params.url.startsWith(url + '/approve/'), came);
    check(`app, ${name}, ${what}: it calls nothing`, !came.some((m) => m.method && !m.method.startsWith('ui/')), came);
    check(`app, ${name}, ${what}: nothing from elsewhere, nothing run`, foreign.length === 0 && trouble.length === 0, [foreign, trouble]);
    check(`app, ${name}, ${what}: fits`, await frame.locator('html').evaluate((e) => e.scrollWidth <= e.clientWidth));
    if (shots) await page.screenshot({ path: `${shots}/app_${what}_${name}.png` });
    await context.close();
  }
  console.log(`app, ${name}: ok`);
}
await browser.close();
