/** Where photos are kept safe: the form, its test, the cards. */

import type { Cause } from '../../backend/types/Cause';
import type { DestinationState } from '../../backend/types/DestinationState';
import { coarse } from '../amounts';
import type { Secret } from '../causes';
import { name, type Piece, type Sentence, say } from '../sentence';
import { ago, agreeing, bytes, duration, photos } from './amounts';

export const destinations = {
  kinds: {
    s3: 'An S3 or MinIO bucket',
    folder: 'A folder, disk or NAS',
    http: 'An imgn server or Lambda',
  },
  fields: {
    kind: 'Kind of place',
    endpoint: 'Address',
    endpointExample: 'https://minio.home:9000',
    endpointHint: 'Leave it empty for Amazon S3.',
    bucket: 'Bucket',
    folder: 'Folder',
    accessKey: 'Access key',
    secretKey: 'Secret key',
    prefix: 'Folder in the bucket',
    region: 'Region',
    pathStyle: 'Bucket in the path',
    pathStyles: {
      auto: 'As suits the address',
      path: 'Always in the path',
      host: 'Always in the host name',
    },
    profile: 'Profile of the AWS configuration',
    caFile: 'File of your own certificate authority',
    url: 'Address',
    urlExample: 'http://nas:8080',
    urlHint:
      'Where imgn-server, functions on AWS or the original imgn answer; with the stage, if there is one.',
    token: 'Token',
    tokenHint: 'The one that the server was started with, if it wants one.',
    tokenFile: 'File with the token',
    user: 'User name',
    password: 'Password',
    identityPool: 'Cognito identity pool',
    identityPoolHint:
      'Keys are lent to whoever signs in, and each keeps photos in a folder of their own.',
    userPoolClient: 'App client of the user pool',
    keyTemplate: 'How photos are named there',
    keyTemplateHint: '{year}/{month}/{filename}',
    layout: 'How photos lie there',
    layouts: {
      library: 'As an imgn library',
      original: 'Shared with an original imgn',
    },
  },
  keysNote: say`The key is kept in this system's keyring, nowhere else. Leave both empty to use a profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
  signInNote: say`The password is kept in this system's keyring, nowhere else.`,
  tokenNote: say`The token is kept in this system's keyring, nowhere else. Leave it empty where the server wants none.`,
  secretAgain: {
    key: say`The key is kept in this system's keyring, nowhere else.`,
    token: say`The token is kept in this system's keyring, nowhere else.`,
    password: say`The password is kept in this system's keyring, nowhere else.`,
  } satisfies Record<Secret, Sentence>,
  secretOfThisRun: {
    key: say`This system's keyring cannot be used: imgn knows the key until it is closed, and asks again then.`,
    token: say`This system's keyring cannot be used: imgn knows the token until it is closed, and asks again then.`,
    password: say`This system's keyring cannot be used: imgn knows the password until it is closed, and asks again then.`,
  } satisfies Record<Secret, Sentence>,
  testing: say`Asking…`,
  amazon: 'Amazon S3',
  bucketAt: (bucket: string, host: string): string => `${bucket} at ${host}`,
  bucketName: (bucket: string, host: string): string => `${bucket} on ${host}`,

  /** All is well. */
  works: (place: string, shared: boolean): Sentence =>
    shared
      ? say`Reached ${name(place)}, and everything works. An imgn library is there already: this machine will share it.`
      : say`Reached ${name(place)}, and everything works.`,
  sizeOnly: say`This store does not repeat checksums: a photo counts as safe by its size until it is read back.`,

  original: say`This is an original imgn. It cannot verify, so imgn reads each photo back before it counts as safe. It takes JPEG and PNG only, and a library cannot be rebuilt from it.`,
  shared: say`An original imgn shares this place. It takes JPEG and PNG only. A library cannot be rebuilt from it: original names, favourites and thumbnails are not kept there. It has no marker: a folder that is empty where photos were put counts as not mounted, but a bucket that was made anew looks like the place itself.`,
  server: say`This is an imgn-server: it confirms each photo's SHA-256, and makes thumbnails itself. Favourites stay in this library.`,
  functions: say`These are functions of imgn: photos go straight to their bucket, and one whose SHA-256 it does not repeat is read back before it counts as safe. Favourites stay in this library.`,
  incomplete: say`Its list may be incomplete: it shows 1,000 files at most. Photos beyond that are there, and are not seen here.`,

  /** What the test saw, in place of the form's own words. */
  problem: (code: Cause, host: string, bucket: string, skew: number, secret: Secret): Sentence => {
    const at = name(host);
    const tested = testsOf[secret][code] ?? tests[code];
    return tested
      ? tested(at, name(bucket), skew)
      : say`${at} cannot be used as it is. The details say why.`;
  },

  title: 'Where your photos are safe',
  none: say`No safe place is chosen yet. Your photos are only on this machine.`,
  card: (kept: number, size: number): Sentence => say`${photos(kept)} safe here, ${bytes(size)}`,
  /** The bucket, or the library in it, is gone, and perhaps all that was there. */
  cardOfGone: (kept: number, size: number): Sentence =>
    say`${photos(kept)} ${agreeing(kept, 'was', 'were')} safe here, ${bytes(size)}`,
  waiting: (waiting: number): Sentence => say`${photos(waiting)} on the way`,
  checked: (at: number | null, now: number): Sentence =>
    at === null ? say`Not checked yet` : say`Last checked ${ago(at, now)}`,
  states: {
    unknown: 'Not tried yet',
    ready: 'Ready',
    offline: 'Offline',
    needs_you: 'Needs you',
  } satisfies Record<DestinationState, string>,
  removeNote: say`Deletes nothing there.`,
  removed: (gone: string): Sentence =>
    say`${name(gone)} is removed from imgn. Nothing was deleted there.`,
};

