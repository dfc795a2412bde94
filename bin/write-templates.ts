/**
 * Writes the stacks' templates in each shape that they can take into a folder, for checkers that read files:
 * `tsx bin/write-templates.ts FOLDER`. The functions stay unbundled.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../lib/config.ts';
import { synthesizeStacks } from '../lib/synthesize.ts';

const MAIL = { sender: 'support@example.com', managers: 'managers@example.com', tier1: 'ts1@example.com' };

const SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  first: {},
  production: { ...MAIL, stage: 'prod', mailDomain: 'desk.example.com', alarmEmail: 'ops@example.com' },
  domain: { ...MAIL, senderIdentity: 'domain' },
  prepared: { ...MAIL, senderIdentity: 'existing', mailDomain: 'desk.example.com', mailRuleSet: 'prepared' },
  edge: { ...MAIL, stage: 'prod', mailDomain: 'desk.example.com', edge: 'on' },
  named: {
    edge: 'on',
    publicUrl: 'https://desk.example.com',
    edgeCertificate: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  },
  issuer: { issuer: 'https://id.example.com/', audience: 'desk', corsOrigins: 'https://desk.example.com' },
};

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say where the templates go: tsx bin/write-templates.ts FOLDER');
mkdirSync(folder, { recursive: true });
for (const [name, settings] of Object.entries(SHAPES)) {
  const templates = synthesizeStacks(readConfig(settings, {}), { skipBundling: true });
  for (const [stack, template] of Object.entries(templates)) {
    writeFileSync(join(folder, `${name}.${stack}.template.json`), JSON.stringify(template, undefined, 1));
  }
}
