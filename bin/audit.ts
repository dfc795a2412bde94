/**
 * `npm run audit`: asks the registry for known weaknesses of what the product ships, and fails on any. Some registries, such as mirrors
 * inside a company, do not answer that question: then nothing was checked, which is said clearly and fails nothing.
 */
import { spawnSync } from 'node:child_process';
import * as z from 'zod';

const NOT_THERE = [404, 405, 501];

const reportSchema = z.object({
  metadata: z.object({ vulnerabilities: z.object({ total: z.number() }).loose(), dependencies: z.unknown() }).loose(),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() }).loose()),
});
const refusalSchema = z.object({ statusCode: z.number(), uri: z.string().optional() }).loose();

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const answerOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const answer = answerOf(stdout);
const report = reportSchema.safeParse(answer);
const refusal = refusalSchema.safeParse(answer);

if (report.success) {
  const { total } = report.data.metadata.vulnerabilities;
  for (const [name, { severity }] of Object.entries(report.data.vulnerabilities)) say(`${severity}: ${name}`);
  say(`npm audit: ${total === 0 ? 'no known weakness in what is shipped' : `${String(total)} known weaknesses`}.`);
  process.exitCode = total === 0 ? 0 : 1;
} else if (refusal.success && NOT_THERE.includes(refusal.data.statusCode)) {
  say(`NOT CHECKED: this registry has no audit endpoint (it answered ${String(refusal.data.statusCode)}).`);
  say('Run `npm audit --omit=dev` against a registry that has one before a release.');
} else {
  say(`npm audit failed: ${stdout.slice(0, 1000)}${stderr.slice(0, 1000)}`);
  process.exitCode = 1;
}
