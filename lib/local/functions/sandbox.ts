/**
 * Evaluates a function's script as Lambda would start it: with a `process` whose environment is the function's alone, and with
 * output that goes to the desk's log, and with the time of the desk's clock. It must not know what an event is. The trap: the script
 * shares this process, so whatever it reaches by another road than its own `process`, `console`, `Date` and `require` is shared with
 * every other function.
 */
import { Console } from 'node:console';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { compileFunction } from 'node:vm';
import { PROJECT_ROOT } from '../project-root.ts';

/** Takes one line of the desk's log, without its line break. */
export type Log = (line: string) => void;

export interface Script {
  readonly code: string;
  /** Stands in stack traces. */
  readonly filename: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
  /** What the script's own `Date` takes for the present, in ms since the epoch; the machine's time where it is absent. */
  readonly now?: (() => number) | undefined;
  /** What `require` finds besides Node's own modules and the machine's packages, by name. */
  readonly libraries?: Readonly<Record<string, unknown>>;
}

/** What a script finds without asking for it. */
const NAMES = ['exports', 'require', 'module', '__filename', '__dirname', 'process', 'console', 'Date'];

const hostRequire = createRequire(import.meta.url);

/** Runs the script and answers its exports. Whatever the script throws on being loaded is passed on. */
export function evaluate({ code, filename, environment, log, now, libraries = {} }: Script): Record<string, unknown> {
  const stdout = lines(log);
  const stderr = lines(log);
  const ownProcess = Object.create(process, {
    env: { value: { ...environment }, writable: true },
    stdout: { value: stdout },
    stderr: { value: stderr },
    emitWarning: {
      value: (warning: string | Error) => {
        log(String(warning));
      },
    },
  }) as typeof process;
  const ownConsole = new Console({ stdout, stderr });
  const shadows = new Map<string, unknown>([
    ['process', ownProcess],
    ['console', ownConsole],
  ]);
  const ownRequire = (name: string): unknown => {
    const builtin = name.replace(/^node:/, '');
    // `require('console')` is asked for its Console class as often as for its methods.
    if (builtin === 'console') return Object.assign(Object.create(ownConsole) as object, { Console });
    return shadows.get(builtin) ?? libraries[name] ?? hostRequire(name);
  };
  const module = { exports: {} as Record<string, unknown> };
  const path = join(PROJECT_ROOT, filename);
  const own = [
    module.exports,
    ownRequire,
    module,
    path,
    PROJECT_ROOT,
    ownProcess,
    ownConsole,
    now ? dateOf(now) : Date,
  ];
  Reflect.apply(compiled(code, path), module.exports, own);
  return module.exports;
}

/** The last code of each file as it was compiled: a process that starts many desks has the same code in all of them, warm after the first. */
const known = new Map<string, { readonly code: string; readonly load: Load }>();
type Load = (...given: readonly unknown[]) => void;

function compiled(code: string, filename: string): Load {
  const former = known.get(filename);
  if (former?.code === code) return former.load;
  const load = compileFunction(code, NAMES, { filename }) as Load;
  known.set(filename, { code, load });
  return load;
}

/** A `Date` whose present is told by `now`. */
function dateOf(now: () => number): DateConstructor {
  return class extends Date {
    static override readonly now = now;
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [now()] : given) as [number]));
    }
  } as DateConstructor;
}

/** A stream that hands whole lines on. */
function lines(log: Log): Writable {
  let rest = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) log(line);
      done();
    },
  });
}
