/** What Python's XML parser makes of a picture. */

import assert from 'node:assert/strict';
import { findPython } from '../beside/aws-clis.ts';
import { makeHome, run } from '../harness.ts';

export interface Element {
  /** Such as `rect`. */
  tag: string;
  attributes: Record<string, string>;
  text: string;
}

const { env } = makeHome({});
const python = findPython();

const script = `
import json, sys, xml.etree.ElementTree as trees
print(json.dumps([
    {'tag': each.tag.split('}')[1], 'attributes': each.attrib, 'text': each.text or ''}
    for each in trees.fromstring(sys.stdin.buffer.read()).iter()
]))`;

/** Gives all elements in the order in which they begin; what is not well-formed fails. */
export async function readElements(svg: string): Promise<Element[]> {
  const { status, stdout, stderr } = await run((await python) ?? 'python3', ['-c', script], env, svg);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}
