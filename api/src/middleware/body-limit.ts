import { bodyLimit as honoBodyLimit } from 'hono/body-limit';
import { Problem } from '../problems/problem.ts';

/** Refuses bodies of more than `maxBytes` with 413, before or while they are read. */
export function bodyLimit(maxBytes: number, detail = `The body is larger than ${maxBytes} bytes.`) {
  return honoBodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new Problem('too_large', detail);
    },
  });
}
