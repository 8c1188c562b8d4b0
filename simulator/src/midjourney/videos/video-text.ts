/**
 * The text of a video made from a picture: the picture's own, with what a video has instead of a picture's
 * parameters at the end.
 */
export function videoEcho(echoed: string, motion: 'high' | 'low'): string {
  const [body = ''] = echoed.split(/(?:^| )--(?=\p{L})/u, 1);
  const raw = /(?:^| )--raw\b/.test(echoed) ? '--raw' : '';
  const aspect = / --(?:ar|aspect) (\S+)/.exec(echoed)?.[1] ?? '1:1';
  return [body, raw, `--motion ${motion} --video 1 --aspect ${aspect}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** What is left of a video's text for the rules of pictures. */
export function withoutVideoParameters(text: string): string {
  return text
    .replace(/(^|\s)--(?:motion|video|bs)(?:\s+(?!--)\S+)?/g, '')
    .replace(/(^|\s)--aspect(?=\s)/g, '$1--ar');
}
