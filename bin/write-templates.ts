/**
 * Writes the stack's template in each shape that it can take into a folder, for checkers that read files:
 * `tsx bin/write-templates.ts FOLDER`. The functions stay unbundled.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../lib/config.ts';
import { synthesize } from '../lib/synthesize.ts';

const MAIL = { sender: 'support@example.com', managers: 'managers@example.com', tier1: 'ts1@example.com' };

const SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  first: {},
  production: { ...MAIL, stage: 'prod', mailDomain: 'desk.example.com', alarmEmail: 'ops@example.com' },
  domain: { ...MAIL, senderIdentity: 'domain' },
  prepared: { ...MAIL, senderIdentity: 'existing', mailDomain: 'desk.example.com', mailRuleSet: 'prepared' },
  issuer: { issuer: 'https://id.example.com/', audience: 'desk', corsOrigins: 'https://desk.example.com' },
};

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say where the templates go: tsx bin/write-templates.ts FOLDER');
mkdirSync(folder, { recursive: true });
for (const [name, settings] of Object.entries(SHAPES)) {
  const template = synthesize(readConfig(settings, {}), { skipBundling: true });
  writeFileSync(join(folder, `${name}.template.json`), JSON.stringify(template, undefined, 1));
}
