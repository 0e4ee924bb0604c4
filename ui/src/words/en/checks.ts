/** Checks of a place: what was gone over, what was examined. */

import type { DoctorCheck } from '../../backend/types/DoctorCheck';
import type { DoctorMeasure } from '../../backend/types/DoctorMeasure';
import type { Verified } from '../../backend/types/Verified';
import type { WrongCopy } from '../../backend/types/WrongCopy';
import { name, type Sentence, say, together } from '../sentence';
import { ago, agreeing, bytes, count, counted, photos } from './amounts';

const putAgain = (derived: number): Sentence =>
  say`${counted(derived, 'sidecar or thumbnail was', 'sidecars or thumbnails were')} missing or damaged, and ${agreeing(derived, 'is', 'are')} put here again.`;

export const checks = {
  progress: (done: number, total: number): string => `${count(done)} of ${photos(total)} checked`,
  verified: (at: number, now: number): Sentence => say`every photo gone over ${ago(at, now)}`,
  result: (checked: Verified): Sentence => {
    const { copies, right, read, bytes_read, missing, damaged, derived, stopped } = checked;
    const back = read > 0 ? say`${photos(read)} read back, ${bytes(bytes_read)}.` : null;
    const beside = derived > 0 ? putAgain(derived) : null;
    if (stopped)
      return together(
        say`Stopped. The next check begins with what this one did not reach.`,
        back,
        beside,
      );
    if (copies === 0) return say`Nothing is kept here yet.`;
    if (missing + damaged === 0)
      return together(
        say`${counted(copies, 'photo is', 'photos are')} here, and right.`,
        back,
        beside,
      );
    return together(
      say`${count(right)} of ${photos(copies)} right, ${count(missing)} missing, ${count(damaged)} damaged.`,
      back,
      beside,
    );
  },
  wrong: (copy: WrongCopy): Sentence => {
    const happened =
      copy.what === 'missing'
        ? say`${name(copy.name)} is not there any more.`
        : say`${name(copy.name)} is damaged there.`;
    return together(
      happened,
      copy.goes_up_again
        ? say`It goes up again by itself.`
        : say`No file here has its bytes. If you have another copy, put it into a watched folder.`,
    );
  },
  more: (left: number): Sentence => say`and ${photos(left)} more`,

  examining: say`Examining…`,
  examined: (at: number, now: number): Sentence => say`Examined ${ago(at, now)}`,
  well: (fine: number): Sentence => say`${counted(fine, 'check is', 'checks are')} fine`,
  titles: {
    endpoint: 'Connection',
    tls: 'Encryption',
    clock: 'Clock',
    key: 'Key',
    region: 'Region',
    addressing: 'Address of the bucket',
    bucket: 'Bucket',
    marker: 'Library',
    list: 'Right to list',
    put: 'Right to write',
    head: 'Right to look',
    get: 'Right to read',
    delete: 'Right to delete',
    checks_sha256: 'Damage on the way is refused',
    repeats_sha256: 'The store repeats checksums',
    conditional_put: 'Nothing is replaced',
    multipart: 'Large photos go up in parts',
    repeats_parts: 'The store repeats checksums of parts',
    lists_parts: 'List of parts',
    conditional_multipart: 'Nothing is replaced by parts',
    presigned_get: 'Links to read',
    presigned_put: 'Links to write',
    cors: 'Web pages',
    mounted: 'The folder is there',
    writable: 'Writing and reading back',
    space: 'Room',
    exclusive: 'Nothing is replaced',
    durable: 'What is written stays',
    case: 'Capitals in names',
    times: 'Times of files',
    same_disk: 'Apart from your photos',
  } satisfies Record<DoctorCheck, string>,
  /** Photos are safe; this is worth knowing. */
  note: (check: DoctorCheck, measured: DoctorMeasure | null): Sentence => {
    switch (check) {
      case 'tls':
        return measured?.unit === 'days'
          ? say`The certificate ends in ${counted(measured.value, 'day', 'days')}. After that nothing goes up. Renew it at the store.`
          : say`Nothing is encrypted on the way, so others on the network can see your photos. At home that may be fine; elsewhere use https.`;
      case 'clock':
        return say`The clocks of this machine and the store differ. Photos go up all the same. Set the clock that is wrong.`;
      case 'space':
        return say`Only ${measured?.unit === 'bytes' ? bytes(measured.value) : '…'} are free. When it is full, photos wait. Make room there.`;
      case 'same_disk':
        return say`This place is on the same disk as ${name(measured?.unit === 'text' ? measured.value : '…')}. When that disk fails, both are gone. Add another place.`;
      case 'delete':
        return say`The key has no right to delete. imgn never deletes a photo there; only its own small probes stay. There is nothing to do.`;
      case 'repeats_sha256':
      case 'repeats_parts':
        if (measured?.unit === 'text')
          return say`The store repeats whatever checksum it is told, also of other bytes. So a photo counts as safe by its size until it is read back. Check this place, and read back everything.`;
        return say`A photo counts as safe by its size until it is read back. Check this place, and read back everything.`;
      case 'conditional_put':
      case 'conditional_multipart':
        return say`The store would replace an object. imgn looks first whether a name is free. Let no two machines write there at once.`;
      case 'presigned_get':
        return say`Links to photos do not work there. Photos go up all the same.`;
      case 'times':
        return say`The disk keeps times only coarsely. The photos are whole, and imgn keeps the exact times beside them.`;
      default:
        return say`The store does without this. imgn sees to it itself; there is nothing to do.`;
    }
  },
  /** Photos cannot be kept there, or not safely; null: the cause says it all. */
  problem: (check: DoctorCheck, measured: DoctorMeasure | null): Sentence | null => {
    switch (check) {
      case 'region':
        return measured?.unit === 'text'
          ? say`The bucket lies in ${name(measured.value)}. Nothing goes up. Remove this place and add it again with that region; nothing is deleted there.`
          : null;
      case 'addressing':
        return say`The store wants the bucket in another part of its address. Nothing goes up. Remove this place and add it again, with the other choice under More; nothing is deleted there.`;
      case 'space':
        return measured?.unit === 'bytes'
          ? say`Only ${bytes(measured.value)} are free. Photos wait. Make room there.`
          : null;
      case 'clock':
        return say`The clocks of this machine and the store differ too much, so the store refuses everything. Set this machine's clock.`;
      case 'list':
        return say`The key has no right to list. Photos go up, but those that are there already are not recognised. Give it s3:ListBucket.`;
      case 'put':
        return say`The key has no right to write. Nothing goes up. Give it s3:PutObject.`;
      case 'head':
      case 'get':
        return say`The key has no right to read. Photos go up, but cannot be checked or brought back. Give it s3:GetObject.`;
      case 'multipart':
        return say`Photos cannot go up in parts, so large ones wait. Give the key s3:PutObject and s3:AbortMultipartUpload; if it has them, the store cannot do this.`;
      case 'exclusive':
        return say`A file cannot be put there without replacing another. Nothing goes up. Choose another disk.`;
      case 'durable':
        return say`What is written may not survive a power cut. Look at the disk or the share.`;
      default:
        return null;
    }
  },
};
