/**
 * The bus on which the desk announces what happened to its tickets. A vendor adds consumers as rules of their own; nothing of
 * the desk depends on them.
 */
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { DeskConfig } from './config.ts';

export class DeskBus extends EventBus {
  constructor(scope: Construct, id: string, { config }: { config: DeskConfig }) {
    super(scope, id, { eventBusName: `makegood-${config.stage}`, description: "What happens to the desk's tickets." });
  }
}
