// What every client does with the server.
export function parse() {
  const [kind, target, token, mode = 'default'] = process.argv.slice(2);
  return { kind, target, mode, headers: token ? { Authorization: `Bearer ${token}` } : {} };
}

export function check(what, ok, seen) {
  if (!ok) {
    console.error(`${what}: FAILED`, seen);
    process.exit(1);
  }
}

export async function conversation(name, asks, connect) {
  for (const action of ['decline', 'accept']) {
    const client = await connect(action);
    const { tools } = await client.listTools();
    check(`${name}: tools/list`, tools.length >= 98, tools.length);
    const before = await client.callTool({ name: 'list_cloud_servers', arguments: {} });
    check(`${name}: read`, !before.isError && before.structuredContent.items.some((s) => s.id === '1384'), before);
    const bad = await client.callTool({ name: 'get_cloud_server', arguments: { server_id: 'web01', wrong: 1 } });
    check(`${name}: bad arguments`, bad.isError && bad.content[0].text.includes('unknown argument'), bad);
    const gone = await client.callTool({ name: 'delete_cloud_server', arguments: { server_id: 'web01' } });
    const text = gone.content[0].text;
    if (!asks) check(`${name}: cannot be asked`, gone.isError && text.includes("needs the person's consent"), text);
    else if (action === 'accept') check(`${name}: accepted delete`, !gone.isError && text.includes('Done'), text);
    else check(`${name}: declined delete`, gone.isError && text.includes('declined'), text);
    await client.close();
  }
  console.log(`${name}: ok`);
}
