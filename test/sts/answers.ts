/** Answers in AWS's query protocol: XML with a result, or with one error. */
import { randomUUID } from 'node:crypto';
import type { StsSession } from './world.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** `OK`, or the error's code. */
  outcome: string;
}

/** Elements by name, in the order in which they are written. */
export interface Fields {
  [element: string]: string | number | Fields;
}

/** What an action throws to refuse a call. */
export interface Refusal extends Error {
  code: string;
  status: number;
}

/** Builds the error that becomes an ErrorResponse; 403 unless another HTTP status is given. */
export function refuse(code: string, message: string, status = 403): Refusal {
  return Object.assign(new Error(message), { code, status });
}

/** Tells a refusal from a bug in the double. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'code' in error && 'status' in error;
}

/** Writes `<ActionResponse><ActionResult>…`, status 200. */
export function success(action: string, result: Fields): Answer {
  const requestId = randomUUID();
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return answer(200, `${action}Response`, content, requestId, 'OK');
}

/** Writes `<ErrorResponse>`; below 500 the sender is to blame. */
export function failure({ code, status, message }: Refusal): Answer {
  const requestId = randomUUID();
  const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
  return answer(status, 'ErrorResponse', { Error: error, RequestId: requestId }, requestId, code);
}

/** Lists a session as the `Credentials` of a result; the time as AWS writes it, `2026-11-24T16:00:00Z`. */
export function credentialsOf({ accessKeyId, secretAccessKey, sessionToken, expiresAt }: StsSession): Fields {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiresAt.toISOString().replace(/\.\d+/, ''),
  };
}

function answer(status: number, root: string, content: Fields, requestId: string, outcome: string): Answer {
  const body = `<${root} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n${toXml(content, '  ')}</${root}>\n`;
  return { status, headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId }, body, outcome };
}

function toXml(fields: Fields, indent: string): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const content =
        typeof value === 'object' ? `\n${toXml(value, `${indent}  `)}${indent}` : escapeXml(String(value));
      return `${indent}<${name}>${content}</${name}>\n`;
    })
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
