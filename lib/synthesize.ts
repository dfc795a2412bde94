/**
 * Builds the stacks' CloudFormation templates in this process, without the CDK's command line and without leaving files behind.
 * The local desk and the tests read the desk from here, so that nothing is described twice. It knows nothing of who reads it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addStacks, newApp } from './app.ts';
import { type DeskConfig, stackName } from './config.ts';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface SynthesizeOptions {
  /** Leaves the handlers unbundled: right for whoever runs them from their source. */
  readonly skipBundling?: boolean;
}

/** Each stack's template by its name. */
export const synthesizeStacks = (
  config: DeskConfig,
  { skipBundling = false }: SynthesizeOptions = {},
): Readonly<Record<string, Template>> => {
  const outdir = mkdtempSync(join(tmpdir(), 'makegood-'));
  try {
    const app = newApp({
      outdir,
      treeMetadata: false,
      // Takes most of a second; the command line and the tests validate the same template.
      builtinCloudFormationValidation: false,
      context: skipBundling ? { 'aws:cdk:bundling-stacks': [] } : {},
    });
    addStacks(app, config);
    return Object.fromEntries(app.synth().stacks.map(({ stackName: name, template }) => [name, template as Template]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

/** The desk's own template. */
export const synthesize = (config: DeskConfig, options: SynthesizeOptions = {}): Template => {
  const template = synthesizeStacks(config, options)[stackName(config)];
  if (template === undefined) throw new Error(`The app has no stack ${stackName(config)}.`);
  return template;
};
