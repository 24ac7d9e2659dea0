import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { type Access, accessIn, accessOf, hashOf, newPassword, passwordsIn } from './access.ts';
import { secret } from './children/serving.ts';

const passwords = { mongodb: newPassword(), redis: newPassword() };
const operators = {
  mongodbUri:
    'mongodb://root:r%40t@a.example:27017,b.example:27018/admin?replicaSet=rs0&authSource=admin&tls=true',
  redisUrl: 'rediss://default:secret@redis.example:6380',
};
const access: Access = { ...accessOf(operators, 'acme-ordering', passwords), rotation: 'today' };

describe('the access of a context', () => {
  it('is to the servers of the operator, as a user of its own database', () =>
    equal(
      access.mongodbUri,
      `mongodb://acme-ordering:${passwords.mongodb}@a.example:27017,b.example:27018/acme-ordering?replicaSet=rs0&tls=true&authSource=acme-ordering`,
    ));
  it('is to Redis as a user of its own', () =>
    equal(access.redisUrl, `rediss://acme-ordering:${passwords.redis}@redis.example:6380`));
  it('works for servers without a password as well', () => {
    const open = { mongodbUri: 'mongodb://127.0.0.1:1/?replicaSet=rs0', redisUrl: 'redis://127.0.0.1:2' };
    match(
      accessOf(open, 'a-b', passwords).mongodbUri,
      /^mongodb:\/\/a-b:.{43}@127\.0\.0\.1:1\/a-b\?replicaSet=rs0&/,
    );
    match(accessOf(open, 'a-b', passwords).redisUrl, /^redis:\/\/a-b:.{43}@127\.0\.0\.1:2$/);
  });
  it('is read back from its Secret as it was', () => {
    const stored = accessIn(secret({ name: 'ordering', namespace: 'cadastre-acme' }, access));
    deepEqual(stored, access);
    deepEqual(stored && passwordsIn(stored), passwords);
  });
  it('is not read from half a Secret, nor passwords that are not ours', () => {
    const { data, ...half } = secret({ name: 'ordering', namespace: 'cadastre-acme' }, access);
    equal(accessIn({ ...half, data: { MONGODB_URI: data.MONGODB_URI } }), undefined);
    equal(passwordsIn({ ...access, redisUrl: 'redis://acme-ordering:guess@redis.example' }), undefined);
  });
  it('has a hash that changes with it and tells nothing', () => {
    const other = { ...access, redisUrl: `${access.redisUrl}/1` };
    notEqual(hashOf(other), hashOf(access));
    match(hashOf(access), /^[0-9a-f]{32}$/);
  });
  it('has 32 random bytes for a password', () => {
    match(newPassword(), /^[\w-]{43}$/);
    notEqual(newPassword(), newPassword());
  });
});
