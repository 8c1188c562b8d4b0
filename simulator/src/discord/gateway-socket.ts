import { constants, createDeflate, type Deflate } from 'node:zlib';
import type { WebSocket } from 'ws';

const syncFlushEnd = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/**
 * A client's connection. With `compress=zlib-stream` all frames go through one deflate stream, and each ends
 * with a flush: https://docs.discord.com/developers/events/gateway#transport-compression
 */
export class GatewaySocket {
  readonly #socket: WebSocket;
  readonly #deflate: Deflate | undefined;

  constructor(socket: WebSocket, compressed: boolean) {
    this.#socket = socket;
    this.#deflate = compressed ? this.#createStream() : undefined;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#deflate?.writableEnded !== true;
  }

  /** Bytes that the client has not read yet. */
  get backlog(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string): void {
    if (!this.isOpen) return;
    if (this.#deflate) this.#deflate.write(frame);
    else this.#socket.send(frame);
  }

  /** Closes once everything sent before is on its way. */
  close(code: number, reason: string): void {
    if (!this.#deflate) {
      this.#socket.close(code, reason);
      return;
    }
    this.#deflate.once('end', () => this.#socket.close(code, reason));
    this.#deflate.end();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #createStream(): Deflate {
    const deflate = createDeflate({ flush: constants.Z_SYNC_FLUSH });
    let parts: Buffer[] = [];
    deflate.on('data', (part: Buffer) => {
      parts.push(part);
      if (!part.subarray(-4).equals(syncFlushEnd)) return;
      this.#socket.send(Buffer.concat(parts));
      parts = [];
    });
    this.#socket.once('close', () => deflate.destroy());
    return deflate;
  }
}
