import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@midjourney-api/shared/database/connect';
import { uploads } from '@midjourney-api/shared/database/schema';
import { and, eq } from 'drizzle-orm';
import { Refusal } from '../refusal.ts';

export type Upload = typeof uploads.$inferSelect;

/** The same for files with the same content, whatever they are called. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function storeUpload(db: Database | Transaction, upload: Upload): Promise<void> {
  await db.insert(uploads).values(upload);
}

/** @throws {Refusal} `not_found` when this user uploaded no such file. */
export async function findUpload(db: Database, userId: number, uploadFilename: string): Promise<Upload> {
  const [upload] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.uploadFilename, uploadFilename), eq(uploads.userId, userId)));
  if (!upload) {
    throw new Refusal(
      'not_found',
      'You have uploaded no such file. Send the upload_filename that the upload was answered with.',
    );
  }
  return upload;
}
