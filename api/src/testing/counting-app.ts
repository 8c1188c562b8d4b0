import { createApp } from '../app.ts';
import type { Dependencies } from '../dependencies.ts';

/** An app that counts who listens for changes of tasks. */
export function countingApp({ changes, ...deps }: Dependencies) {
  const count = { listening: 0 };
  const app = createApp({
    ...deps,
    changes: {
      ...changes,
      listen(...listened) {
        count.listening += 1;
        const stop = changes.listen(...listened);
        return () => {
          count.listening -= 1;
          stop();
        };
      },
    },
  });
  return { app, count };
}
