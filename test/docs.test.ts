import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../scripts/environment.ts';

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

/** Every file and folder of the project, relative to its root. */
const files = new Set(
  readdirSync(projectRoot, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', '.git', '.data'].includes(name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? [
            entry.name,
            ...readdirSync(path.join(projectRoot, entry.name), { recursive: true }).map(
              (file) => `${entry.name}/${file}`,
            ),
          ]
        : [entry.name],
    )
    .filter((file) => !file.includes('node_modules')),
);
const folders = [...files].filter((file) => !file.includes('/') && !path.extname(file));
const fileNames = new Set([...files].map((file) => path.basename(file)));

const pages = [...files].filter((file) => /^(docs\/.*|[A-Z]+|client\/README)\.md$/.test(file));

/** The anchors that a page's headings have. */
function anchors(page: string): string[] {
  const headings = read(page).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

/** Words in `code` that name a file of this project: a path from its root, or a file's name alone. */
function namedFiles(page: string): string[] {
  const withoutBlocks = read(page).replaceAll(/^```.*?^```/gms, '');
  return [...withoutBlocks.matchAll(/`([^`\s]+)`/g)]
    .map(([, word = '']) => word.replace(/^\.\//, '').replace(/\/$/, ''))
    .filter((word) => !/[<>{}*…=:]/.test(word))
    .filter((word) => folders.includes(word.split('/')[0] ?? '') || /^[\w.-]+\.(ts|mjs|lua|yml)$/.test(word));
}

function exists(word: string): boolean {
  return word.includes('/') || folders.includes(word) ? files.has(word) : fileNames.has(word);
}

describe.each(pages)('%s', (page) => {
  test('links to pages and headings that exist', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, file = '', anchor]) => {
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(projectRoot, target))) return true;
      return anchor !== undefined && !anchors(target).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test('names files that exist', () => {
    expect(namedFiles(page).filter((word) => !exists(word))).toEqual([]);
  });
});

test.each(pages.filter((page) => /^docs\/decisions\/\d/.test(page)))(
  '%s has its number, its date, its reason, what was refused and its cost',
  (page) => {
    const number = Number(/\d{4}/.exec(page)?.[0]);
    const text = read(page);
    expect(text).toMatch(new RegExp(`^# ${number}\\. .+\n\n\\*Accepted, 20\\d\\d-\\d\\d-\\d\\d\\.\\*\n`));
    for (const part of ['Why', 'Refused', 'Cost']) expect(text).toContain(`\n**${part}.** `);
  },
);

test('README.md has fewer than 200 lines, and links every page of docs/', () => {
  const readme = read('README.md');
  expect(readme.split('\n').length).toBeLessThan(200);
  const unlinked = pages.filter((page) => /^docs\/[\w-]+\.md$/.test(page) && !readme.includes(`](${page})`));
  expect(unlinked).toEqual([]);
});
