import { createServer, type RequestListener } from 'node:http';
import { closeServer, listen } from '../../../test/listen.ts';

export interface PictureServer {
  /** Link to a path of it. */
  link(path: string): string;
  /** What it answers; replaced by tests that want something to go wrong. */
  answer: RequestListener;
  requests: number;
  close(): Promise<void>;
}

/** Stands where Discord's CDN is, on a real socket, and answers whatever a test wants. */
export async function startPictureServer(answer: RequestListener): Promise<PictureServer> {
  const server = createServer((request, response) => {
    pictures.requests += 1;
    pictures.answer(request, response);
  });
  const port = await listen(server);
  const pictures: PictureServer = {
    link: (path) => `http://127.0.0.1:${port}/${path}`,
    answer,
    requests: 0,
    close: () => closeServer(server),
  };
  return pictures;
}
