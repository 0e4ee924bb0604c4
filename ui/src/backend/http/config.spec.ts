import { expect, it } from 'vitest';
import { placeOf } from './config';

//  name, config, page, base, elsewhere
const cases: readonly [string, unknown, string, string, boolean][] = [
  ['none', null, 'http://nas:8080/', 'http://nas:8080/', false],
  ['below a stage', null, 'https://api.example/Prod/', 'https://api.example/Prod/', false],
  ['a file of the page', null, 'http://nas/ui/index.html?x#y', 'http://nas/ui/', false],
  [
    'elsewhere',
    { api: 'https://api.example/Prod' },
    'https://ui.example/',
    'https://api.example/Prod/',
    true,
  ],
  ['beside it', { api: '/api/' }, 'https://ui.example/a/', 'https://ui.example/api/', false],
  ['says nothing', {}, 'https://ui.example/', 'https://ui.example/', false],
  ['no text', { api: 7 }, 'https://ui.example/', 'https://ui.example/', false],
  [
    'no address of ours',
    { api: 'javascript:x' },
    'https://ui.example/',
    'https://ui.example/',
    false,
  ],
];

it.each(cases)('%s', (_, config, page, base, elsewhere) => {
  const place = placeOf(config, new URL(page));
  expect(place.base.href).toBe(base);
  expect(place.elsewhere).toBe(elsewhere);
});
