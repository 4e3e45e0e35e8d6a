/**
 * A certificate for serving the app over https in a home network, signed by itself and made with Node alone. Browsers
 * hand out the GPU and shared memory on secure pages only, and an iPad reaches this machine by its address. It proves
 * nobody's identity: the browser says so, and the person decides. Format: RFC 5280, encoded in DER (X.690).
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

const DAY = 24 * 60 * 60 * 1000;

/** A DER value: tag, length, contents. */
function der(tag, ...contents) {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...contents) => der(0x30, ...contents);
const oid = (hex) => der(0x06, Buffer.from(hex, 'hex'));
const bits = (bytes) => der(0x03, Buffer.from([0]), bytes);
const octets = (bytes) => der(0x04, bytes);
const utcTime = (date) => der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const commonName = (text) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))));
const serverAuthentication = sequence(oid('551d25'), octets(sequence(oid('2b06010505070301'))));

/** Which names and addresses the certificate is for: subjectAltName, with dNSName as [2] and iPAddress as [7]. */
function alternativeNames(hosts) {
  const names = hosts.map((host) =>
    isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  return sequence(oid('551d11'), octets(sequence(...names)));
}

const pem = (label, bytes) => {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
};

/**
 * @param {readonly string[]} hosts names and IPv4 addresses under which the server is reached.
 * @param {Date} [now] the certificate holds from a day before, for clocks that are behind, for 90 days.
 * @returns {{ key: string, cert: string }} a fresh P-256 key and its certificate, both PEM.
 */
export function selfSignedCertificate(hosts, now = new Date()) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = commonName('Layerpad on this network');
  // Positive and not zero in its first byte, as DER wants integers.
  const serial = Buffer.concat([Buffer.from([0x4c]), randomBytes(15)]);
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    name,
    sequence(utcTime(new Date(now.getTime() - DAY)), utcTime(new Date(now.getTime() + 90 * DAY))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeNames(hosts), serverAuthentication)),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', certificate),
  };
}
