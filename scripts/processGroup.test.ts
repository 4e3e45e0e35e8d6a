/** The group of a program, by a grandchild that ignores being asked to end: its connection closes when it is gone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startGroup } from './processGroup.mjs';

/** A program that starts another, which connects to that port. */
function family(port: number): [string, string[]] {
  const grandchild = `process.on('SIGTERM', () => {}); require('net').connect(${port}, '127.0.0.1')`;
  const child = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}])`;
  return [process.execPath, ['-e', child]];
}

async function listen() {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const connection = once(server, 'connection').then(([socket]) => (socket as Socket).on('error', () => {}));
  return { port: (server.address() as AddressInfo).port, connection };
}

test('all that a program started ends when it is stopped', async () => {
  const { port, connection } = await listen();
  const group = startGroup(...family(port));
  const socket = await connection;
  const closed = once(socket, 'close');
  expect(socket.closed).toBe(false);
  await group.stop();
  await closed;
});

test('all that a program started ends when whoever started it is killed', async () => {
  const { port, connection } = await listen();
  const script = `import { startGroup } from ${JSON.stringify(new URL('processGroup.mjs', import.meta.url).href)};
    startGroup(...${JSON.stringify(family(port))});`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const socket = await connection;
  const closed = once(socket, 'close');
  parent.kill('SIGKILL');
  await closed;
});

test('what a program writes to descriptor 3 and to its errors can be read', async () => {
  const group = startGroup('sh', ['-c', 'echo trouble >&2; echo 99 >&3']);
  expect(String(await once(group.channel, 'data'))).toBe('99\n');
  await group.stop();
  expect(group.errors()).toBe('trouble\n');
});
