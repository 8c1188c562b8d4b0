import { databaseConfig, loadConfig } from '@midjourney-api/shared/config/config';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { endWithComplaint } from './complaint.ts';
import { loadEnvironmentFile } from './environment.ts';

/** Migrates the configured database: for deployments, which do this once before they start the rest. */
try {
  loadEnvironmentFile(process.env);
  await migrateDatabase(databaseConfig(loadConfig(process.env)));
  console.log('The database is up to date.');
} catch (error) {
  endWithComplaint(error);
}
