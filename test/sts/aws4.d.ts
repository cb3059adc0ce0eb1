/** The part of npm `aws4` 1.13 that the STS double calls; the package ships no types. */
declare module 'aws4' {
  interface Signable {
    method: string;
    path: string;
    body: string;
    service: string;
    region: string;
    headers: Record<string, string>;
    /** Lower-case names that are signed although aws4 would skip them. */
    extraHeadersToInclude: Record<string, true>;
    /** Lower-case names that stay unsigned, unless they are included above. */
    extraHeadersToIgnore: Record<string, true>;
  }
  const aws4: {
    sign(
      request: Signable,
      keys: { accessKeyId: string; secretAccessKey: string },
    ): { headers: Record<string, string> & { Authorization: string } };
  };
  export = aws4;
}
