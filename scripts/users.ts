import { loadConfig } from '@midjourney-api/shared/config/config';
import { openPictureStore } from '../api/src/pictures/open-pictures.ts';
import { endWithComplaint } from './complaint.ts';
import { dataDirectory } from './environment.ts';
import { shellActor } from './shell-actor.ts';
import { usersProgram } from './users/program.ts';
import { withDatabase } from './with-database.ts';

usersProgram({
  withDatabase,
  openPictures: () => openPictureStore({ ...loadConfig(process.env), DATA_DIR: dataDirectory(process.env) }),
  print: (text) => process.stdout.write(text),
  actor: shellActor(),
})
  .parseAsync()
  .catch(endWithComplaint);
