/**
 * The next release of the desk: functions and a state machine that say a little more to each other than the last one did, as releases
 * may. What runs meanwhile follows the definition that it was started with and meets the new functions. The trap: what is put in must be
 * found in what was bundled, or the release is the old one.
 */
import type { Prepared } from '../../lib/local/prepare.ts';

const replaced = (text: string, what: string, by: string): string => {
  if (!text.includes(what)) throw new Error(`This release has no ${what} to change.`);
  return text.replaceAll(what, by);
};

/** The functions' answers and the clock's requests carry one more field. */
export const nextRelease = ({ template, bundles, claims }: Prepared, release: number): Prepared => {
  const number = String(release + 1);
  const definition = JSON.stringify(template);
  const [settle, dispatch] = ['lambdas/handlers/settle.lambda.ts', 'lambdas/handlers/dispatch.lambda.ts'];
  const scripts = { ...bundles.scripts };
  for (const entry of [settle, dispatch]) {
    scripts[entry] = replaced(scripts[entry] ?? '', 'schema: 1,', `schema: 1, release: ${number},`);
  }
  return {
    template: JSON.parse(
      replaced(definition, '\\"schema\\":1,\\"ticketId\\"', `\\"schema\\":1,\\"release\\":${number},\\"ticketId\\"`),
    ),
    bundles: { ...bundles, scripts },
    claims,
  };
};
