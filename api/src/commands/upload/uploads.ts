import { z } from '@hono/zod-openapi';
import type { Database, Transaction } from '@midjourney-api/shared/database/connect';
import { uploads } from '@midjourney-api/shared/database/schema';
import { and, eq } from 'drizzle-orm';
import { Refusal } from '../refusal.ts';

export type Upload = typeof uploads.$inferSelect;

export const uploadFilenameField = z
  .string()
  .min(1)
  .max(255)
  .openapi({ example: 'b9c5a1de-5b0f-4a43-9d0a-66c9a5dca1e6/1767323045678402.png' })
  .describe('as /upload answered it');

export async function storeUpload(db: Database | Transaction, upload: Upload): Promise<void> {
  await db.insert(uploads).values(upload);
}

/** @throws {Refusal} 404 when this user uploaded no such file. */
export async function findUpload(db: Database, userId: number, uploadFilename: string): Promise<Upload> {
  const [upload] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.uploadFilename, uploadFilename), eq(uploads.userId, userId)));
  if (!upload) {
    throw new Refusal(
      'not_found',
      'You have uploaded no such file. Send the upload_filename that /upload answered.',
    );
  }
  return upload;
}
