import { expect, it } from 'vitest';
import { filesOf } from './dropped';

const away = new Error('NotReadableError');

function file(name: string, readable = true) {
  const made = new File(['x'], name);
  const told = (done: (file: File) => void, failed: (why: Error) => void) =>
    readable ? done(made) : failed(away);
  return { name, isFile: true, isDirectory: false, file: told };
}

/** Tells two entries at a time, as browsers tell some. */
function folder(name: string, within: readonly object[], readable = true) {
  const createReader = () => {
    const left = [...within];
    return {
      readEntries: (done: (some: object[]) => void, failed: (why: Error) => void) =>
        readable ? done(left.splice(0, 2)) : failed(away),
    };
  };
  return { name, isFile: false, isDirectory: true, createReader };
}

async function dropped(...entries: readonly object[]) {
  const items = entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry }));
  const { files, unread } = await filesOf({ items } as unknown as DataTransfer);
  return { files: files.map(({ name }) => name), unread };
}

it('files in folders are found, without those that are hidden', async () => {
  const trip = folder('trip', [
    file('b'),
    file('.DS_Store'),
    folder('day', [file('c')]),
    file('d'),
  ]);
  expect(await dropped(file('a'), trip)).toEqual({ files: ['a', 'b', 'c', 'd'], unread: [] });
});

it('what cannot be read takes nothing else with it', async () => {
  const trip = folder('trip', [
    file('b', false),
    file('c'),
    folder('locked', [], false),
    file('d'),
  ]);
  expect(await dropped(trip, file('e'))).toEqual({
    files: ['c', 'd', 'e'],
    unread: ['b', 'locked'],
  });
});

it('one folder may hold very many, told at once', async () => {
  const many = new Array(130_000).fill(file('a'));
  const tells = [many, []];
  const readEntries = (done: (some: object[]) => void) => done(tells.shift() ?? []);
  const all = { ...folder('all', []), createReader: () => ({ readEntries }) };
  expect((await dropped(all)).files).toHaveLength(130_000);
});
