import { z } from '@hono/zod-openapi';
import { postMessage } from '../../commands/upload/post-message.ts';
import type { Api, RouteContext } from '../app-env.ts';
import { bodyLimit, jsonBodyBytes } from '../middleware/body-limit.ts';
import { isMultipart, multipartForm } from '../middleware/multipart-form.ts';
import { fileField, framingBytes, readFile, uploadFilenameField } from '../v1/fields.ts';
import { readOnce } from '../v1/idempotency-key.ts';
import { read, readBody } from './body.ts';

/** The routes for a client's own pictures. */
export function addUploads(api: Api, context: RouteContext): void {
  const { commands, config } = context;
  const fileBytes = config.UPLOAD_LIMIT_BYTES;

  api.post(
    '/upload',
    bodyLimit(fileBytes + framingBytes, `The picture is larger than ${fileBytes} bytes.`),
    multipartForm({ files: 1, fileBytes }),
    async (c) => {
      const form = isMultipart(c.req.header('Content-Type')) ? await c.req.formData() : new FormData();
      const { file } = read(z.object({ file: fileField }), { file: form.get('file') });
      const { upload, replayed } = await commands.upload({
        bytes: await readFile(file),
        user: c.get('user'),
        requestId: c.get('requestId'),
        once: readOnce(c, '/upload'),
      });
      if (replayed) c.header('Idempotency-Replayed', 'true');
      const { id, uploadFilename, uploadUrl } = upload;
      return c.json({
        message: 'success',
        upload_filename: uploadFilename,
        upload_url: uploadUrl,
        trigger_id: id,
      });
    },
  );

  api.post('/message', bodyLimit(jsonBodyBytes), async (c) => {
    const { upload_filename } = await readBody(c, z.object({ upload_filename: uploadFilenameField }));
    const picurl = await postMessage(context, c.get('user'), upload_filename);
    return c.json({ message: 'success', picurl });
  });
}
