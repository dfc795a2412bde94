/** A desk in small for `engine.test.ts`: starts an engine, prints where it is, and ends the way it is told to. */
import { startEngine } from '../../lib/local/engine.ts';

const ending = process.argv[2];
const engine = await startEngine({ engine: 'dynoxide' });
process.stdout.write(`${JSON.stringify({ pid: engine.pid, endpoint: engine.endpoint })}\n`);
if (ending === 'throws') {
  setTimeout(() => {
    throw new Error('an error that nobody catches');
  }, 10);
} else if (ending === 'waits') {
  setInterval(() => undefined, 1_000);
}
