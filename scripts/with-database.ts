import { databaseConfig, loadConfig } from '@midjourney-api/shared/config/config';
import {
  connectDatabase,
  type Database,
  isDatabaseUnreachable,
} from '@midjourney-api/shared/database/connect';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { Complaint } from './complaint.ts';
import { dataDirectory, loadEnvironmentFile } from './environment.ts';
import { readRunFile } from './run-file.ts';

/**
 * Runs a command on the database of the copy that `npm start` runs, if one does, else on the one that the
 * environment names.
 * @throws {Complaint} when MySQL cannot be reached
 */
export async function withDatabase(command: (db: Database) => Promise<void>): Promise<void> {
  loadEnvironmentFile(process.env);
  const config = readRunFile(dataDirectory(process.env))?.db ?? databaseConfig(loadConfig(process.env));
  try {
    await migrateDatabase(config);
  } catch (error) {
    if (!isDatabaseUnreachable(error)) throw error;
    throw new Complaint(
      `MySQL cannot be reached at ${config.host}:${config.port}: start the service with "npm start", or set DB_HOST, DB_PORT, DB_USER and DB_PASSWORD`,
    );
  }
  const { db, close } = connectDatabase(config);
  try {
    await command(db);
  } finally {
    await close();
  }
}
