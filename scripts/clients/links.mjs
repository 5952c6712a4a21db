// The TypeScript SDKs as clients that open a page for their person (URL
// elicitation): the page decides, and what the client answers is never the yes.
import { Client as V1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Client as V2, StreamableHTTPClientTransport as V2Transport } from '@modelcontextprotocol/client';
import { check } from './common.mjs';

const [url, token, person, sdk, mode] = process.argv.slice(2);

// The person signs in on the page and answers there.
async function decide(link, decision) {
  let page = await fetch(link);
  check('the page asks who it is', (await page.text()).includes('Your sign-in token'), link);
  const form = (fields, cookie = '') => ({ method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams(fields) });
  const signed = await fetch(url + '/signin', form({ token: person, next: new URL(link).pathname }));
  const cookie = signed.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  page = await (await fetch(link, { headers: { cookie } })).text();
  const hidden = Object.fromEntries([...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map((m) => [m[1], m[2]]));
  const answer = await fetch(link, form({ ...hidden, answer: decision }, cookie));
  check(`the page: ${decision}`, answer.status < 400, await answer.text());
}

// connect gives a client that opens links for its person.
async function connect(asked) {
  const options = { capabilities: { elicitation: { url: {} } }, ...(mode === 'auto' && { versionNegotiation: { mode } }) };
  const client = sdk === 'v1' ? new V1({ name: 'ts-v1', version: '1' }, options) : new V2({ name: 'ts-v2', version: '1' }, options);
  client.setRequestHandler(sdk === 'v1' ? ElicitRequestSchema : 'elicitation/create', (request) => asked(request.params));
  const Transport = sdk === 'v1' ? V1Transport : V2Transport;
  await client.connect(new Transport(new URL(url + '/mcp'), { requestInit: { headers: { Authorization: `Bearer ${token}` } } }));
  return client;
}

const name = `TypeScript SDK ${sdk} (${mode}), links`;
for (const [decision, tool, args] of [['no', 'delete_domain', { domain_id: '51' }], ['yes', 'reboot_cloud_server', { server_id: 'web01' }]]) {
  const questions = [];
  const client = await connect(async (params) => {
    questions.push(params);
    await decide(params.url, decision);
    return { action: 'accept' };
  });
  const result = await client.callTool({ name: tool, arguments: args });
  const text = result.content[0].text;
  check(`${name}, ${decision}: asked once, by a link`, questions.length === 1 && questions[0].mode === 'url' && questions[0].url.startsWith(`${url}/approve/`), { questions, text });
  check(`${name}: the link has no secret`, !questions[0].url.includes(token) && !questions[0].url.includes(person), questions[0].url);
  if (decision === 'yes') check(`${name}: approved on the page`, !result.isError && text.includes('Done'), text);
  else check(`${name}: declined on the page`, result.isError && text.includes('declined'), text);
  await client.close();
}
console.log(`${name}: ok`);
