export { renderPreview } from './preview.ts';
export { type Picture, pictureSize, type Recipe } from './recipe.ts';
export { renderPicture } from './render.ts';
