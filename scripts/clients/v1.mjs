// The TypeScript SDK v1: a declined and an accepted delete where the client can be
// asked, and the plan where it cannot.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { conversation, parse } from './common.mjs';

const { kind, target, headers } = parse();
await conversation(`TypeScript SDK v1, ${kind}`, kind !== 'sse', async (action) => {
  const client = new Client({ name: 'ts-v1', version: '1' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, async () => action === 'accept' ? { action, content: { confirm: 'Web Server 01' } } : { action });
  const transport = kind === 'stdio' ? new StdioClientTransport({ command: target, args: ['--sandbox', '--log-level', 'error'] })
    : kind === 'sse' ? new SSEClientTransport(new URL(target + '/sse'), { requestInit: { headers }, eventSourceInit: { fetch: (u, i) => fetch(u, { ...i, headers: { ...i?.headers, ...headers } }) } })
    : new StreamableHTTPClientTransport(new URL(target + '/mcp'), { requestInit: { headers } });
  await client.connect(transport);
  return client;
});
