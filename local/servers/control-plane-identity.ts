import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Who may do everything, and the files that tell the API server so. */
export type Identity = {
  readonly token: string;
  readonly tokenFile: string;
  /** Signs and checks the tokens of service accounts. */
  readonly signingKeyFile: string;
  readonly publicKeyFile: string;
};

/** A token, not a client certificate: Node cannot sign certificates, and openssl is one more thing to have. */
export const newIdentity = async (folder: string): Promise<Identity> => {
  const token = randomBytes(32).toString('base64url');
  const keys = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = {
    tokens: join(folder, 'tokens.csv'),
    key: join(folder, 'sa.key'),
    pub: join(folder, 'sa.pub'),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(files.tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  await writeFile(files.key, keys.privateKey, { mode: 0o600 });
  await writeFile(files.pub, keys.publicKey);
  return { token, tokenFile: files.tokens, signingKeyFile: files.key, publicKeyFile: files.pub };
};

export type Access = { readonly url: string; readonly token: string; readonly certificate: string };

export const kubeconfigOf = ({ url, token, certificate }: Access): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'spec',
        cluster: { server: url, 'certificate-authority-data': Buffer.from(certificate).toString('base64') },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'spec', context: { cluster: 'spec', user: 'admin' } }],
    'current-context': 'spec',
  });
