import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProxy } from '../src/proxy.ts';
import { toConnectError } from '../src/proxy-errors.ts';

const proxy = parseProxy('http://ana:wrong@proxy.example.com:3128', 'HTTPS_PROXY');
const refused = /refused the user and password \(407\)$/;

const offers: [offers: string | string[] | undefined, message: RegExp][] = [
  ['Basic realm="corp"', refused],
  ['Negotiate, Basic realm="corp"', refused],
  ['Digest realm="a, b", nonce="x\\", y", Basic realm="corp"', refused],
  [['Negotiate', 'NTLM', 'basic'], refused],
  [undefined, refused],
  ['Negotiate', /asks for Negotiate, and Basic alone is spoken$/],
  ['Negotiate, NTLM TlRMTVNTUA==', /asks for Negotiate, NTLM, and Basic alone/],
  [['Negotiate', 'NTLM'], /asks for Negotiate, NTLM, and Basic alone/],
  ['Digest realm="Basic, Basic", basic="x", Basic = y', /asks for Digest, and Basic alone/],
];

for (const [offer, message] of offers)
  test(`says what a proxy wants that offers ${offer}`, () => {
    const answer = { statusCode: 407, headers: { 'proxy-authenticate': offer } };
    const error = toConnectError(answer, proxy, 'sts.amazonaws.com', 'the code was not sent');
    assert.match(error.message, message);
    assert.match(error.hint ?? '', /; the code was not sent$/);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /wrong/);
  });
