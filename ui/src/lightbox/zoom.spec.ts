import { describe, expect, it } from 'vitest';
import { pinch } from './pinch';
import { type Look, pan, wholeLook, zoom } from './zoom';

const photo = { width: 4000, height: 3000 };
const stage = { width: 1000, height: 800 };

describe('a photo on the stage', () => {
  it('is whole at first, and never larger than its own pixels', () => {
    expect(wholeLook(photo, stage, 1).scale).toBe(0.25);
    expect(wholeLook({ width: 64, height: 64 }, stage, 1).scale).toBe(1);
    expect(wholeLook({ width: 64, height: 64 }, stage, 0.5).scale).toBe(0.5);
  });

  it('keeps the place under the pointer when it grows', () => {
    const before: Look = { scale: 0.5, x: 40, y: -30 };
    const point = { x: 120, y: 80 };
    const after = zoom(before, 1.5, point, photo, stage, 1);
    expect((point.x - after.x) / after.scale).toBeCloseTo((point.x - before.x) / before.scale);
    expect((point.y - after.y) / after.scale).toBeCloseTo((point.y - before.y) / before.scale);
  });

  it('grows no further than shows each pixel, shrinks no further than whole', () => {
    const whole = wholeLook(photo, stage, 1);
    expect(zoom(whole, 1e6, { x: 0, y: 0 }, photo, stage, 1).scale).toBe(8);
    expect(zoom(whole, 1e-6, { x: 0, y: 0 }, photo, stage, 1).scale).toBe(whole.scale);
  });

  it('cannot be dragged off the stage', () => {
    const large: Look = { scale: 1, x: 0, y: 0 };
    expect(pan(large, { x: 1e6, y: -1e6 }, photo, stage)).toEqual({ scale: 1, x: 1500, y: -1100 });
    const small: Look = { scale: 0.1, x: 0, y: 0 };
    expect(pan(small, { x: 50, y: 50 }, photo, stage)).toEqual(small);
  });
});

it('fingers twice as far apart make the photo twice as large', () => {
  expect(pinch({ x: 10, y: 0 }, { x: 20, y: 0 }, { x: 0, y: 0 })).toEqual({
    factor: 2,
    middle: { x: 10, y: 0 },
  });
  expect(pinch({ x: 0, y: 0 }, { x: 5, y: 0 }, { x: 0, y: 0 }).factor).toBe(1);
});
