import path from 'node:path';
import { inject } from 'vitest';
import type { Program } from './build-programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that `buildPrograms` has written. */
    programs: string;
  }
}

/** @returns the arguments with which Node runs the program. */
export function programArguments(name: Program): string[] {
  return ['--enable-source-maps', path.join(inject('programs'), `${name}.mjs`)];
}
