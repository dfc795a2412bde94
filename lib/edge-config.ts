/**
 * What an operator's settings make of an edge: whether there is one, what it lets through, and at which name it answers. It knows nothing
 * of how that is built. The trap: settings of an edge that is off are left standing, and must do no harm there.
 */
import { complaint, expected, MOST_REQUESTS, refuse, type Settings } from './settings.ts';

/** What stands in front of the HTTP API and counts what each client sends. */
export interface EdgeConfig {
  /** The most requests that one token may send in five minutes, and all clients at one address. */
  readonly requestsPerClient: number;
  readonly requestsPerAddress: number;
  /** The name of the vendor's own at which it answers, which is that of `publicUrl`. */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
}

/** An office or a customer's network is many people at one address, and what they send counts for it together. */
const CLIENTS_PER_ADDRESS = 5;

const refuseUnfitEdge = ({ requestsPerClient, requestsPerAddress, publicUrl, edgeCertificate }: Settings): void => {
  if (requestsPerAddress !== undefined && requestsPerAddress < requestsPerClient) {
    const why = `given, but one client alone may send ${String(requestsPerClient)}: it must be ${expected.requestsPerAddress}`;
    refuse([complaint('requestsPerAddress', requestsPerAddress, why)]);
  }
  if (publicUrl !== undefined && edgeCertificate === undefined) {
    const why = `given, but the edge answers at publicUrl only with ${expected.edgeCertificate}`;
    refuse([complaint('edgeCertificate', undefined, why)]);
  }
  if (publicUrl === undefined && edgeCertificate !== undefined) {
    const why = `given, but edgeCertificate is for its name: it must be ${expected.publicUrl}`;
    refuse([complaint('publicUrl', undefined, why)]);
  }
};

/** Where it is off nothing else of it is looked at, so that it can be switched off by one key. */
export const edgeOf = (settings: Settings): EdgeConfig | undefined => {
  const { edge, requestsPerClient, requestsPerAddress, publicUrl, edgeCertificate } = settings;
  if (edge === 'off') return undefined;
  refuseUnfitEdge(settings);
  return {
    requestsPerClient,
    requestsPerAddress: requestsPerAddress ?? Math.min(CLIENTS_PER_ADDRESS * requestsPerClient, MOST_REQUESTS),
    ...(publicUrl !== undefined &&
      edgeCertificate !== undefined && {
        domain: { name: new URL(publicUrl).hostname, certificateArn: edgeCertificate },
      }),
  };
};
