import { bodyLimit as honoBodyLimit } from 'hono/body-limit';
import { Problem } from '../problems/problem.ts';

/** Refuses bodies of more than `maxBytes` with 413, before or while they are read. */
export function bodyLimit(maxBytes: number, what = 'The body') {
  return honoBodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new Problem('too_large', `${what} is larger than ${maxBytes} bytes.`);
    },
  });
}
