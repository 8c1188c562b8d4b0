import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AwsV4Signer } from 'aws4fetch';
import { closeServer, listen } from './listen.ts';

export interface S3Server {
  /** Address of the bucket. */
  bucketUrl: string;
  /** Objects by their keys. */
  objects: Map<string, { bytes: Buffer; contentType: string }>;
  /** Answers everything with 503 as long as it is set. */
  away: boolean;
  close(): Promise<void>;
}

/**
 * The part of S3 that pictures need, for one bucket: PUT, GET with ranges, HEAD, DELETE and ListObjectsV2. Signatures
 * are checked with another implementation of AWS's Signature Version 4 than the one that makes them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */
export async function startS3Server(access: {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}): Promise<S3Server> {
  const objects: S3Server['objects'] = new Map();
  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    if (!(await isSigned(request, url, access))) return fail(response, 403, 'SignatureDoesNotMatch');
    if (s3.away) return fail(response, 503, 'SlowDown');
    if (url.searchParams.get('list-type') === '2')
      return list(response, url.searchParams.get('prefix') ?? '');

    const key = decodeURIComponent(url.pathname.replace(/^\/pictures\//, ''));
    if (request.method === 'PUT') {
      objects.set(key, { bytes: body, contentType: request.headers['content-type'] ?? '' });
      return response.writeHead(200, { ETag: '"1"' }).end();
    }
    if (request.method === 'DELETE') {
      objects.delete(key);
      return response.writeHead(204).end();
    }
    const object = objects.get(key);
    if (!object) return fail(response, 404, 'NoSuchKey');
    send(request, response, object.bytes);
  });

  function list(response: ServerResponse, prefix: string): void {
    const contents = [...objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`)
      .join('');
    response.writeHead(200, { 'Content-Type': 'application/xml' });
    response.end(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`,
    );
  }

  const port = await listen(server);
  const s3: S3Server = {
    bucketUrl: `http://127.0.0.1:${port}/pictures`,
    objects,
    away: false,
    close: () => closeServer(server),
  };
  return s3;
}

function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = first && last ? bytes.subarray(Number(first), Number(last) + 1) : bytes;
  response.writeHead(first ? 206 : 200, { 'Content-Length': part.length });
  response.end(request.method === 'HEAD' ? undefined : part);
}

async function isSigned(
  request: IncomingMessage,
  url: URL,
  access: { region: string; accessKeyId: string; secretAccessKey: string },
): Promise<boolean> {
  const { authorization = '' } = request.headers;
  const signedNames = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  const headers = Object.fromEntries(
    signedNames.filter((name) => name !== 'host').map((name) => [name, String(request.headers[name])]),
  );
  const signer = new AwsV4Signer({
    ...access,
    method: request.method ?? '',
    url: url.href,
    service: 's3',
    datetime: String(request.headers['x-amz-date']),
    headers,
    allHeaders: true,
  });
  const signature = await signer.signature();
  return authorization.includes(`Signature=${signature}`) && signedNames.includes('x-amz-date');
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
