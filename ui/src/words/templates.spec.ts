import { readdirSync, readFileSync } from 'node:fs';
import { type AST, parse } from 'svelte/compiler';
import { expect, it } from 'vitest';

const HERE = new URL('..', import.meta.url);
const COMPONENTS = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.svelte'),
);

/** Attributes that a person sees or hears. */
const SAID = new Set(['alt', 'aria-label', 'aria-valuetext', 'label', 'placeholder', 'title']);

type Node = AST.SvelteNode & { readonly type: string };

/** Letters that stand in a template itself, and so in one language only. */
function literals(node: Node, under: string | null): string[] {
  if (node.type === 'Text') {
    const { data } = node as AST.Text;
    const seen = under === null || SAID.has(under);
    return seen && /\p{L}/u.test(data) ? [data.trim()] : [];
  }
  const attribute = node.type === 'Attribute' ? (node as AST.Attribute).name : under;
  return Object.values(node)
    .flat()
    .filter((inner): inner is Node => typeof inner?.type === 'string')
    .flatMap((inner) => literals(inner, attribute));
}

it('every component is looked at', () => {
  expect(COMPONENTS.length).toBeGreaterThan(25);
});

it.each(COMPONENTS)('%s takes its words from the catalogue', (file) => {
  const { fragment } = parse(readFileSync(new URL(file, HERE), 'utf8'), { modern: true });
  expect(literals(fragment as Node, null)).toEqual([]);
});

it('words in a template would be found', () => {
  const { fragment } = parse('<p aria-label="Seen">{a}<b class="x">Said</b> {#if a}too{/if}</p>', {
    modern: true,
  });
  expect(literals(fragment as Node, null)).toEqual(['Seen', 'Said', 'too']);
});
