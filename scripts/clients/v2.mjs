// The TypeScript SDK v2, as it negotiates by itself: the same conversation.
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { conversation, parse } from './common.mjs';

const { kind, target, headers, mode } = parse();
await conversation(`TypeScript SDK v2 (${mode}), ${kind}`, kind !== 'sse', async (action) => {
  const options = { capabilities: { elicitation: { form: {} } } };
  if (mode === 'auto') options.versionNegotiation = { mode: 'auto' };
  const client = new Client({ name: 'ts-v2', version: '1' }, options);
  client.setRequestHandler('elicitation/create', async () => action === 'accept' ? { action, content: { confirm: 'Web Server 01' } } : { action });
  const transport = kind === 'stdio' ? new StdioClientTransport({ command: target, args: ['--sandbox', '--log-level', 'error'] })
    : kind === 'sse' ? new SSEClientTransport(new URL(target + '/sse'), { requestInit: { headers } })
    : new StreamableHTTPClientTransport(new URL(target + '/mcp'), { requestInit: { headers } });
  await client.connect(transport);
  return client;
});
