/** The home-made certificate, checked by Node's own reader and by a real handshake. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { selfSignedCertificate } from './certificate.mjs';

const hosts = ['localhost', '192.168.1.20'];

/** Serves with that certificate and connects to it as a client that trusts nothing else and checks the name. */
async function handshake(servername: string): Promise<boolean> {
  const { key, cert } = selfSignedCertificate(hosts);
  const server = createServer({ key, cert }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca: cert, servername });
  try {
    await once(socket, 'secureConnect');
    return socket.authorized;
  } finally {
    socket.destroy();
    server.close();
  }
}

describe('the certificate', () => {
  test('is signed by its own key and names every host', () => {
    const certificate = new X509Certificate(selfSignedCertificate(hosts).cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('192.168.1.20')).toBe('192.168.1.20');
    expect(certificate.checkIP('192.168.1.21')).toBeUndefined();
  });

  test('holds from a day before for 90 days', () => {
    const { cert } = selfSignedCertificate(hosts, new Date('2026-03-01T12:00:00Z'));
    const { validFrom, validTo } = new X509Certificate(cert);
    expect([new Date(validFrom).toISOString(), new Date(validTo).toISOString()]).toEqual([
      '2026-02-28T12:00:00.000Z',
      '2026-05-30T12:00:00.000Z',
    ]);
  });

  test('lets a client that trusts it connect under a name that it holds', async () => {
    await expect(handshake('localhost')).resolves.toBe(true);
  });

  test('does not let a client connect under another name', async () => {
    await expect(handshake('example.org')).rejects.toThrow(/altnames/);
  });
});
