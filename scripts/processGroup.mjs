/** A program whose whole family ends with it: what it started, and what those started. For Linux. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * A shell leads the group and waits for the end of its input. The pipe closes when `stop` is called, and also when this
 * process dies in whatever way, be it SIGKILL; then the shell ends everyone in the group, the stubborn after a second.
 */
const leader = '"$@" </dev/null & read -r _; trap "" TERM; kill -s TERM 0; sleep 1; kill -s KILL 0';

/**
 * @param {string} command an executable.
 * @param {string[]} args its arguments.
 * @param {Record<string, string | undefined>} env its environment.
 * @returns the program's file descriptor 3 as a stream (`channel`), its error output so far, and `stop`, which resolves
 *   when the whole group has ended.
 */
export function startGroup(command, args, env = process.env) {
  const group = spawn('sh', ['-c', leader, 'sh', command, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    env,
  });
  const ended = once(group, 'exit');
  let errors = '';
  group.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  return {
    channel: /** @type {import('node:stream').Readable} */ (group.stdio[3]),
    errors: () => errors,
    async stop() {
      group.stdin.end();
      await ended;
    },
  };
}
