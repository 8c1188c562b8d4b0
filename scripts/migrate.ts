import { databaseConfig, loadConfig } from '@midjourney-api/shared/config/config';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { endWithComplaint } from './complaint.ts';
import { loadEnvironmentFile } from './environment.ts';

/** Brings the tables of the configured database up to date: for deployments, which do it once before the rest. */
try {
  loadEnvironmentFile(process.env);
  await migrateDatabase(databaseConfig(loadConfig(process.env)));
  console.log('The database is up to date.');
} catch (error) {
  endWithComplaint(error);
}
