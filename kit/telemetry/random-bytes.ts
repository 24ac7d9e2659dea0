import { randomFillSync } from 'node:crypto';

// One call of the kernel costs as much for 4 KB as for 16 bytes: more than the rest of an id.
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** Random bytes for ids. A view of a pool: use it at once, the pool is filled again. Not for secrets. */
export const randomBytes = (length: number): Buffer => {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += length;
  return pool.subarray(used - length, used);
};
