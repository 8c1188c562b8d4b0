import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../commands/refusal.ts';

interface FormLimits {
  files: number;
  /** Bytes of each file. */
  fileBytes: number;
}

/** More than any route needs. */
const mostFields = 30;
const fieldBytes = 65_536;

/**
 * Reads a multipart/form-data body for the validators that follow. The parser that Node has is made for what
 * browsers send: it refuses short boundaries, unquoted names, `filename*`, and text around the parts, which
 * RFC 7578 allows and .NET's HttpClient and others send. Any other body is left alone.
 * @throws {Refusal} 400 for a body that is no such form, 413 for a file of more than `fileBytes`.
 */
export function multipartForm(limits: FormLimits) {
  return createMiddleware(async (c, next) => {
    const contentType = c.req.header('Content-Type');
    if (isMultipart(contentType)) {
      c.req.bodyCache.formData = await readForm(c.req.raw.body, contentType, limits);
      // The validators would refuse parameters that they do not know, such as a charset.
      c.req.raw.headers.set('Content-Type', 'multipart/form-data');
    }
    await next();
  });
}

export function isMultipart(contentType: string | undefined): contentType is string {
  return /^multipart\/form-data\b/i.test(contentType ?? '');
}

async function readForm(
  body: ReadableStream | null,
  contentType: string,
  { files, fileBytes }: FormLimits,
): Promise<FormData> {
  const form = new FormData();
  const parser = createParser({
    headers: { 'content-type': contentType },
    limits: {
      files,
      fileSize: fileBytes,
      fields: mostFields,
      fieldSize: fieldBytes,
      headerPairs: 50,
      headerSize: 16_384,
    },
    isPartAFile: (_name, type, filename) =>
      filename !== undefined || /^(image\/|application\/octet-stream$)/.test(type ?? ''),
  });
  const refuse = (refusal: Refusal) => parser.destroy(refusal);
  const tooMany = (what: string) => () =>
    refuse(new Refusal('invalid_request', `The form has too many ${what}.`));

  parser.on('file', (name, file, filename, _encoding, type) => {
    const chunks: Buffer[] = [];
    file.on('data', (chunk: Buffer) => chunks.push(chunk));
    file.on('limit', () =>
      refuse(new Refusal('too_large', `The picture is larger than ${fileBytes} bytes.`)),
    );
    // The form as a whole fails too.
    file.on('error', () => {});
    file.on('end', () => form.append(name, new File(chunks, filename ?? '', { type })));
  });
  parser.on('field', (name, value, _nameIsCut, isCut) => {
    if (isCut) refuse(new Refusal('invalid_request', `${name}: is longer than ${fieldBytes} bytes.`));
    form.append(name, value);
  });
  parser.on('filesLimit', tooMany('files'));
  parser.on('fieldsLimit', tooMany('fields'));

  await pipeline(body ? Readable.fromWeb(body) : Readable.from([]), parser).catch((cause: unknown) => {
    throw cause instanceof Refusal ? cause : brokenForm(cause);
  });
  return form;
}

function createParser(config: ConstructorParameters<typeof Busboy>[0] & { headers: BusboyHeaders }) {
  try {
    return new Busboy(config);
  } catch (cause) {
    throw brokenForm(cause);
  }
}

function brokenForm(cause: unknown): Refusal {
  return new Refusal(
    'invalid_request',
    'The body is not the multipart/form-data that its Content-Type promises, or it is cut off. Let your HTTP library write the form, boundary included.',
    { cause },
  );
}
