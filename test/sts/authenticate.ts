/** From a request to its caller, or the refusal that AWS would give. */
import { refuse } from './answers.ts';
import { type Authorization, checkSignature, type HttpRequest, parseAuthorization } from './signature.ts';
import { checkDate, checkScope, partitionOf } from './signing-rules.ts';
import { type Caller, findCaller, type World } from './world.ts';

/**
 * Finds out who signed the request.
 *
 * @throws refusals: MissingAuthenticationToken, IncompleteSignature, SignatureDoesNotMatch, InvalidClientTokenId,
 *   ExpiredToken.
 */
export function authenticate(world: World, request: HttpRequest): Caller {
  const authorization = readAuthorization(request);
  checkScope(request, authorization);
  checkDate(String(request.headers['x-amz-date']), world.now());
  const caller = findCaller(world, authorization.accessKeyId);
  // Long-lived keys come without a token; a partition knows nothing of another one's keys.
  const known =
    caller?.session?.sessionToken === request.headers['x-amz-security-token'] &&
    caller?.principal.partition === partitionOf(authorization.region);
  if (!caller || !known) {
    throw refuse('InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  checkSignature(request, authorization, caller.secretAccessKey);
  if (caller.session && caller.session.expiresAt <= world.now()) {
    throw refuse('ExpiredToken', 'The security token included in the request is expired');
  }
  return caller;
}

function readAuthorization({ headers }: HttpRequest): Authorization {
  if (!headers.authorization) throw refuse('MissingAuthenticationToken', 'Request is missing Authentication Token');
  const authorization = parseAuthorization(headers.authorization);
  if (authorization) return authorization;
  const message = "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.";
  throw refuse('IncompleteSignature', message, 400);
}
