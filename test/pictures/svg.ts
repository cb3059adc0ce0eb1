/** What every picture has: its frame, its words for those who do not see it, and colours for light and dark. */

export interface Picture {
  title: string;
  /** What is to be seen, for a screen reader. */
  description: string;
  width: number;
  height: number;
  /** The rules of a style sheet. */
  style: string;
  content: string;
}

export const fonts = {
  mono: "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace",
  sans: "system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',Helvetica,Arial,sans-serif",
};

interface Colors {
  paper: string;
  edge: string;
  ink: string;
  faint: string;
  red: string;
  green: string;
  yellow: string;
  blue: string;
  magenta: string;
  cyan: string;
}

const light: Colors = {
  ...{ paper: '#f6f8fa', edge: '#d0d7de', ink: '#1f2328', faint: '#59636e' },
  ...{ red: '#cf222e', green: '#116329', yellow: '#7d4e00', blue: '#0969da', magenta: '#8250df', cyan: '#1b7c83' },
};

const dark: Colors = {
  ...{ paper: '#161b22', edge: '#3d444d', ink: '#e6edf3', faint: '#9198a1' },
  ...{ red: '#ff7b72', green: '#3fb950', yellow: '#d29922', blue: '#58a6ff', magenta: '#bc8cff', cyan: '#39c5cf' },
};

const rulesOf = (colors: Colors) =>
  Object.entries(colors)
    .map(([name, color]) => `.${name}{fill:${color}}`)
    .join('');

/**
 * Makes a whole SVG file. A class named like a colour fills with it: `paper`, `edge`, `ink`, `faint`, `red`, …
 * It has no scripts and calls nothing, so that it moves and shows its colours in an `<img>` too.
 */
export function drawPicture({ title, description, width, height, style, content }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escapeXml(title)}</title>
<desc id="description">${escapeXml(description)}</desc>
<style>${escapeXml(`${rulesOf(light)}@media (prefers-color-scheme:dark){${rulesOf(dark)}}${style}`)}</style>
${content}
</svg>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Makes text what an element or an attribute in double quotes may hold. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}

/** A number as short as a picture needs it. */
export function round(value: number, digits = 1): string {
  return String(Number(value.toFixed(digits)));
}
