import sharp from 'sharp';
import type { Size } from '../../pictures/pictures.ts';

type MaskForm = 'png' | 'webp';

/**
 * Reads a mask as Midjourney's editor sends it: of the picture's own size, white where it is drawn again, black where it
 * stays. @returns it as a PNG of one bit a pixel, in base64, or what is wrong with it.
 */
export async function readMask(
  base64: string,
  form: MaskForm,
  { width, height }: Size,
): Promise<{ png: string } | { wrong: string }> {
  if (base64.startsWith('data:')) return { wrong: 'the mask is base64 without a prefix' };
  const bytes = Buffer.from(base64, 'base64');
  const facts = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  if (facts?.format !== form)
    return { wrong: `the mask is no ${form}, but ${facts?.format ?? 'no picture'}` };
  if (form === 'webp' && !isLossless(bytes)) return { wrong: 'the mask is a lossy webp' };
  if (facts.width !== width || facts.height !== height) {
    return {
      wrong: `the mask has ${facts.width} × ${facts.height} pixels, the picture ${width} × ${height}`,
    };
  }
  const image = sharp(bytes);
  if (facts.hasAlpha && !(await image.stats()).isOpaque) return { wrong: 'the mask is transparent in part' };
  const pixels = await image.removeAlpha().toColourspace('srgb').raw().toBuffer();
  if (pixels.some((value) => value !== 0 && value !== 255)) return { wrong: 'the mask has greys or colours' };
  if (!pixels.includes(255)) return { wrong: 'nothing of the mask is white' };
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .greyscale()
    .png({ palette: true, colours: 2 })
    .toBuffer();
  return { png: png.toString('base64') };
}

/** Whether a WebP's pixels are in a `VP8L` chunk: at once in the simple form, behind others in the extended one. */
function isLossless(webp: Buffer): boolean {
  for (let at = 12; at + 8 <= webp.length; ) {
    const chunk = webp.toString('latin1', at, at + 4);
    if (chunk === 'VP8L') return true;
    if (chunk === 'VP8 ') return false;
    const size = webp.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return false;
}
