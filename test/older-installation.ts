import { createConnection } from 'mysql2/promise';
import type { DatabaseAccess } from '../scripts/services/mysql.ts';

/** The table of users as the older Python installations made it. */
export const olderUsersTable = `CREATE TABLE \`user_info\` (
  \`id\`  bigint(20) NOT NULL AUTO_INCREMENT,
  \`user_name\` varchar(64) NOT NULL DEFAULT '',
  \`app_key\` varchar(64) NOT NULL DEFAULT '',
  \`token_total\` int(11) DEFAULT 0,
  \`token_use\`    int(11) DEFAULT 0,
  \`created_at\` datetime DEFAULT NULL,
  \`updated_at\` datetime DEFAULT NULL,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`uiq_user_name\` (\`user_name\`),
  UNIQUE KEY \`uiq_app_key\` (\`app_key\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`;

interface OlderUser {
  userName: string;
  /** In plain text, as it was stored. */
  appKey: string;
  tokenTotal: number;
  tokenUse: number | null;
}

/** Makes of an empty database one that an older installation has used. */
export async function createOlderInstallation(access: DatabaseAccess, users: OlderUser[]): Promise<void> {
  const { host, port, user, password, database } = access;
  const connection = await createConnection({ host, port, user, password, database });
  try {
    await connection.query(olderUsersTable);
    await connection.query('INSERT INTO user_info (user_name, app_key, token_total, token_use) VALUES ?', [
      users.map(({ userName, appKey, tokenTotal, tokenUse }) => [userName, appKey, tokenTotal, tokenUse]),
    ]);
  } finally {
    await connection.end();
  }
}