type Tested = (at: Piece, bucket: Piece, skew: number) => Sentence;

/** Where a token is shown and no key. */
const tokenTests: Partial<Record<Cause, Tested>> = {
  unauthorized: (at) => say`Reached ${at}, but it refuses this token. Copy all of it again.`,
  no_credentials: (at) =>
    say`Reached ${at}, but it wants a token: the one that it was started with.`,
  forbidden: (at) => say`Reached ${at}, but it does not let imgn ask. The details say why.`,
  redirected: (at) =>
    say`${at} sends imgn to another address, and the token does not follow. Give the address that it really has.`,
  bad_settings: (at) => say`${at} cannot be used like this. The details say why.`,
  unexpected_answer: (at) =>
    say`Something answers at ${at}, but it is no imgn server. Look at the address and the port.`,
};

const tests: Partial<Record<Cause, Tested>> = {
  unreachable: (at) =>
    say`${at} does not answer. Look at the address, which begins with http:// where nothing is encrypted, and at the network.`,
  busy: (at) => say`${at} is busy. Test again in a moment.`,
  certificate: (at) =>
    say`Reached ${at}, but this machine does not trust its certificate. Give the file of your own certificate authority under More.`,
  unauthorized: (at) => say`Reached ${at}, but it refuses this key. Look at both halves of it.`,
  no_credentials: (at) => say`${at} needs a key. Type it here, or set it in the environment.`,
  forbidden: (at, bucket) =>
    say`Reached ${at}, but the key has no right to write into ${bucket}. Give it s3:PutObject, or choose another key.`,
  no_bucket: (at, bucket) => say`Reached ${at}, but there is no bucket ${bucket} yet.`,
  wrong_region: (at, bucket) =>
    say`Reached ${at}, but ${bucket} lies in another region. Give its region under More.`,
  clock_skew: (at, _bucket, skew) =>
    say`Reached ${at}, but its clock and this machine's are ${apart(skew)} apart. Set this machine's clock.`,
  redirected: (at) =>
    say`${at} sends imgn to another address, and your key does not follow. Give the address that the store really has.`,
  not_mounted: (_at, bucket) =>
    say`${bucket} is not there. Plug in or mount the disk, or choose another folder.`,
  library_gone: (at, bucket) =>
    say`Reached ${at}, but ${bucket} has no imgn library: it was emptied, made anew, or is another one.`,
  wrong_library: (_at, bucket) => say`Another library lies in ${bucket}. Choose another place.`,
  destination_full: (_at, bucket) =>
    say`${bucket} is full. Make room there, or choose another place.`,
  bad_settings: (at) =>
    say`${at} cannot be used like this. Look at the address and the bucket's name.`,
  bad_key: (at) => say`${at} does not take names made by this template. Change it under More.`,
  unexpected_answer: (at) =>
    say`Something answers at ${at}, but it does not speak S3. Look at the address and the port.`,
  folder_inside_library: (_at, bucket) =>
    say`${bucket} lies where imgn keeps its own things. Choose another folder.`,
  folder_inside_destination: (_at, bucket) =>
    say`${bucket} holds photos that are to be backed up: they would go into their own folder. Choose another one.`,
  folder_not_found: (_at, bucket) => say`${bucket} is not there. Choose another folder.`,
  no_access: (_at, bucket) =>
    say`imgn may not write or read in ${bucket}. Allow it, or choose another folder.`,
  destination_fault: (_at, bucket) =>
    say`The disk of ${bucket} reports an error of its own. Look after it, or choose another place.`,
  disk_full: () => say`This machine's disk is full. Make room, then test again.`,
};

/** Where a person signs in. */
const passwordTests: Partial<Record<Cause, Tested>> = {
  unauthorized: (at) => say`Reached ${at}, but it refuses this name or password.`,
  no_credentials: (at) => say`${at} needs a user name and a password. Type both here.`,
  forbidden: (at, bucket) =>
    say`Reached ${at}, but who signs in has no right to write into ${bucket}. The role of the identity pool has to allow it.`,
  redirected: (at) =>
    say`${at} sends imgn to another address, and your password does not follow. Give the address that the store really has.`,
};

const testsOf: Record<Secret, Partial<Record<Cause, Tested>>> = {
  key: tests,
  token: tokenTests,
  password: passwordTests,
};

function apart(seconds: number): string {
  const { value, unit } = coarse(Math.abs(seconds));
  return duration(value, unit);
}
