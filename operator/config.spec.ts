import assert from 'node:assert/strict';
import { readOperatorConfig } from './config.ts';

const NEEDED = {
  ADMIN_PORT: '9090',
  OPERATOR_NAMESPACE: 'cadastre',
  MONGODB_URI: 'mongodb://root:secret@mongodb:27017',
  REDIS_URL: 'redis://default:secret@redis:6379',
};

describe('the settings of the operator', () => {
  it('are few that must be said, and have defaults otherwise', () => {
    assert.deepEqual(readOperatorConfig(NEEDED), {
      ...NEEDED,
      ADMIN_PORT: { port: 9090 },
      LOG_LEVEL: 'info',
      OPERATOR_LEASE: 'cadastre-operator',
      LANDSCAPE_MAP: 'cadastre-landscape',
      PROGRESS_DEADLINE_SECONDS: 180,
      IMAGE_PULL_SECRETS: [],
      METRICS_NAMESPACE: '',
    });
  });
  it('are read from text', () => {
    const { METRICS_PORT, PROGRESS_DEADLINE_SECONDS, IMAGE_PULL_SECRETS } = readOperatorConfig({
      ...NEEDED,
      METRICS_PORT: '127.0.0.1:9091',
      PROGRESS_DEADLINE_SECONDS: '30',
      IMAGE_PULL_SECRETS: 'registry, mirror,',
    });
    assert.deepEqual(METRICS_PORT, { port: 9091, host: '127.0.0.1' });
    assert.equal(PROGRESS_DEADLINE_SECONDS, 30);
    assert.deepEqual(IMAGE_PULL_SECRETS, ['registry', 'mirror']);
  });
  it('are all named at once when they are missing or wrong, without their values', () => {
    const { OPERATOR_NAMESPACE: _, ...rest } = NEEDED;
    const wrong = { ...rest, MONGODB_URI: 'postgres://root:secret@db', PROGRESS_DEADLINE_SECONDS: '1' };
    assert.throws(
      () => readOperatorConfig(wrong),
      ({ message }: Error) => {
        for (const says of [
          'OPERATOR_NAMESPACE',
          'MONGODB_URI: must start with mongodb://',
          'PROGRESS_DEADLINE_SECONDS',
        ])
          assert.ok(message.includes(says), message);
        assert.doesNotMatch(message, /secret/);
        return true;
      },
    );
  });
});
