import { expect, it } from 'vitest';
import type { Backend } from '../backend/backend';
import { examined, verified } from '../backend/fake/checks';
import type { VerifyReport } from '../backend/types/VerifyReport';
import { Checkup, sorted } from './checkup.svelte';

function backend(verify: Backend['verify']): Backend {
  return { verify } as Backend;
}

it('a check tells how far it is, never goes back, and then its result', async () => {
  let end: (report: VerifyReport) => void = () => undefined;
  const checkup = new Checkup(
    backend(() => new Promise((resolve) => (end = resolve))),
    1,
  );
  const checked = checkup.check(10);
  checkup.moved(3, 12);
  checkup.moved(2, 12);
  expect(checkup.progress).toEqual({ done: 3, total: 12 });
  end({ destinations: [verified(1, 12)] });
  await checked;
  expect(checkup.progress).toBeNull();
  expect(checkup.result?.copies).toBe(12);
});

it('what is heard of a check that did not begin here shows nothing', () => {
  const checkup = new Checkup(
    backend(() => Promise.reject(new Error('not asked'))),
    1,
  );
  checkup.moved(3, 12);
  expect(checkup.progress).toBeNull();
});

it('a check that fails is said, and can be begun again', async () => {
  const checkup = new Checkup(
    backend(() => Promise.reject(new Error('away'))),
    1,
  );
  await checkup.check(0);
  expect(checkup.broken?.code).toBe('internal');
  expect(checkup.progress).toBeNull();
});

it('problems are said before notes, and what is fine is counted', () => {
  const { said, fine } = sorted(examined(0));
  expect(said.map((finding) => finding.outcome)).toEqual(['problem', 'note', 'note']);
  expect(fine.length).toBe(16);
});
