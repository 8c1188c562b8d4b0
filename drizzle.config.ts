import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'mysql',
  schema: './shared/src/database/schema.ts',
  out: './drizzle',
});
