export { renderPreview } from './preview.ts';
export { type Picture, pictureSize, type Recipe, type Size } from './recipe.ts';
export { renderPicture } from './render.ts';
