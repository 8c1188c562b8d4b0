/** Whether a file is a video itself, not the moving picture that shows several. */
export function isVideoFile({ filename }: { filename: string }): boolean {
  return /\.mp4$/i.test(filename);
}
