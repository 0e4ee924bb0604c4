import { expect, it } from 'vitest';
import { Failure } from '../backend/backend';
import { fake } from '../backend/fake';
import { Draft } from './draft.svelte';

function draft(): Draft {
  const made = new Draft(fake(new URLSearchParams({ scene: 'first-run' })));
  made.endpoint = 'https://minio.home:9000';
  made.bucket = 'photos';
  return made;
}

it('what was seen working is ready, until something is typed', async () => {
  const tested = draft();
  expect(tested.ready).toBe(false);
  await tested.test();
  expect(tested.ready).toBe(true);
  tested.bucket = 'photo';
  expect(tested.ready).toBe(false);
  expect(tested.outcome).toBeNull();
});

it('an answer for what was typed before is no answer', async () => {
  const tested = draft();
  const asking = tested.test();
  tested.bucket = 'another';
  await asking;
  expect(tested.ready).toBe(false);
});

it('a bucket that is missing can be made', async () => {
  const tested = draft();
  tested.bucket = 'no-bucket';
  await tested.test();
  expect(tested.missingBucket).toBe(true);
  expect(tested.ready).toBe(false);
});

it('a question that fails is said, not thrown', async () => {
  const backend = fake(new URLSearchParams({ scene: 'first-run' }));
  backend.testDestination = () => Promise.reject(new Failure('internal', 'no'));
  const tested = new Draft(backend);
  tested.bucket = 'photos';
  await tested.test();
  expect(tested.outcome?.kind === 'failed' && tested.outcome.failure.code).toBe('internal');
});
