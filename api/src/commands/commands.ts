import type { Dependencies } from '../dependencies.ts';
import { createPreparePrompt, type PreparePrompt } from './prompts/prepare-prompt.ts';
import { createSubmit, type Submit } from './submit.ts';
import { createUpload, type UploadCommand } from './upload/upload.ts';
import { createUploadPicture, type UploadPicture } from './upload/upload-picture.ts';

/** The commands that have state (limits, ids, batches), created once for all dialects. */
export interface Commands {
  preparePrompt: PreparePrompt;
  submit: Submit;
  upload: UploadCommand;
  uploadPicture: UploadPicture;
}

export function createCommands(deps: Dependencies): Commands {
  const uploadPicture = createUploadPicture(deps);
  return {
    preparePrompt: createPreparePrompt(deps),
    submit: createSubmit(deps),
    upload: createUpload(deps, uploadPicture),
    uploadPicture,
  };
}
