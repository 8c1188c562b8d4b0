import { invalidField, Refusal } from '../../commands/refusal.ts';
import { pictureUrlField } from '../v1/fields.ts';

/** A picture as clients of this dialect send it: where it is on the web, or the bytes of its file. */
export type SentPicture = { url: URL } | { bytes: Buffer };

/**
 * Reads a link, a data URL, or bare base64. What base64 does not know is left out, as decoders do: whether the bytes
 * are a picture is seen when it is uploaded.
 * @param field that it was sent in, for the refusal
 * @throws {Refusal} `invalid_request` for none of these; `too_large`, before it is decoded.
 */
export function readSentPicture(field: string, text: string, mostBytes: number): SentPicture {
  if (/^https?:/i.test(text)) {
    const link = pictureUrlField.safeParse(text);
    if (!link.success) throw invalidField(field, 'must be an http or https URL, or a picture in base64');
    return { url: new URL(link.data) };
  }
  const base64 = base64Of(field, text);
  // Four characters are three bytes; some clients break the lines.
  if (base64.length > Math.ceil(mostBytes * 1.4))
    throw new Refusal('too_large', `${field}: the picture is larger than ${mostBytes} bytes.`);
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0)
    throw invalidField(field, 'is no picture: send it as data:image/png;base64,…, or its link');
  return { bytes };
}

function base64Of(field: string, text: string): string {
  if (!/^data:/i.test(text)) return text;
  const comma = text.indexOf(',');
  if (comma > 0 && /;base64$/i.test(text.slice(0, comma).trim())) return text.slice(comma + 1);
  throw invalidField(field, 'is a data URL without base64: send it as data:image/png;base64,…');
}
