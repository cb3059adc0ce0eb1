/** From when to when the parts of a moving picture are seen: an animation in CSS for each pair of times. */

import { round } from './svg.ts';

export interface Lifetime {
  /** Milliseconds after the beginning. */
  start: number;
  /** Infinity for what is still there at the end. */
  end: number;
}

/**
 * Collects elements by their lifetimes. Without animations, because the reader wants none or the program knows none,
 * what stays is seen and what goes is not.
 *
 * @param milliseconds how long the picture goes on before it begins again.
 */
export function makeLifetimes(milliseconds: number) {
  const names = new Map<string, string>();
  let keyframes = '';
  let count = 0;

  function percent(time: number): string {
    return `${round((time / milliseconds) * 100, 2)}%`;
  }

  function addKeyframes(prefix: string, frames: string): string {
    count += 1;
    const name = `${prefix}${count}`;
    keyframes += `@keyframes ${name}{${frames}}`;
    return name;
  }

  function nameOf({ start, end }: Lifetime): string {
    const key = `${start} ${end}`;
    const known = names.get(key);
    if (known) return known;
    const frames =
      end === Infinity
        ? `0%{visibility:hidden}${percent(start)}{visibility:visible}`
        : `${percent(start)}{visibility:visible}${percent(end)}{visibility:hidden}`;
    const name = addKeyframes('l', frames);
    names.set(key, name);
    return name;
  }

  return {
    /** Shows elements for a while. Those that go have to stand inside an element that is hidden. */
    wrap(lifetime: Lifetime, elements: string): string {
      if (lifetime.start === 0 && lifetime.end === Infinity) return elements;
      return `<g class="a" style="animation-name:${nameOf(lifetime)}">${elements}</g>`;
    },
    /** Gives the name of an animation that jumps from place to place; each place holds until the next one's time. */
    move(places: { milliseconds: number; x: string; y: string }[]): string {
      const frames = places.map(
        ({ milliseconds, x, y }) => `${percent(milliseconds)}{transform:translate(${x}px,${y}px)}`,
      );
      return addKeyframes('m', frames.join(''));
    },
    /** The rules that let it all move, to be read once everything is drawn. */
    style(): string {
      if (!keyframes) return '';
      return `${keyframes}@media (prefers-reduced-motion:no-preference){.a{animation:${milliseconds}ms step-end infinite}}`;
    },
  };
}

export type Lifetimes = ReturnType<typeof makeLifetimes>;
