/**
 * Stands in for the SDK's signing of requests, which costs as much as sending them: no service of this machine checks a signature, but
 * an engine wants one to be there and reads whose it is. The trap: links to objects are checked, so S3's requests are signed in earnest.
 */
import * as signatures from '@smithy/signature-v4';
import { unsigned } from '../aws/json-client.ts';

/** The SDK's way to sign; it is left out of the libraries, because `signing` stands in for it. */
export const SIGNATURES = '@smithy/signature-v4';

type Signer = signatures.SignatureV4;
type Request = Parameters<Signer['presign']>[0];

class Signature extends signatures.SignatureV4 {
  constructor(init: ConstructorParameters<typeof signatures.SignatureV4>[0]) {
    super(init);
    const { service } = init;
    if (service === 's3') return;
    const header = unsigned(service);
    const sign = (request: Request): Promise<Request> => {
      Object.assign(request.headers, header);
      return Promise.resolve(request);
    };
    this.sign = sign as Signer['sign'];
  }
}

/** Stands in the place of `@smithy/signature-v4` among the libraries of the functions. */
export const signing: typeof signatures = { ...signatures, SignatureV4: Signature };
