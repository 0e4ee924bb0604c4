import { expect, it } from 'vitest';
import { Failure } from '../backend/backend';
import { Attempt } from './attempt.svelte';

it('says why it was in vain until it is tried again', async () => {
  const attempt = new Attempt();
  expect(await attempt.to(() => Promise.reject(new Failure('disk_full', 'no room')))).toBe(false);
  expect(attempt.broken?.code).toBe('disk_full');
  expect(await attempt.to(async () => expect(attempt.broken).toBe(null))).toBe(true);
  expect(attempt.broken).toBe(null);
});
