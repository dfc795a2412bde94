/**
 * A real mail server for the desk's domain: whatever program can send mail can send it here. It must not know what becomes of a mail.
 * The trap: a mail from this machine brings no evidence of who sent it, so its verdicts are a setting and nothing that was found.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Arrival } from './receive.ts';

/** `pass`: every mail is taken for what it says, as suits one's own machine. `none`: nothing was found, as where no check ran. */
export type SmtpVerdicts = 'pass' | 'none';

export interface SmtpOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the port is taken, any other will do. */
  readonly orAnyPort?: boolean;
  readonly verdicts: SmtpVerdicts;
  /** Whether the desk takes mail for an address. */
  readonly takes: (recipient: string) => boolean;
  /** Keeps a mail for all of its recipients, to be worked on later. Answers its id. */
  readonly accept: (arrival: Arrival) => string;
  readonly onError: (error: unknown) => void;
}

export interface SmtpListener {
  /** Host and port. */
  readonly address: string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** What SES takes in. */
const LARGEST_MESSAGE_BYTES = 40 * 1024 * 1024;
/** As SES: a transaction names so many recipients. */
const MOST_RECIPIENTS = 100;
const MOST_CLIENTS = 50;
/** A connection that only waits must not hold up the desk's end. */
const CLOSE_MS = 500;

/** Rejects when the port is taken and no other will do, with a message that says what to do. */
export async function startSmtp(options: SmtpOptions): Promise<SmtpListener> {
  const server = new SMTPServer({
    ...{ name: 'makegood.localhost', banner: 'local desk', size: LARGEST_MESSAGE_BYTES, maxClients: MOST_CLIENTS },
    ...{ maxRecipients: MOST_RECIPIENTS, closeTimeout: CLOSE_MS, disableReverseLookup: true },
    // Nobody on this machine has a password here, and nothing leaves it that would need a cipher.
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      done(options.takes(address) ? null : new Refusal(550, '5.1.1 The desk takes no mail for this address'));
    },
    onData: (stream, session, done) => {
      receive(stream, session, options).then(
        (id) => {
          done(null, `OK ${id}`);
        },
        (error: unknown) => {
          if (!(error instanceof Refusal)) options.onError(error);
          done(error instanceof Refusal ? error : new Refusal(451, '4.3.0 The desk failed; send it again'));
        },
      );
    },
  });
  await listen(server, options.port).catch((error: unknown) => {
    if (!options.orAnyPort || !(error instanceof PortTaken)) throw error;
    return listen(server, 0);
  });
  server.on('error', options.onError);
  const { port } = server.server.address() as AddressInfo;
  return { address: `${HOST}:${port}`, stop: () => close(server) };
}

class PortTaken extends Error {
  constructor(port: number, options: ErrorOptions) {
    super(`Port ${port} is in use by another program. Set SMTP_PORT to a free one, or to 0 for any.`, options);
  }
}

/** An error with the code of its SMTP reply, under the name that the server looks for. */
class Refusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

function listen(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port, { cause: error }) : error);
    });
    server.listen(port, HOST, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function close(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(resolve);
  });
}

const PASS = { spf: 'PASS', dkim: 'PASS', dmarc: 'PASS', spam: 'PASS', virus: 'PASS' } as const;

/** Reads a message to its end, also one that is too large: its sender must be able to see why it is refused. */
async function receive(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  { accept, verdicts }: SmtpOptions,
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) {
    throw new Refusal(552, `5.3.4 A mail may have ${LARGEST_MESSAGE_BYTES / 1024 / 1024} MB`);
  }
  return accept({
    raw: Buffer.concat(chunks).toString('latin1'),
    encoding: 'latin1',
    envelope: {
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      recipients: envelope.rcptTo.map(({ address }) => address),
    },
    verdicts: verdicts === 'pass' ? PASS : {},
  });
}
