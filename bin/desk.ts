/**
 * `npm start`: runs the desk on this machine until it is told to end. Standard output carries one line of JSON when the desk is
 * ready and nothing else, so that a script can wait for it; everything there is to say goes to standard error.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { startDesk } from '../lib/local/desk.ts';
import { seedDemo } from './seed-demo.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const environmentSchema = z.object({
  PORT: port.default(4310),
  /** 2525, or any where that is taken; one that is set must be free. */
  SMTP_PORT: port.optional(),
  SMTP_VERDICTS: z.enum(['pass', 'none']).default('pass'),
  /** Set but empty means not set. */
  DATA_DIR: z.string().optional(),
});

async function main(): Promise<void> {
  // The SDK's warning about this machine's Node is not for who runs the desk; the functions deploy to a newer one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } });
  const { PORT, SMTP_PORT, SMTP_VERDICTS, DATA_DIR: dataDir } = readEnvironment();
  const smtp = { port: SMTP_PORT ?? 2525, orAnyPort: SMTP_PORT === undefined, verdicts: SMTP_VERDICTS };
  const starting = startDesk({
    ...{
      port: PORT,
      smtp,
      environment: process.env,
      log: (line) => process.stderr.write(`${line}\n`),
    },
    ...(dataDir && { dataDir }),
  });
  const end = () => void starting.then((desk) => desk.stop()).finally(() => process.exit(0));
  process.once('SIGTERM', end).once('SIGINT', end);
  endWithNpm(end);
  const desk = await starting;
  // At once: what is under way could only fail, and a desk can be ended at any moment.
  void desk.broken.then(giveUp);
  if (values.demo) await seedDemo(desk);
  process.stdout.write(`${JSON.stringify({ ready: true, url: desk.url, smtp: desk.smtp })}\n`);
}

/** An npm that is killed can't tell the desk that it started; then this process gets another parent. */
function endWithNpm(end: () => void): void {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 500).unref();
}

function readEnvironment(): z.infer<typeof environmentSchema> {
  const parsed = environmentSchema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new Error(`The environment is wrong: ${z.prettifyError(parsed.error)}`);
}

function giveUp(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(giveUp);
