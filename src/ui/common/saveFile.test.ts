/** What the share sheet is offered: the file, else its zip, else nothing; and where downloads fail. */
import { unzipSync } from 'fflate';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { canShareFile, fileName, isHomeScreenApp, shareFile, shareableFile } from './saveFile';

const model = new File([Uint8Array.of(1, 2, 3)], 'LeNet.mlmodel', { type: 'application/octet-stream' });

/** A device whose share sheet takes files of these endings. */
function device(endings: readonly string[], share: () => Promise<void> = () => Promise.resolve()) {
  const canShare = ({ files }: ShareData) =>
    files!.every(({ name }) => endings.some((ending) => name.endsWith(ending)));
  vi.stubGlobal('navigator', { canShare: vi.fn(canShare), share: vi.fn(share) });
  return navigator as unknown as { canShare: ReturnType<typeof vi.fn>; share: ReturnType<typeof vi.fn> };
}

afterEach(() => vi.unstubAllGlobals());

describe('what is shared', () => {
  test('is the file as it is, where the device takes it', async () => {
    device(['.mlmodel', '.zip']);
    expect(await shareableFile(model)).toBe(model);
  });

  test('is the same in a zip archive, where the device takes only that', async () => {
    device(['.zip']);
    const shared = (await shareableFile(model))!;
    expect([shared.name, shared.type]).toEqual(['LeNet.mlmodel.zip', 'application/zip']);
    expect(unzipSync(new Uint8Array(await shared.arrayBuffer()))).toEqual({
      'LeNet.mlmodel': Uint8Array.of(1, 2, 3),
    });
  });

  test('is nothing, where the device takes neither or has no share sheet', async () => {
    device(['.png']);
    expect(await shareableFile(model)).toBeUndefined();
    vi.stubGlobal('navigator', {});
    expect(canShareFile(model)).toBe(false);
    expect(await shareableFile(model)).toBeUndefined();
  });

  test('is no zip in a zip', async () => {
    device(['.zip.zip']);
    expect(await shareableFile(new File([], 'App.swiftpm.zip'))).toBeUndefined();
  });

  test('is files only: text beside them makes some devices drop the file', async () => {
    const { canShare, share } = device(['.mlmodel']);
    expect(await shareFile((await shareableFile(model))!)).toBe(true);
    expect(share.mock.calls).toEqual([[{ files: [model] }]]);
    expect(canShare).toHaveBeenCalledWith({ files: [model] });
  });
});

test('closing the share sheet is no error, a refusal is one', async () => {
  device(['.mlmodel'], () => Promise.reject(new DOMException('closed', 'AbortError')));
  expect(await shareFile(model)).toBe(false);
  device(['.mlmodel'], () => Promise.reject(new DOMException('no', 'NotAllowedError')));
  await expect(shareFile(model)).rejects.toThrow('no');
});

test('the app knows that it runs from the home screen, as Safari and as others tell it', () => {
  const media = (matches: boolean) =>
    vi.stubGlobal('matchMedia', (query: string) => ({
      matches: matches && query === '(display-mode: standalone)',
    }));
  media(false);
  vi.stubGlobal('navigator', {});
  expect(isHomeScreenApp()).toBe(false);
  vi.stubGlobal('navigator', { standalone: true });
  expect(isHomeScreenApp()).toBe(true);
  vi.stubGlobal('navigator', { standalone: false });
  media(true);
  expect(isHomeScreenApp()).toBe(true);
});

test('file names hold nothing that a file system refuses', () => {
  expect(fileName('LeNet (MNIST) / é', '.mlmodel')).toBe('LeNet-MNIST-e.mlmodel');
  expect(fileName('手', '.mlmodel')).toBe('network.mlmodel');
});
