import { connectDatabase, type DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { createMigratedDatabase } from './database.ts';

/** A migrated database of the caller's own, connected. */
export async function createProductDatabase(): Promise<DatabaseConnection> {
  const created = await createMigratedDatabase();
  const connection = connectDatabase(created);
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await created.drop();
    },
  };
}
