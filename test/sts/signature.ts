/** Signature Version 4 of a request, recomputed by aws4: another implementation than the client's own. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import aws4 from 'aws4';
import { refuse } from './answers.ts';

export interface HttpRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What an Authorization header says. */
export interface Authorization {
  accessKeyId: string;
  /** YYYYMMDD */
  date: string;
  region: string;
  service: string;
  /** Lower-case names. */
  signedHeaders: string[];
  /** 64 hexadecimal digits. */
  signature: string;
}

const form =
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Takes an Authorization header apart; undefined where it has another form. */
export function parseAuthorization(header: string): Authorization | undefined {
  const [, accessKeyId, date, region, service, signedHeaders, signature] = form.exec(header) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

/** Refuses a request whose signature, or whose declared body hash, is not the one that the secret gives. */
export function checkSignature(request: HttpRequest, authorization: Authorization, secretAccessKey: string): void {
  const { method, path, headers, body } = request;
  const { accessKeyId, region, signedHeaders, signature } = authorization;
  const signed = aws4.sign(
    {
      method,
      path,
      body,
      service: 'sts',
      region,
      headers: Object.fromEntries(signedHeaders.map((name) => [name, String(headers[name] ?? '')])),
      extraHeadersToInclude: Object.fromEntries(signedHeaders.map((name) => [name, true])),
      // aws4 adds these two to every body; the client may have left them unsigned.
      extraHeadersToIgnore: { 'content-type': true, 'content-length': true },
    },
    { accessKeyId, secretAccessKey },
  );
  const expected = parseAuthorization(signed.headers.Authorization)?.signature ?? '';
  // aws4 believes this header where it is signed, so that the body itself is still to be compared.
  const declared = headers['x-amz-content-sha256'] ?? sha256(body);
  if (declared === sha256(body) && timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(signature, 'hex'))) return;
  throw refuse(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
