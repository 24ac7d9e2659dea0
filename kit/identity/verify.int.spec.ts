import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT, UnsecuredJWT } from 'jose';
import { RequestRefused } from '../rest/errors.ts';
import { newSigningKey } from './signer.ts';
import { type FrontDoor, startFrontDoor, type Token } from './testing/front-door.ts';
import { identityVerifier, type VerifyIdentity } from './verify.ts';

describe('identityVerifier', () => {
  let door: FrontDoor;
  let verify: VerifyIdentity;
  beforeEach(async () => {
    door = await startFrontDoor('counting');
    verify = identityVerifier(door.issuer, 'counting');
  });
  afterEach(() => door.stop());

  const refuses = async (token: string, code = 'identity-refused') => {
    const error = await verify(token).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof RequestRefused, `${error}`);
    assert.equal(error.code, code);
    assert.ok(
      !error.message.includes(token.split('.')[1] ?? token),
      'the message shows nothing of the token',
    );
    return error;
  };

  it('says what the front door signed', async () => {
    const token = await door.sign({ user: 'ada', key: 'k1', scopes: ['counting:read'] });
    assert.deepEqual(await verify(token), {
      tenant: 'acme-1a2b3c4d',
      user: 'ada',
      key: 'k1',
      scopes: ['counting:read'],
    });
    assert.deepEqual(await verify(await door.sign()), { tenant: 'acme-1a2b3c4d', scopes: ['*'] });
  });

  it('refuses what is expired, of another issuer, for another audience or no identity', async () => {
    const cases: Token[] = [
      { expiresIn: -120 },
      { issuer: 'somebody' },
      { audience: 'ordering' },
      { tenant: 'platform' },
      { tenant: 'ACME' },
      { tenant: 7 },
      { tenant: null },
      { scopes: '*' },
      { scopes: [7] },
      { scopes: null },
    ];
    for (const one of cases) {
      const { headers } = await refuses(await door.sign(one));
      assert.equal(headers['WWW-Authenticate'], 'Bearer error="invalid_token"');
    }
  });

  it('takes what expired a moment ago by a clock that is ahead', async () => {
    assert.equal((await verify(await door.sign({ expiresIn: -60 }))).tenant, 'acme-1a2b3c4d');
  });

  it('refuses what the front door did not sign, whatever it claims', async () => {
    const forged = await newSigningKey();
    await refuses(await door.sign({ signedBy: forged }));
    const own = await door.sign();
    const kid = JSON.parse(Buffer.from(own.split('.')[0] ?? '', 'base64url').toString()).kid as string;
    await refuses(await door.sign({ signedBy: { ...forged, kid } }));
    const es256 = await newSigningKey('ES256');
    await refuses(await door.sign({ signedBy: { ...es256, kid } }));
    const claims = { tenant: 'acme-1a2b3c4d', scopes: ['*'] };
    const unsigned = new UnsecuredJWT(claims).setIssuer('cadastre-cloud').setAudience('counting');
    await refuses(unsigned.setExpirationTime('5m').encode());
    const symmetric = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).setExpirationTime('5m');
    await refuses(await symmetric.sign(new TextEncoder().encode(kid.repeat(2))));
    const [head, , signature] = own.split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, tenant: 'globex' })).toString('base64url');
    await refuses(`${head}.${other}.${signature}`);
    for (const text of ['x', 'a.b.c', `${own}x`, own.slice(0, -4)]) await refuses(text);
  });

  it('verifies a token once, and forgets it when it expires', async () => {
    const token = await door.sign({ expiresIn: -87 });
    await verify(token);
    await verify(token);
    while (
      await verify(token).then(
        () => true,
        () => false,
      )
    )
      await delay(50);
    await refuses(token);
  });

  it('reads the keys once for all who ask at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => door.sign({ user: `user-${n}` })));
    const users = await Promise.all(tokens.map(async (token) => (await verify(token)).user));
    assert.deepEqual(
      users,
      tokens.map((_, n) => `user-${n}`),
    );
    assert.equal(door.keysRead(), 1);
  });

  it('needs the front door no more for a token that it has seen', async () => {
    const token = await door.sign();
    await verify(token);
    assert.equal(door.keysRead(), 1);
    await door.rotate();
    door.goAway();
    assert.equal((await verify(token)).tenant, 'acme-1a2b3c4d');
    assert.equal(door.keysRead(), 1);
  });

  it('reads the keys again when they are rotated', async () => {
    await verify(await door.sign());
    await door.rotate();
    const token = await door.sign();
    const until = Date.now() + 10_000;
    for (;;) {
      const identity = await verify(token).catch(() => undefined);
      if (identity !== undefined) break;
      assert.ok(Date.now() < until, 'the new key is taken within 10 s');
      await delay(100);
    }
    assert.equal(door.keysRead(), 2, 'unknown keys are looked for again with a pause');
  });

  it('says that it is away, not that the token is bad, while the keys cannot be read', async () => {
    const token = await door.sign();
    door.goAway();
    const { headers } = await refuses(token, 'temporarily-unavailable');
    assert.equal(headers['Retry-After'], '2');
    door.comeBack();
    assert.equal((await verify(token)).tenant, 'acme-1a2b3c4d');
    await door.stop();
    const other = identityVerifier(door.issuer, 'counting');
    await assert.rejects(other(token), { code: 'temporarily-unavailable' });
    door = await startFrontDoor('counting');
    const nowhere = identityVerifier({ issuer: 'cadastre-cloud', jwks: 'nowhere' }, 'counting');
    await assert.rejects(nowhere(token), { code: 'temporarily-unavailable' });
  });
});
