/** What checks find in the fake's places. */

import type { DoctorCheck } from '../types/DoctorCheck';
import type { DoctorFinding } from '../types/DoctorFinding';
import type { DoctorReport } from '../types/DoctorReport';
import type { LeftOut } from '../types/LeftOut';
import type { LeftOutFile } from '../types/LeftOutFile';
import type { Verified } from '../types/Verified';

const FINE: readonly DoctorCheck[] = [
  'clock',
  'key',
  'region',
  'addressing',
  'bucket',
  'marker',
  'list',
  'put',
  'head',
  'get',
  'checks_sha256',
  'repeats_sha256',
  'conditional_put',
  'multipart',
  'repeats_parts',
];

const fine = (check: DoctorCheck): DoctorFinding => ({
  check,
  outcome: 'fine',
  measured: null,
  reason: null,
});

export function examined(at: number): DoctorReport {
  return {
    at,
    findings: [
      { ...fine('endpoint'), measured: { unit: 'milliseconds', value: 12 } },
      { ...fine('tls'), outcome: 'note', measured: { unit: 'days', value: 12 } },
      ...FINE.map(fine),
      {
        ...fine('delete'),
        outcome: 'note',
        reason: { code: 'forbidden', detail: 'AccessDenied on DeleteObject', retry_at: null },
      },
      {
        ...fine('space'),
        outcome: 'problem',
        measured: { unit: 'bytes', value: 12_000_000 },
      },
    ],
  };
}

export function verified(destination: number, copies: number): Verified {
  return {
    destination,
    name: 'photos on nas',
    copies,
    right: Math.max(0, copies - 2),
    read: Math.ceil(copies / 10),
    bytes_read: copies * 400_000,
    missing: Math.min(1, copies),
    damaged: Math.min(1, copies),
    derived: 0,
    wrong: [
      {
        photo: 1,
        name: 'IMG_2041.jpg',
        key: '2019/06/IMG_2041.jpg',
        what: 'damaged',
        goes_up_again: true,
        detail: 'its bytes have the SHA-256 9f2c',
      },
      {
        photo: 2,
        name: 'IMG_2042.jpg',
        key: '2019/06/IMG_2042.jpg',
        what: 'missing',
        goes_up_again: false,
        detail: 'nothing stands under its key',
      },
    ],
    stopped: false,
    problem: null,
  };
}

export function leftOutPage(kind: LeftOut, after: number, limit: number): LeftOutFile[] {
  const all = kind === 'videos' ? 812 : 90;
  const left = Math.max(0, Math.min(limit, all - after));
  return Array.from({ length: left }, (_, index) => {
    const cursor = after + index + 1;
    return {
      path: `/home/mara/Pictures/2019/${kind === 'videos' ? `MVI_${cursor}.MP4` : `notes ${cursor}.txt`}`,
      size: 48_000_000,
      code: kind === 'videos' ? 'video' : 'not_a_photo',
      cursor,
    };
  });
}
