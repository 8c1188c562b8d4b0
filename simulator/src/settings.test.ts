import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

describe('settings from the environment', () => {
  it('are left to their defaults when nothing is set', () => {
    expect(readSettings({ SIM_PORT: '', PATH: '/bin' })).toEqual({
      botDelayMs: 100,
      lazyPictures: false,
      onePicture: false,
    });
  });

  it('are read', () => {
    expect(
      readSettings({
        SIM_HOST: '0.0.0.0',
        SIM_PORT: '8085',
        SIM_DRAW_MS: '0',
        SIM_BOT_DELAY_MS: '0',
        SIM_CHANNEL_ID: '123456',
        SIM_CONCURRENCY: '5',
      }),
    ).toEqual({
      host: '0.0.0.0',
      port: 8085,
      drawMs: 0,
      botDelayMs: 0,
      lazyPictures: false,
      onePicture: false,
      accounts: [{ channelId: '123456', concurrency: 5 }],
    });
  });

  it.each([
    ['SIM_PORT', '80.5'],
    ['SIM_PORT', '70000'],
    ['SIM_DRAW_MS', 'soon'],
    ['SIM_IMAGE_SIZE', '4'],
    ['SIM_CHANNEL_ID', 'general'],
    ['SIM_PUBLIC_URL', 'simulator:8085'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(name);
  });
});
