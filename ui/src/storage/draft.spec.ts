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

async function edited(): Promise<Draft> {
  const backend = fake(new URLSearchParams());
  const [destination] = (await backend.status()).destinations;
  if (!destination) throw new Error('the scene has a destination');
  return new Draft(backend, destination);
}

it('a place that is described anew may be kept without a test while it leads to the same', async () => {
  const draft = await edited();
  expect(draft.canSave).toBe(false);
  draft.name = ' home ';
  expect(draft.canSave).toBe(true);
  draft.keyTemplate = '{year}/{filename}';
  expect(draft.canSave).toBe(true);
  await draft.save();
  const [saved] = (await draft.backend.status()).destinations;
  expect(saved?.name).toBe('home');
  expect(saved?.config).toMatchObject({ key_template: '{year}/{filename}' });
  draft.name = '';
  expect(draft.canSave).toBe(false);
});

it('another address or another key is tested first', async () => {
  const draft = await edited();
  draft.endpoint = 'https://other.home:9000';
  expect(draft.canSave).toBe(false);
  await draft.test();
  expect(draft.canSave).toBe(true);
  draft.accessKeyId = 'A';
  draft.secretAccessKey = 'B';
  expect(draft.canSave).toBe(false);
});
