import { createServer, type RequestListener } from 'node:http';

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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const pictures: PictureServer = {
    link: (path) => `http://127.0.0.1:${port}/${path}`,
    answer,
    requests: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return pictures;
}
