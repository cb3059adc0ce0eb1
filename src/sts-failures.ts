/** What keeps a call from STS, or STS from answering, in the user's words: failing servers, answers of others, the network. */

import {
  answerTooLongCode,
  certificateAdvice,
  codeOf,
  isCertificateError,
  isTlsError,
  neverConnected,
  noTls,
  tlsAdvice,
} from './network-errors.ts';
import { isOfAws, isThrottled, messageOf, nameOf, statusOf } from './sts-error-kinds.ts';
import { type Call, nextCode, outside, type Words } from './sts-words.ts';
import { bareUrl } from './visible.ts';

/** What was answered, where it is no refusal with words of its own. */
export function ofServer(error: unknown, call: Call): Words | undefined {
  const status = statusOf(error);
  if (isThrottled(error)) return { message: 'aws sts is asked too often (throttled)', hint: 'try again in a minute' };
  if (status >= 500) {
    return {
      message: `${bareUrl(call.endpoint)} failed with status ${status}`,
      hint: call.mfa ? `try again; ${nextCode}` : 'try again',
    };
  }
  if (status >= 300 && status < 400) {
    const message = `${bareUrl(call.endpoint)} sends elsewhere (status ${status}), which aws sts never does`;
    return { ...ofAnother('', call), message };
  }
  if (status >= 400 && isOfAws(error)) {
    return {
      message: `aws refused: ${outside(`${nameOf(error)}: ${messageOf(error)}`, call)}`,
      hint: 'ask whoever manages the account',
    };
  }
  return status >= 200 ? ofAnother(` (status ${status})`, call) : undefined;
}

/** An answer of somebody else's. */
function ofAnother(what: string, call: Call): Words {
  return {
    message: `what answered at ${bareUrl(call.endpoint)} is not aws sts${what}`,
    hint: `does a hotel, a proxy or a VPN stand in between?${call.mfa ? ` the code may be spent: ${nextCode}` : ''}`,
  };
}

/** What became of the connection. */
export function ofNetwork(error: unknown, call: Call, isConnected: boolean): Words {
  const { proxy, caBundle } = call.route;
  const host = bareUrl(call.endpoint) + (proxy ? `, through the proxy ${bareUrl(proxy.url)},` : '');
  const code = codeOf(error);
  const ofCode = isConnected ? `the code may be spent: ${nextCode}` : 'the code was not sent';
  const fate = call.mfa ? ofCode : 'try again';
  if (isCertificateError(code)) {
    const hint = `${certificateAdvice(caBundle, code)} ${fate}`;
    return { message: `the certificate of ${host} is not to be trusted: ${code}`, hint };
  }
  if (isTlsError(code)) return { message: `${host} ${noTls} (${code})`, hint: `${tlsAdvice} ${fate}` };
  if (code === answerTooLongCode) return ofAnother(': its answer is too long', call);
  if (/^HPE_/.test(code)) return ofAnother(`: its answer is no http (${code})`, call);
  const how = neverConnected[code];
  if (how || !isConnected) {
    const unreached = how ?? `cannot be reached${code ? ` (${code})` : ''}`;
    return { message: `${host} ${unreached}`, hint: `check the network; ${fate}` };
  }
  const isSilent = ['AbortError', 'TimeoutError'].includes(nameOf(error));
  const lost = isSilent ? 'did not answer within 30 s' : `broke the connection${code ? ` (${code})` : ''}`;
  return { message: `${host} ${lost}`, hint: fate };
}
